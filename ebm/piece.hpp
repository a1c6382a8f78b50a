#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "phase.hpp"

/// A local rule as data: phases, and the pieces that are written of them.
///
/// A cell sees the signal on its row and the signal on its column in one phase after another, and
/// nothing else. A signal is a function of one unit alone, so that no piece can carry what another
/// unit does. The rule's change of a weight is Σ over its pieces of scale · mean over examples of
/// row signal · column signal.
namespace ohmlab::ebm {

/// One unit as its line sees it in one phase.
struct UnitView {
  float activity = 0;
};

/// What a unit puts on its line. Locality by signature: nothing of another unit is passed.
using Signal = float (*)(const UnitView& unit) noexcept;

/// The activity itself; needs no copy.
[[nodiscard]] inline float activity(const UnitView& unit) noexcept { return unit.activity; }

/// One outer product that an update writes.
struct Piece {
  std::size_t phase = 0;  ///< number of the phase whose signals it is made of
  Signal row = activity, column = activity;
  double scale = 1;
};

/// What a rule asks the trainer to do in each update.
struct Recipe {
  std::vector<Phase> phases;
  std::vector<Piece> pieces;
  std::int64_t chains = 0;  ///< of phases that start at chains; 0: one for each example of a batch
};

}  // namespace ohmlab::ebm
