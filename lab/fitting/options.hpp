#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"

namespace ohmlab::fitting {

/// The meaning of a column of a file of measurements.
enum class ColumnMeaning { ramps, devices };
constexpr std::array<std::string_view, 2> enum_names(ColumnMeaning) { return {"ramps", "devices"}; }

/// The numbers of a file.
enum class Quantity { conductance, current, normalised };
constexpr std::array<std::string_view, 3> enum_names(Quantity) {
  return {"conductance", "current", "normalised"};
}

/// What a fit of measured pulses can be told.
struct FitOptions {
  static constexpr std::string_view name = "fit";
  static constexpr std::string_view summary =
      "Fits pulse models to measured reads after each pulse, compares them and writes a preset.";
  static constexpr std::string_view equation =
      "w(k) = w(k-1) + step(w(k-1)) + noise of the step, read(k) = w(k) + noise of the read; the "
      "innovations of a Kalman filter over their deviation are least, each with Huber's loss";
  static constexpr std::string_view source =
      "filter: Kalman, J. Basic Eng. 82, 35 (1960); loss: Huber, Ann. Math. Stat. 35, 73 (1964); "
      "choice: Akaike, IEEE Trans. Autom. Control 19, 716 (1974), Schwarz, Ann. Stat. 6, 461 "
      "(1978); intervals from groups: Liang & Zeger, Biometrika 73, 13 (1986)";

  std::vector<std::string> models{"all"};
  std::vector<std::string> up, down;
  std::string signs;
  ColumnMeaning columns = ColumnMeaning::ramps;
  Quantity values = Quantity::conductance;
  std::optional<double> read_voltage, low, high, saturated_low, saturated_high;
  std::int64_t hold_back = 5, nodes = 6, bootstrap = 0, seed = 1;
  double outlier = 3;
  static constexpr auto fields = core::Fields{
      core::field("models", &FitOptions::models,
                  "kinds of pulse models to fit; \"all\": every one that can be fitted"),
      core::field("up", &FitOptions::up,
                  "files, columns (by name or number) or FILE:COLUMN whose pulses go up"),
      core::field("down", &FitOptions::down, "the same for pulses that go down"),
      core::field("signs", &FitOptions::signs,
                  "column of each file with the sign of the pulse before each read: above 0 up, "
                  "below 0 down, 0 none"),
      core::field("columns", &FitOptions::columns,
                  "whether columns are ramps of one device or single devices"),
      core::field("values", &FitOptions::values,
                  "the numbers of the files: conductance in S, current in A, or a state without "
                  "unit that is w unless low and high are set"),
      core::field("read_voltage", &FitOptions::read_voltage, "V", core::between(-100, 100),
                  "voltage of the reads; the files then hold currents"),
      core::field("low", &FitOptions::low, "", core::between(-1e9, 1e9),
                  "conductance in S, or normalised value, that is w = -1; the lowest of the data "
                  "unless set"),
      core::field("high", &FitOptions::high, "", core::between(-1e9, 1e9), "the same for w = +1"),
      core::field("saturated_low", &FitOptions::saturated_low, "", core::between(-1e9, 1e9),
                  "value in the files below or at which the instrument saturates; such reads are "
                  "left out"),
      core::field("saturated_high", &FitOptions::saturated_high, "", core::between(-1e9, 1e9),
                  "value in the files above or at which the instrument saturates"),
      core::field("hold_back", &FitOptions::hold_back, "", core::between(0, 1000),
                  "every so many ramps, one is kept out of the fit and predicted; 0: none"),
      core::field("nodes", &FitOptions::nodes, "", core::between(2, 40),
                  "nodes of piecewise_step and states of measured_table, in each direction"),
      core::field("bootstrap", &FitOptions::bootstrap, "", core::between(0, 100'000),
                  "fits to ramps drawn anew, for intervals beside those of the covariance"),
      core::field("seed", &FitOptions::seed, "", core::at_least(0), "seed of the bootstrap"),
      core::field("outlier", &FitOptions::outlier, "", core::above(0.5),
                  "standard deviations above which a read counts linearly, not squared"),
  };
  [[nodiscard]] std::string problem() const {
    if (low && high && *low >= *high) return "expected low below high";
    if (read_voltage && *read_voltage == 0) return "expected a read_voltage that is not 0";
    if (read_voltage && values == Quantity::normalised)
      return "expected currents or conductances with a read_voltage, not normalised values";
    if (values == Quantity::current && !read_voltage)
      return "expected a read_voltage, by which currents become conductances";
    return "";
  }
};

}  // namespace ohmlab::fitting
