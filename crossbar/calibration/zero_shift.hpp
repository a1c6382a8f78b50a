#pragma once

#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../cell_groups.hpp"

namespace ohmlab::crossbar {

/// Zero shifting: pulses up and down in turn take every cell to its symmetry point, where both move
/// it as far. What is read there is written into the fixed cells, so that the symmetry point counts
/// as zero.
///
/// The two ends of the last pairs are averaged: a cell never stands still, but goes to and fro by a
/// step. Soft bounds close in on the symmetry point by (1 - step/bound)^2 a pair. What is left is
/// half a step times (u - d)/(u + d), u and d the slopes of upward and downward steps over w.
struct ZeroShift {
  static constexpr std::string_view name = "zero_shift";
  static constexpr std::string_view summary =
      "Pulses up and down in turn, until cells are at their symmetry points; what is read there is "
      "written into the fixed cells and counts as zero.";
  static constexpr std::string_view equation =
      "`pairs` times one pulse up, one down on all cells; reference = mean reading after both "
      "pulses of the last `average` pairs, written with the programming error; value = w - "
      "reference";
  static constexpr std::string_view source = "Kim et al., arXiv 1907.10228 (abstract read)";
  static constexpr bool moves = true;
  std::int64_t pairs = 1000;
  std::int64_t average = 1;
  std::int64_t every = 0;
  static constexpr auto fields = core::Fields{
      core::field("pairs", &ZeroShift::pairs, "", core::between(1, 1 << 20),
                  "pairs of pulses, one up and one down"),
      core::field("average", &ZeroShift::average, "", core::between(1, 1 << 20),
                  "last pairs whose readings are averaged; each reads all rows twice"),
      core::field(
          "every", &ZeroShift::every, "", core::at_least(0),
          "changes of the weights after which hidden groups are calibrated again; 0: never"),
  };
  [[nodiscard]] std::string problem() const {
    return average > pairs ? "expected `average` up to `pairs`" : "";
  }

  /// True if hidden groups are calibrated again after so many changes.
  [[nodiscard]] bool due(std::uint64_t changes) const noexcept {
    return every > 0 && changes % static_cast<std::uint64_t>(every) == 0;
  }
  void calibrate(CellGroups& cells, std::size_t group) const {
    cells.set_reference(group, core::Matrix::Zero(cells.rows(), cells.cols()));
    core::Matrix sum = core::Matrix::Zero(cells.rows(), cells.cols());
    for (std::int64_t pair = 0; pair < pairs; ++pair) {
      for (const bool up : {true, false}) {
        cells.pulse_all(group, up);
        if (pair < pairs - average) continue;
        for (Index row = 0; row < cells.rows(); ++row) sum.row(row) += cells.read_row(group, row);
        const auto n = static_cast<double>(sum.size());
        cells.post({.added = n, .read = n, .written = n});
      }
    }
    cells.set_reference(group, sum / static_cast<float>(2 * average));
  }
};

}  // namespace ohmlab::crossbar
