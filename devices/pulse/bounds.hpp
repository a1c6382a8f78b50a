#pragma once

#include <algorithm>
#include <utility>

#include "../../core/simd.hpp"
#include "../columns.hpp"

namespace ohmlab::devices {

/// The hard bounds of a cell, in columns 2 and 3 of its parameters.
struct Bounds {
  enum BoundColumn { upper = 2, lower = 3 };

  /// Limits a cell's range to states from `lowest`, e.g. the state of zero conductance.
  template <int n>
  static void limit(Columns<float, n>& cell, float lowest) noexcept {
    cell[lower] = std::max(cell[lower], lowest);
    cell[upper] = std::max(cell[upper], cell[lower]);
  }
  template <int n>
  [[nodiscard]] static bool at_bound(const Columns<float, n>& cell, float w) noexcept {
    return w >= cell[upper] || w <= cell[lower];
  }
  /// Lower and upper bound of a cell.
  template <int n>
  [[nodiscard]] static std::pair<double, double> range(const Columns<float, n>& cell) noexcept {
    return {static_cast<double>(cell[lower]), static_cast<double>(cell[upper])};
  }
  template <core::FloatPack V, int n>
  [[nodiscard]] OHMLAB_INLINE static V clip(const Columns<V, n>& cell, V w) noexcept {
    return core::max(cell[lower], core::min(cell[upper], w));
  }
  /// Keeps a step within the cell's bounds. A cell that has drifted beyond a bound is not pulled
  /// back: its present state is the bound until pulses bring it back.
  template <core::FloatPack V, int n>
  [[nodiscard]] OHMLAB_INLINE static V hold(const Columns<V, n>& cell, V from, V to) noexcept {
    return core::max(core::min(cell[lower], from), core::min(core::max(cell[upper], from), to));
  }
  /// The same as `hold`, in double.
  template <int n>
  [[nodiscard]] static double held(const Columns<float, n>& cell, double from, double to) noexcept {
    return std::max(std::min(static_cast<double>(cell[lower]), from),
                    std::min(std::max(static_cast<double>(cell[upper]), from), to));
  }
};

}  // namespace ohmlab::devices
