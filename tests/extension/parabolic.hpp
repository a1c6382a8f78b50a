#pragma once

#include <algorithm>
#include <string_view>

#include "step_spread.hpp"

namespace ohmlab::devices {

/// The step falls with the square of the distance to the bound. An example of docs/adding.md.
struct ParabolicStep : StepSpread {
  static constexpr std::string_view name = "parabolic";
  static constexpr std::string_view summary =
      "The step shrinks with the square of the distance to the bound that it moves towards.";
  static constexpr std::string_view equation = "w <- clip(w ± step (1 - w/bound)^2)";
  static constexpr std::string_view source = "an example; no device is known to follow it";
  static constexpr auto fields = StepSpread::fields;

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> is_up,
                                     V xi) const noexcept {
    const V size = core::select(is_up, cell[up], V(-cell[down]));
    const V bound = core::select(is_up, cell[upper], cell[lower]);
    const V left = core::max(V(number<V>(1) - w / bound), number<V>(0));
    return hold(cell, w, V(w + size * (left * left + number<V>(dw_min_std) * xi)));
  }
  [[nodiscard]] static double change(const Columns<float, columns>& cell, double w,
                                     bool is_up) noexcept {
    const auto bound = static_cast<double>(is_up ? cell[upper] : cell[lower]);
    const double left = std::max(0.0, 1 - w / bound);
    return left * left * (is_up ? static_cast<double>(cell[up]) : -static_cast<double>(cell[down]));
  }
};

}  // namespace ohmlab::devices
