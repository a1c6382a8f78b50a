#pragma once

#include <algorithm>
#include <utility>

#include "../columns.hpp"

namespace ohmlab::devices {

/// Hard bounds of a cell's state in its first two columns, for models with further columns behind.
template <int count>
struct CellBounds {
  static constexpr int columns = count;
  static constexpr int lower = 0, upper = 1;
  using Cell = Columns<float, columns>;

  /// Limits a cell's range to states from `lowest`, e.g. the state of zero conductance.
  static void limit(Cell& cell, float lowest) noexcept {
    cell[lower] = std::max(cell[lower], lowest);
    cell[upper] = std::max(cell[upper], cell[lower]);
  }
  [[nodiscard]] static bool at_bound(const Cell& cell, float w) noexcept {
    return w >= cell[upper] || w <= cell[lower];
  }
  /// Lower and upper bound of a cell.
  [[nodiscard]] static std::pair<double, double> range(const Cell& cell) noexcept {
    return {static_cast<double>(cell[lower]), static_cast<double>(cell[upper])};
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE static V clip(const Columns<V, columns>& cell, V w) noexcept {
    return core::max(cell[lower], core::min(cell[upper], w));
  }
  /// Keeps a step within the cell's bounds. A cell that has drifted beyond a bound is not pulled
  /// back: its present state is the bound until pulses bring it back.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE static V hold(const Columns<V, columns>& cell, V from,
                                            V to) noexcept {
    return core::max(core::min(cell[lower], from), core::min(core::max(cell[upper], from), to));
  }
  /// The same as `hold`, in double.
  [[nodiscard]] static double held(const Cell& cell, double from, double to) noexcept {
    const auto [low, high] = range(cell);
    return std::max(std::min(low, from), std::min(std::max(high, from), to));
  }
};

}  // namespace ohmlab::devices
