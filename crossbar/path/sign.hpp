#pragma once

#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "transfer.hpp"

namespace ohmlab::crossbar {

/// The Manhattan rule: one pulse, or a fixed number of them, in the direction of the change.
struct SignPath : OneGroup, NoMemory {
  static constexpr std::string_view name = "sign";
  static constexpr std::string_view summary =
      "Every cell gets the same number of pulses in the direction of its change, whatever its "
      "size.";
  static constexpr std::string_view equation =
      "w <- w + pulses sign(change) where |change| > dead_zone step; one row after another";
  static constexpr std::string_view source =
      "Manhattan rule: Peterson & Hartman, Neural Networks 2, 475 (1989), from memory; on "
      "resistive cells: "
      "Ernoult, Grollier & Querlioz, Sci. Rep. 9, 1851 (2019) (there \"Cst\")";
  std::int64_t pulses = 1;
  double dead_zone = 0;
  static constexpr auto fields = core::Fields{
      core::field("pulses", &SignPath::pulses, "", core::between(1, 64),
                  "pulses on each cell whose change is not zero"),
      core::field("dead_zone", &SignPath::dead_zone, "", core::at_least(0),
                  "size of a change, in mean steps of a cell, up to which a cell gets no pulse"),
  };

  static constexpr bool reads_rows = false;
  [[nodiscard]] double memory_bits(double rows, double cols) const {
    return rows * cols * path_bits;
  }

  void write(const Change& change, CellGroups& cells, Memory&) const {
    core::Matrix sum = core::Matrix::Zero(cells.rows(), cells.cols());
    cells.add(change, sum);
    const auto n = static_cast<double>(sum.size());
    cells.post({.added = n, .read = n});
    const auto zone = static_cast<float>(dead_zone * cells.granularity());
    const auto each = static_cast<float>(pulses);
    cells.step_rows(0, 0, sum.unaryExpr([&](float value) {
      return value > zone ? each : value < -zone ? -each : 0.0F;
    }));
  }
};

}  // namespace ohmlab::crossbar
