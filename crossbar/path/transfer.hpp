#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

#include "../../core/archive.hpp"
#include "../../core/fields.hpp"
#include "../cell_groups.hpp"

namespace ohmlab::crossbar {

/// When a path moves rows of one group of cells on to another. A *change* is one change of all
/// weights, i.e. one mini-batch.
struct TransferSchedule {
  std::int64_t changes_per_transfer = 1;
  std::int64_t rows_per_transfer = 1;
  double transfer_rate = 1;
  static constexpr auto fields = core::Fields{
      core::field("changes_per_transfer", &TransferSchedule::changes_per_transfer, "",
                  core::between(1, 1 << 30), "changes of the weights between two transfers"),
      core::field("rows_per_transfer", &TransferSchedule::rows_per_transfer, "",
                  core::between(1, 1 << 20), "rows that a transfer reads and moves on"),
      core::field("transfer_rate", &TransferSchedule::transfer_rate, "", core::above(0),
                  "factor of what is read before it is moved on"),
  };
};

/// The place in a cycle of transfers through all rows.
struct TransferCursor {
  std::uint64_t changes = 0;
  Index next = 0;  ///< row that is next

  /// Calls move(row) for the rows that are due after one more change.
  template <class Move>
  void advance(std::uint64_t changes_per_transfer, std::int64_t rows_per_transfer, Index rows,
               const Move& move) {
    if (++changes % changes_per_transfer != 0) return;
    for (std::int64_t k = 0; k < rows_per_transfer; ++k) {
      const Index row = next;
      next = (next + 1) % rows;
      move(row);
    }
  }
  void state(core::Archive& archive) {
    archive.item("changes", changes);
    archive.item("next", next);
  }
};

/// Whole steps in `value`, at most `most` of either sign; what is left stays in `value`.
[[nodiscard]] inline float take_steps(float& value, float step, float most) noexcept {
  const float steps = std::clamp(std::trunc(value / step), -most, most);
  value -= steps * step;
  return steps;
}

}  // namespace ohmlab::crossbar
