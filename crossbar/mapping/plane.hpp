#pragma once

#include <algorithm>
#include <cstdint>

namespace ohmlab::crossbar {

/// One plane of pulsed cells, one cell per weight.
struct MappedPlane {
  double coefficient;    ///< factor of its states in the weights
  double target;         ///< change of the programmed state by a weight of 1
  double direction;      ///< +1 or -1: sign of its change by a positive update
  double rest = 0;       ///< state that is programmed for a weight of 0
  bool one_way = false;  ///< true if it is pulsed upwards only, and never programmed below `rest`

  /// State that is programmed for a weight.
  template <class Real>
  [[nodiscard]] constexpr Real state(Real weight) const noexcept {
    const Real moved = static_cast<Real>(target) * weight;
    return static_cast<Real>(rest) + (one_way ? std::max(Real{0}, moved) : moved);
  }
};

/// Refresh of pairs of cells that are pulsed one way.
struct Refresh {
  double full;         ///< state above which a pair is refreshed
  std::int64_t every;  ///< changes of the weights from one check to the next

  [[nodiscard]] bool due(std::uint64_t changes) const noexcept {
    return changes % static_cast<std::uint64_t>(every) == 0;
  }
};

}  // namespace ohmlab::crossbar
