#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>

#include "../../core/fields.hpp"
#include "../spread.hpp"
#include "step_spread.hpp"

namespace ohmlab::devices {

/// The step falls exponentially, to zero at the bound that the pulse moves towards:
///
///     up: up q(1 - w/w_max),  down: down q(1 - w/w_min),  q(x) = (e^(gamma x) - 1)/(e^gamma - 1)
///
/// With a small gamma it is that of soft bounds. `exp_step` cannot express it: there, the constant
/// part of a step is positive. Noise is as for soft_bounds. The family of Wu et al. is stated for
/// w_max = -w_min.
struct ExponentialResponse : StepSpread {
  static constexpr std::string_view name = "exponential_response";
  static constexpr std::string_view summary =
      "The step falls exponentially to zero at the bound that the pulse moves towards.";
  static constexpr std::string_view equation =
      "up: w <- clip(w + up q(1 - w/w_max) + noise), down: w <- clip(w - down q(1 - w/w_min) - "
      "noise), q(x) = (e^(gamma x) - 1)/(e^gamma - 1)";
  static constexpr std::string_view source = "Wu et al., arXiv 2502.06309";

  double gamma = 1;
  Spread gamma_spread;
  CycleNoise cycle = CycleNoise::additive;
  static constexpr auto fields = core::joined(
      StepSpread::fields,
      core::Fields{core::field("gamma", &ExponentialResponse::gamma, "", core::between(0.01, 40),
                               "rate at which the step falls with the state"),
                   core::field("gamma_spread", &ExponentialResponse::gamma_spread,
                               "spread of gamma over devices; a cell's own is held above 0.01"),
                   core::field("cycle", &ExponentialResponse::cycle,
                               "scale of cycle-to-cycle noise: the step at w = 0 or at w")});

  enum GammaColumn { rate = StepSpread::columns, scale };  ///< gamma, 1/(e^gamma - 1)
  static constexpr int columns = StepSpread::columns + 2;
  static constexpr int normals = StepSpread::normals + 1;

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> draw(const Normals<V>& xi) const noexcept {
    auto cell = draw_steps<columns>(xi);
    const V own = core::abs(gamma_spread.of(gamma, xi[4]));
    cell[rate] = core::min(core::max(own, number<V>(0.01)), number<V>(40));
    cell[scale] = number<V>(1) / (core::exp(cell[rate]) - number<V>(1));
    return cell;
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> is_up,
                                     V xi) const noexcept {
    const V size = core::select(is_up, cell[up], V(-cell[down]));
    const V bound = core::select(is_up, cell[upper], cell[lower]);
    const V x = core::max(V(number<V>(1) - w / bound), number<V>(0));
    const V left = (core::exp(V(cell[rate] * x)) - number<V>(1)) * cell[scale];
    const V noise = number<V>(dw_min_std) * xi;
    const V moved = cycle == CycleNoise::additive ? V(size * (left + noise))
                                                  : V(size * left * (number<V>(1) + noise));
    return hold(cell, w, V(w + moved));
  }
  /// Mean step of a pulse at w. It is not added to w, so that no digit is lost.
  [[nodiscard]] static double change(const Columns<float, columns>& cell, double w,
                                     bool is_up) noexcept {
    const auto bound = static_cast<double>(is_up ? cell[upper] : cell[lower]);
    const double x = std::max(0.0, 1 - w / bound);
    const double left =
        std::expm1(static_cast<double>(cell[rate]) * x) * static_cast<double>(cell[scale]);
    return left * (is_up ? static_cast<double>(cell[up]) : -static_cast<double>(cell[down]));
  }
};

}  // namespace ohmlab::devices
