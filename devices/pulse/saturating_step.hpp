#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>

#include "../../core/fields.hpp"
#include "../spread.hpp"
#include "step_spread.hpp"

namespace ohmlab::devices {

/// The step falls exponentially along the range R = w_max - w_min of the cell, to a step above zero
/// at the bound that the pulse moves towards. x is the share of the range already passed: (w -
/// w_min)/R upwards, (w_max - w)/R downwards.
///
///     dw = (R/beta) ln(1 + (beta size/R) e^(beta (1/2 - x)))
///
/// It is the solution of dw/dt = c e^(-beta x) over the width of the pulse, so that one long pulse
/// moves a cell as far as several short ones. dw_min is a small step in the middle of the range;
/// R (e^(beta/2) - e^(-beta/2))/(beta dw_min) pulses cross it. Noise is as for soft_bounds.
struct SaturatingStep : StepSpread {
  static constexpr std::string_view name = "saturating_step";
  static constexpr std::string_view summary =
      "The step falls exponentially along the range, and is not zero at its end. dw_min is a small "
      "step in the middle of the range.";
  static constexpr std::string_view equation =
      "w <- clip(w ± ((R/beta) ln(1 + (beta size/R) e^(beta (1/2 - x))) + noise)), x: share of the "
      "range R that is passed";
  static constexpr std::string_view source =
      "Querlioz et al., IEEE Trans. Nanotechnol. 12, 288 (2013); for pulses of any width: Ernoult, "
      "Grollier & Querlioz, Sci. Rep. 9, 1851 (2019)";

  double beta = 3;
  Spread beta_spread;
  CycleNoise cycle = CycleNoise::additive;
  static constexpr auto fields = core::joined(
      StepSpread::fields,
      core::Fields{core::field("beta", &SaturatingStep::beta, "", core::between(0.001, 40),
                               "logarithm of the ratio of the first small step to the last one"),
                   core::field("beta_spread", &SaturatingStep::beta_spread,
                               "spread of beta over devices; a cell's own is held above 0.001"),
                   core::field("cycle", &SaturatingStep::cycle,
                               "scale of cycle-to-cycle noise: the step at w = 0 or at w")});

  enum RateColumn { rate = StepSpread::columns };  ///< beta
  static constexpr int columns = StepSpread::columns + 1;
  static constexpr int normals = StepSpread::normals + 1;

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> draw(const Normals<V>& xi) const noexcept {
    auto cell = draw_steps<columns>(xi);
    const V own = core::abs(beta_spread.of(beta, xi[4]));
    cell[rate] = core::min(core::max(own, number<V>(0.001)), number<V>(40));
    return cell;
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> is_up,
                                     V xi) const noexcept {
    const V one = number<V>(1);
    const V size = core::select(is_up, cell[up], V(-cell[down]));
    const V range = cell[upper] - cell[lower];
    const V passed = core::select(is_up, V(w - cell[lower]), V(cell[upper] - w)) / range;
    const V per_step = cell[rate] / range;
    const V y = per_step * core::abs(size) * core::exp(V(cell[rate] * (number<V>(0.5) - passed)));
    // ln(1 + y) to the last digits of a small y: Goldberg, ACM Comput. Surv. 23, 5 (1991), thm. 4
    const V sum = one + y;
    const V inexact = V(core::log(sum) * y) / core::max(V(sum - one), number<V>(1e-30));
    const V far = core::select(core::less(one, sum), inexact, y) / per_step;
    const V noise = number<V>(dw_min_std) * xi;
    const V mean = core::select(is_up, far, V(-far));
    const V moved =
        cycle == CycleNoise::additive ? V(mean + size * noise) : V(mean * (one + noise));
    return hold(cell, w, V(w + moved));
  }
  /// Mean step of a pulse at w. It is not added to w, so that no digit is lost.
  [[nodiscard]] static double change(const Columns<float, columns>& cell, double w,
                                     bool is_up) noexcept {
    const auto of = [&](int c) { return static_cast<double>(cell[c]); };
    const double range = of(upper) - of(lower), per_step = of(rate) / range;
    const double passed = (is_up ? w - of(lower) : of(upper) - w) / range;
    const double far =
        std::log1p(per_step * of(is_up ? up : down) * std::exp(of(rate) * (0.5 - passed))) /
        per_step;
    return is_up ? far : -far;
  }
};

}  // namespace ohmlab::devices
