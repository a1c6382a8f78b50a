#pragma once

#include <algorithm>
#include <string_view>

#include "../../core/fields.hpp"
#include "../spread.hpp"
#include "step_spread.hpp"

namespace ohmlab::devices {

/// The step falls linearly with the state. With gamma = 1 it falls to zero at the bound (soft
/// bounds), with gamma = 0 it is constant. Slopes count from the cell's own bound or from the mean
/// bound.
///
/// No step is below zero: with gamma above 1, a cell stops before its bound.
struct LinearStep : StepSpread {
  static constexpr std::string_view name = "linear_step";
  static constexpr std::string_view summary =
      "The step falls linearly with the state, by a slope of its own in either direction.";
  static constexpr std::string_view equation =
      "up: w <- clip(w + up (1 - gamma_up w/w_max) + noise), down: w <- clip(w - down (1 - "
      "gamma_down w/w_min) - noise); noise = step dw_min_std xi, step at w = 0 (additive) or at w "
      "(multiplicative)";
  static constexpr std::string_view source =
      "Rasch et al., arXiv 2104.02184; Fusi & Abbott, Nat. Neurosci. 10, 485 (2007)";

  double gamma_up = 0.05, gamma_down = 0.05;
  Spread gamma_up_spread, gamma_down_spread;
  bool mean_bound = false;
  CycleNoise cycle = CycleNoise::additive;
  static constexpr auto fields = core::joined(
      StepSpread::fields,
      core::Fields{
          core::field("gamma_up", &LinearStep::gamma_up, "", core::at_least(0),
                      "share of the upward step at w = 0 that is lost at the upper bound"),
          core::field("gamma_up_spread", &LinearStep::gamma_up_spread,
                      "spread of gamma_up over devices; its sign is dropped"),
          core::field("gamma_down", &LinearStep::gamma_down, "", core::at_least(0),
                      "share of the downward step at w = 0 that is lost at the lower bound"),
          core::field("gamma_down_spread", &LinearStep::gamma_down_spread,
                      "spread of gamma_down over devices; its sign is dropped"),
          core::field("mean_bound", &LinearStep::mean_bound,
                      "whether slopes count from the mean bound of all devices, not from the "
                      "cell's own"),
          core::field("cycle", &LinearStep::cycle,
                      "scale of cycle-to-cycle noise: the step at w = 0 or at w")});

  enum SlopeColumn { slope_up = StepSpread::columns, slope_down };
  static constexpr int columns = StepSpread::columns + 2;
  static constexpr int normals = StepSpread::normals + 2;

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> draw(const Normals<V>& xi) const noexcept {
    auto cell = draw_steps<columns>(xi);
    const V one = number<V>(1);
    cell[slope_up] = core::abs(gamma_up_spread.of(gamma_up, xi[4])) *
                     (mean_bound ? V(cell[upper] / number<V>(w_max)) : one);
    cell[slope_down] = core::abs(gamma_down_spread.of(gamma_down, xi[5])) *
                       (mean_bound ? V(cell[lower] / number<V>(w_min)) : one);
    return cell;
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> is_up,
                                     V xi) const noexcept {
    const V size = core::select(is_up, cell[up], V(-cell[down]));
    // Quotients do not change from pulse to pulse: the compiler forms them once.
    const V slope =
        core::select(is_up, V(cell[slope_up] / cell[upper]), V(cell[slope_down] / cell[lower]));
    const V left = core::max(V(number<V>(1) - w * slope), number<V>(0));
    const V noise = number<V>(dw_min_std) * xi;
    const V moved = cycle == CycleNoise::additive ? V(size * (left + noise))
                                                  : V(size * left * (number<V>(1) + noise));
    return hold(cell, w, V(w + moved));
  }
  /// Mean step of a pulse at w. It is not added to w, so that no digit is lost.
  [[nodiscard]] static double change(const Columns<float, columns>& cell, double w,
                                     bool is_up) noexcept {
    const auto bound = static_cast<double>(is_up ? cell[upper] : cell[lower]);
    const auto slope = static_cast<double>(is_up ? cell[slope_up] : cell[slope_down]);
    const double left = std::max(0.0, 1 - slope * w / bound);
    return left * (is_up ? static_cast<double>(cell[up]) : -static_cast<double>(cell[down]));
  }
};

}  // namespace ohmlab::devices
