#pragma once

#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "transfer.hpp"

namespace ohmlab::crossbar {

/// Mixed precision: changes add up in digital memory; whole steps are written, row by row.
struct MixedPrecisionPath : OneGroup {
  static constexpr std::string_view name = "mixed_precision";
  static constexpr std::string_view summary =
      "Changes are computed and added up in digital memory; whole steps of it are written, row by "
      "row, without reading back.";
  static constexpr std::string_view equation =
      "chi <- chi + change; every changes_per_write: n = trunc(chi/(threshold step)) up to "
      "most_steps, w <- w + n pulses, chi <- chi - n threshold step";
  static constexpr std::string_view source = "Nandakumar et al., Front. Neurosci. 14, 406 (2020)";
  std::int64_t changes_per_write = 1;
  double threshold = 1;
  std::int64_t most_steps = 31;
  static constexpr auto fields = core::Fields{
      core::field("changes_per_write", &MixedPrecisionPath::changes_per_write, "",
                  core::between(1, 1 << 30), "changes of the weights between two writes"),
      core::field("threshold", &MixedPrecisionPath::threshold, "", core::above(0),
                  "content of the memory that makes one pulse, in mean steps of a cell"),
      core::field("most_steps", &MixedPrecisionPath::most_steps, "", core::between(1, 64),
                  "most pulses on one cell in one write; the rest waits in the memory"),
  };

  struct Memory {
    std::uint64_t changes = 0;
    core::Matrix sum;
    void state(core::Archive& archive) {
      archive.item("changes", changes);
      archive.item("sum", sum);
    }
  };
  static constexpr bool reads_rows = false;
  [[nodiscard]] Memory start(const core::Matrix& programmed) const {
    const core::Matrix zero = core::Matrix::Zero(programmed.rows(), programmed.cols());
    return {0, zero};
  }
  [[nodiscard]] double memory_bits(double rows, double cols) const {
    return rows * cols * path_bits;
  }

  void write(const Change& change, CellGroups& cells, Memory& memory) const {
    cells.add(change, memory.sum);
    if (++memory.changes % static_cast<std::uint64_t>(changes_per_write) != 0) return;
    const auto step = static_cast<float>(threshold * cells.granularity());
    const auto n = static_cast<double>(memory.sum.size());
    cells.post({.multiplied = n, .added = n, .read = n, .written = n});
    core::Matrix steps(cells.rows(), cells.cols());
    for (Index k = 0; k < steps.size(); ++k)
      steps.data()[k] = take_steps(memory.sum.data()[k], step, static_cast<float>(most_steps));
    cells.step_rows(0, 0, steps);
  }
};

}  // namespace ohmlab::crossbar
