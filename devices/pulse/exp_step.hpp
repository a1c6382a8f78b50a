#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>

#include "../../core/fields.hpp"
#include "../spread.hpp"
#include "step_spread.hpp"

namespace ohmlab::devices {

/// The step depends exponentially on the state:
///
///     z = 2 a (w - origin)/(w_max - w_min) + b
///     up:   dw =  up   max(1 - amplitude_up   exp( gamma_up   z), 0)
///     down: dw = -down max(1 - amplitude_down exp(-gamma_down z), 0)
///
/// with the step and the bounds of the cell. Cycle-to-cycle noise depends on the state:
/// its standard deviation is dw_min_std (|dw| + noise_add + noise_slope |w - origin|).
///
/// `origin` is the zero of the paper's state. A paper whose w runs from 0 to 2 has origin = -1
/// here.
///
/// CAUTION: pulsers plan with the mean of the steps up and down at the origin. The simulator that
/// published this form takes the downward step twice there (its code, not its documentation).
struct ExpStep : StepSpread {
  static constexpr std::string_view name = "exp_step";
  static constexpr std::string_view summary =
      "The step depends exponentially on the state, with noise that may grow with the state.";
  static constexpr std::string_view equation =
      "w <- clip(w + dw + noise), dw = up max(1 - amplitude_up e^(gamma_up z), 0) or -down max(1 - "
      "amplitude_down e^(-gamma_down z), 0), z = 2 a (w - origin)/(w_max - w_min) + b; noise = +- "
      "dw_min_std (|dw| + noise_add + noise_slope |w - origin|) xi";
  static constexpr std::string_view source =
      "Gong et al., Nat. Commun. 9, 2102 (2018); Rasch et al., arXiv 2104.02184; noise: "
      "Nandakumar et al., Front. Neurosci. 14, 406 (2020)";

  double amplitude_up = 0.00081, amplitude_down = 0.36833;
  double gamma_up = 12.44625, gamma_down = 12.78785;
  double a = 0.244, b = 0.2425;
  Spread amplitude_up_spread, amplitude_down_spread, gamma_up_spread, gamma_down_spread, a_spread,
      b_spread;
  double origin = 0;
  double noise_add = 0, noise_slope = 0;
  static constexpr auto fields = core::joined(
      StepSpread::fields,
      core::Fields{
          core::field("amplitude_up", &ExpStep::amplitude_up, "", core::any,
                      "weight of the exponential in upward steps"),
          core::field("amplitude_up_spread", &ExpStep::amplitude_up_spread,
                      "spread of amplitude_up over devices"),
          core::field("amplitude_down", &ExpStep::amplitude_down, "", core::any,
                      "weight of the exponential in downward steps"),
          core::field("amplitude_down_spread", &ExpStep::amplitude_down_spread,
                      "spread of amplitude_down over devices"),
          core::field("gamma_up", &ExpStep::gamma_up, "", core::any,
                      "rate of the exponential in upward steps"),
          core::field("gamma_up_spread", &ExpStep::gamma_up_spread,
                      "spread of gamma_up over devices"),
          core::field("gamma_down", &ExpStep::gamma_down, "", core::any,
                      "rate of the exponential in downward steps"),
          core::field("gamma_down_spread", &ExpStep::gamma_down_spread,
                      "spread of gamma_down over devices"),
          core::field("a", &ExpStep::a, "", core::any, "slope of z over w, per half range"),
          core::field("a_spread", &ExpStep::a_spread, "spread of a over devices"),
          core::field("b", &ExpStep::b, "", core::any, "z at w = origin"),
          core::field("b_spread", &ExpStep::b_spread, "spread of b over devices"),
          core::field("origin", &ExpStep::origin, "", core::between(-10, 10),
                      "w at which the published state is 0"),
          core::field("noise_add", &ExpStep::noise_add, "", core::at_least(0),
                      "noise of a step beside its share of the step, in units of w and dw_min_std"),
          core::field("noise_slope", &ExpStep::noise_slope, "", core::at_least(0),
                      "growth of the noise of a step with the distance from origin, in units of "
                      "dw_min_std")});

  /// A step is up (1 - scale_up e^(rate_up w)), or down (1 - scale_down e^(rate_down w)).
  enum ExpColumn { scale_up = StepSpread::columns, scale_down, rate_up, rate_down };
  static constexpr int columns = StepSpread::columns + 4;
  static constexpr int normals = StepSpread::normals + 6;

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> draw(const Normals<V>& xi) const noexcept {
    auto cell = draw_steps<columns>(xi);
    const V slope = number<V>(2) * a_spread.of(a, xi[8]) / (cell[upper] - cell[lower]);
    const V z_0 = b_spread.of(b, xi[9]) - slope * number<V>(origin);  // z at w = 0
    const V g_up = gamma_up_spread.of(gamma_up, xi[6]);
    const V g_down = gamma_down_spread.of(gamma_down, xi[7]);
    cell[scale_up] = amplitude_up_spread.of(amplitude_up, xi[4]) * core::exp(V(g_up * z_0));
    cell[scale_down] =
        amplitude_down_spread.of(amplitude_down, xi[5]) * core::exp(V(-g_down * z_0));
    cell[rate_up] = g_up * slope;
    cell[rate_down] = -g_down * slope;
    return cell;
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> is_up,
                                     V xi) const noexcept {
    const V size = core::select(is_up, cell[up], cell[down]);
    const V scale = core::select(is_up, cell[scale_up], cell[scale_down]);
    const V rate = core::select(is_up, cell[rate_up], cell[rate_down]);
    const V dw = size * core::max(number<V>(0), V(number<V>(1) - scale * core::exp(V(rate * w))));
    V spread = dw;
    if (noise_add != 0 || noise_slope != 0) {
      spread += number<V>(noise_add) + number<V>(noise_slope) * core::abs(V(w - number<V>(origin)));
    }
    const V moved = dw + number<V>(dw_min_std) * spread * xi;
    return hold(cell, w, V(w + core::select(is_up, moved, V(-moved))));
  }
  /// Mean step of a pulse at w. It is not added to w, so that no digit is lost.
  [[nodiscard]] static double change(const Columns<float, columns>& cell, double w,
                                     bool is_up) noexcept {
    const auto of = [&](int c) { return static_cast<double>(cell[c]); };
    if (is_up) return of(up) * std::max(1 - of(scale_up) * std::exp(of(rate_up) * w), 0.0);
    return -of(down) * std::max(1 - of(scale_down) * std::exp(of(rate_down) * w), 0.0);
  }
  /// The mean of the steps up and down at the origin.
  [[nodiscard]] double granularity() const noexcept {
    const double rise = mean_up() * std::max(1 - amplitude_up * std::exp(gamma_up * b), 0.0);
    const double fall = mean_down() * std::max(1 - amplitude_down * std::exp(-gamma_down * b), 0.0);
    return (rise + fall) / 2;
  }
};

}  // namespace ohmlab::devices
