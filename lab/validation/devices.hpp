#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "validation.hpp"

/// Presets of devices, sampled and compared with the formulas of their papers.
namespace ohmlab::validation {

/// What is compared. Deviations are standard deviations over cells. States are in w.
enum class CellQuantity {
  programming_error,
  left,
  left_deviation,
  read_noise,
  step_up,
  step_down,
  step_deviation,
  write_noise,
  upper_bound,
  upper_deviation,
  lower_bound,
  lower_deviation,
  symmetry_point,
  states,
  faulty
};
constexpr std::array<std::string_view, 15> enum_names(CellQuantity) {
  return {"programming_error", "left",        "left_deviation",
          "read_noise",        "step_up",     "step_down",
          "step_deviation",    "write_noise", "upper_bound",
          "upper_deviation",   "lower_bound", "lower_deviation",
          "symmetry_point",    "states",      "faulty"};
}

/// One value that follows from the published formulas of a device.
struct DeviceCheck {
  std::string preset;
  CellQuantity quantity = CellQuantity::states;
  std::optional<double> state, conductance;
  double age = 0, value = 0, rounding = 0;
  std::string source;

  static constexpr auto fields = core::Fields{
      core::field("preset", &DeviceCheck::preset, "name in configs/devices", core::Need::required),
      core::field("quantity", &DeviceCheck::quantity,
                  "programming_error: S, of cells written to `conductance`; left, left_deviation: "
                  "of conductance after `age`, as a share of the written one; read_noise: of one "
                  "read, as a share of the conductance at `age`; step_up, step_down: mean of one "
                  "pulse at `state`; step_deviation: of one pulse upwards; write_noise: of the "
                  "state that reads see after a pulse of no step; upper_bound, lower_bound: mean "
                  "over cells; symmetry_point, states: of the mean cell; faulty: share of cells",
                  core::Need::required),
      core::field("state", &DeviceCheck::state, "", core::any,
                  "state w before the pulse; 0 unless given"),
      core::field("conductance", &DeviceCheck::conductance, "S", core::at_least(0),
                  "conductance that is written"),
      core::field("age", &DeviceCheck::age, "s", core::at_least(0), "time since the write"),
      core::field("value", &DeviceCheck::value, "", core::any, "value by the published formula, SI",
                  core::Need::required),
      core::field("rounding", &DeviceCheck::rounding, "", core::at_least(0),
                  "largest error of `value` by its rounding or its derivation"),
      core::field("source", &DeviceCheck::source, "formula, with its paper", core::Need::required),
  };
  [[nodiscard]] std::string problem() const;
};

struct DeviceChecks {
  std::vector<DeviceCheck> checks;
  static constexpr auto fields = core::Fields{
      core::field("checks", &DeviceChecks::checks, "published values", core::Need::required),
  };
};

/// `configs/validation/devices.toml`, or another file.
/// \throws core::UserError for a preset that does not exist
[[nodiscard]] DeviceChecks load_device_checks(const std::filesystem::path& file = {});

/// Names of the presets in the folder of the installed ones, sorted.
[[nodiscard]] std::vector<std::string> device_presets();

/// A value of sampled cells with its standard error; 0 for values of the mean cell.
struct MeasuredCells {
  double value = 0, error = 0;
};

/// Measures one quantity on 65,536 cells of a preset.
[[nodiscard]] MeasuredCells measure(const DeviceCheck& check, std::uint64_t seed);

/// Distance from the published value beyond its rounding, in standard errors; infinite for a value
/// of the mean cell that is off.
[[nodiscard]] double sigmas(const DeviceCheck& check, const MeasuredCells& measured) noexcept;

/// All checks; a preset holds if each is within 4.9 standard errors, which chance exceeds once in a
/// million.
[[nodiscard]] Validation validate_devices(const DeviceChecks& checks);

}  // namespace ohmlab::validation
