#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "phase.hpp"

/// A local rule as data: phases and pieces.
///
/// A cell sees only the signals on its row and its column, phase after phase. A signal is a
/// function of one unit alone, so that no piece can carry the state of another unit. The change of
/// a weight is Σ over pieces of scale · mean over examples of row signal · column signal.
namespace ohmlab::ebm {

/// One unit as its line sees it in one phase.
struct UnitView {
  float activity = 0;
};

/// Signal of a unit on its line. Locality by signature: only one unit is passed.
using Signal = float (*)(const UnitView& unit) noexcept;

/// The activity itself; needs no copy.
[[nodiscard]] inline float activity(const UnitView& unit) noexcept { return unit.activity; }

/// One outer product that an update writes.
struct Piece {
  std::size_t phase = 0;  ///< number of the phase that gives the signals
  Signal row = activity, column = activity;
  double scale = 1;
};

/// Phases and pieces of one update, as a rule asks for them.
struct Recipe {
  std::vector<Phase> phases;
  std::vector<Piece> pieces;
  std::int64_t chains = 0;  ///< number of persistent chains; 0: one per example of a batch
  std::int64_t copies = 1;  ///< chains that every phase runs for each example of a batch
};

}  // namespace ohmlab::ebm
