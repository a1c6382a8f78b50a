#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
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
  float error = 0;   ///< difference from its prediction, where dynamics form one
  float offset = 0;  ///< moving mean of its own activity, where a rule centres its units
  /// Declared scalars of its layer, the same for all units; see Activity.
  float positive = 0, gain = 0;
  /// Weight of the label shown: a scalar of the label layer, broadcast to all units.
  float share = 1;
};

/// Signal of a unit on its line. Locality by signature: only one unit is passed.
using Signal = float (*)(const UnitView& unit) noexcept;

/// The activity itself; needs no copy.
[[nodiscard]] inline float activity(const UnitView& unit) noexcept { return unit.activity; }
[[nodiscard]] inline float squared(const UnitView& unit) noexcept {
  return unit.activity * unit.activity;
}
[[nodiscard]] inline float one(const UnitView&) noexcept { return 1; }
[[nodiscard]] inline float error(const UnitView& unit) noexcept { return unit.error; }
[[nodiscard]] inline float centred(const UnitView& unit) noexcept {
  return unit.activity - unit.offset;
}
/// Derivatives of ln p and of -ln(1 - p) by the unit's field, p of its layer's goodness.
[[nodiscard]] inline float more_goodness(const UnitView& unit) noexcept {
  return (1 - unit.positive) * unit.gain * unit.activity;
}
[[nodiscard]] inline float less_goodness(const UnitView& unit) noexcept {
  return unit.positive * unit.gain * unit.activity;
}
/// The activity as the label shown counts.
[[nodiscard]] inline float weighed(const UnitView& unit) noexcept {
  return unit.activity * unit.share;
}

/// One outer product that an update writes.
struct Piece {
  std::size_t phase = 0;  ///< number of the phase that gives the signals
  Signal row = activity, column = activity;
  double scale = 1;
  bool biases = true;  ///< true if biases change by scale · mean column signal
};

/// Adds scale · ∂(-½ (v_row - v_col)²)/∂g of one phase, in which cells see their voltage drops:
/// v_row v_col - v_row²/2 - v_col²/2.
inline void add_drops(std::size_t phase, double scale, std::vector<Piece>& to) {
  to.push_back({.phase = phase, .scale = scale});
  to.push_back(
      {.phase = phase, .row = squared, .column = one, .scale = -scale / 2, .biases = false});
  to.push_back(
      {.phase = phase, .row = one, .column = squared, .scale = -scale / 2, .biases = false});
}

/// Offsets of units, which `centred` signals are counted from: offset += sliding · (mean − offset)
/// before each update, with the mean of a unit over examples and over some phases.
struct Offsets {
  double sliding = 0;               ///< share of an offset that an update replaces
  std::vector<std::size_t> phases;  ///< numbers of the phases that the means are over
};

/// Phases and pieces of one update, as a rule asks for them.
struct Recipe {
  std::vector<Phase> phases;
  std::vector<Piece> pieces;
  std::int64_t chains = 0;  ///< number of persistent chains; 0: one per example of a batch
  std::int64_t copies = 1;  ///< chains that every phase runs for each example of a batch
  /// True if one fair coin an update turns the signs of all nudges and scales.
  bool random_sign = false;
  std::optional<Offsets> offsets;  ///< none: no signal is centred
  /// Times that an update runs all phases and writes all pieces; from the second time on, phases go
  /// on from the states that they had.
  std::int64_t turns = 1;
};

}  // namespace ohmlab::ebm
