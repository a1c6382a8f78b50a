#pragma once

#include <algorithm>
#include <string_view>

#include "../../core/fields.hpp"
#include "step_spread.hpp"

namespace ohmlab::devices {

/// The step falls linearly to zero at the bound that the pulse moves towards.
struct SoftBounds : StepSpread {
  static constexpr std::string_view name = "soft_bounds";
  static constexpr std::string_view summary =
      "The step shrinks linearly to zero at the bound that the pulse moves towards.";
  static constexpr std::string_view equation =
      "up: w <- clip(w + up (1 - w/w_max) + noise), down: w <- clip(w - down (1 - w/w_min) - "
      "noise); noise = step dw_min_std xi, step at w = 0 (additive) or at w (multiplicative)";
  static constexpr std::string_view source =
      "Fusi & Abbott, Nat. Neurosci. 10, 485 (2007); Rasch et al., arXiv 2104.02184";

  CycleNoise cycle = CycleNoise::additive;
  static constexpr auto fields = core::joined(
      StepSpread::fields,
      core::Fields{core::field("cycle", &SoftBounds::cycle,
                               "scale of cycle-to-cycle noise: the step at w = 0 or at w")});

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> is_up,
                                     V xi) const noexcept {
    const V size = core::select(is_up, cell[up], V(-cell[down]));
    // Reciprocals do not change from pulse to pulse: the compiler forms them once.
    const V per_bound =
        core::select(is_up, V(number<V>(1) / cell[upper]), V(number<V>(1) / cell[lower]));
    const V left = core::max(V(number<V>(1) - w * per_bound), number<V>(0));
    const V noise = number<V>(dw_min_std) * xi;
    const V moved = cycle == CycleNoise::additive ? V(size * (left + noise))
                                                  : V(size * left * (number<V>(1) + noise));
    return hold(cell, w, V(w + moved));
  }
  /// Mean step of a pulse at w. It is not added to w, so that no digit is lost.
  [[nodiscard]] static double change(const Columns<float, columns>& cell, double w,
                                     bool is_up) noexcept {
    const auto bound = static_cast<double>(is_up ? cell[upper] : cell[lower]);
    const double left = std::max(0.0, 1 - w / bound);
    return left * (is_up ? static_cast<double>(cell[up]) : -static_cast<double>(cell[down]));
  }
};

}  // namespace ohmlab::devices
