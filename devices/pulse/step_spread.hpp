#pragma once

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

#include "../../core/fields.hpp"
#include "../columns.hpp"
#include "../normals.hpp"
#include "../number.hpp"
#include "bounds.hpp"

namespace ohmlab::devices {

/// Law of the step of a device: a normal or a lognormal multiple of the mean step.
enum class SpreadLaw { normal, lognormal };
constexpr std::array<std::string_view, 2> enum_names(SpreadLaw) { return {"normal", "lognormal"}; }

/// Scale of cycle-to-cycle noise: the step at w = 0 (additive) or at the present w.
enum class CycleNoise { additive, multiplicative };
constexpr std::array<std::string_view, 2> enum_names(CycleNoise) {
  return {"additive", "multiplicative"};
}

/// Parameters and device-to-device draws that all step-like pulse responses share (Gokmen & Vlasov,
/// Front. Neurosci. 10, 333 (2016); Rasch et al., arXiv 2104.02184). Spreads are relative standard
/// deviations.
///
///     gain = 1 + dw_min_dtod ξ1  (or exp(dw_min_dtod ξ1));  r = up_down_dtod ξ2
///     up = |gain + min(up_down, 0) + r| dw_min,  down = |gain - max(up_down, 0) - r| dw_min
///     w_max' = |w_max (1 + w_max_dtod ξ3)|,  w_min' = -|w_min (1 + w_min_dtod ξ4)|
///
/// If the device has a state of zero conductance, ranges end there.
///
/// CAUTION: up_down > 0 weakens the downward step and up_down < 0 the upward one; neither
/// strengthens the other. Published presets use this form.
struct StepSpread : Bounds {
  double dw_min = 0.001;
  double dw_min_dtod = 0.3;
  SpreadLaw dw_min_law = SpreadLaw::normal;
  double dw_min_std = 0.3;
  double up_down = 0;
  double up_down_dtod = 0.01;
  double w_max = 1, w_max_dtod = 0.3;
  double w_min = -1, w_min_dtod = 0.3;
  double write_noise_std = 0;
  static constexpr auto fields = core::Fields{
      core::field("dw_min", &StepSpread::dw_min, "", core::above(0),
                  "mean step of one pulse at w = 0"),
      core::field("dw_min_dtod", &StepSpread::dw_min_dtod, "", core::at_least(0),
                  "spread of the step over devices"),
      core::field("dw_min_law", &StepSpread::dw_min_law, "law of the spread of the step"),
      core::field("dw_min_std", &StepSpread::dw_min_std, "", core::at_least(0),
                  "noise of a step from cycle to cycle, relative to the step"),
      core::field("up_down", &StepSpread::up_down, "", core::between(-1, 1),
                  "asymmetry: above 0 weakens downward steps by this share, below 0 upward ones"),
      core::field("up_down_dtod", &StepSpread::up_down_dtod, "", core::at_least(0),
                  "spread of the asymmetry"),
      core::field("w_max", &StepSpread::w_max, "", core::above(0), "mean upper bound of w"),
      core::field("w_max_dtod", &StepSpread::w_max_dtod, "", core::at_least(0),
                  "spread of the upper bound over devices"),
      core::field("w_min", &StepSpread::w_min, "", core::Range{.high = 0, .high_open = true},
                  "mean lower bound of w"),
      core::field("w_min_dtod", &StepSpread::w_min_dtod, "", core::at_least(0),
                  "spread of the lower bound over devices"),
      core::field(
          "write_noise_std", &StepSpread::write_noise_std, "", core::at_least(0),
          "error of the state that reads see after a write, in units of dw_min; redrawn with "
          "each write"),
  };

  /// Models with more parameters add columns behind these, and draw them from further normals.
  enum Column { up, down };
  static constexpr int columns = 4;
  static constexpr int normals = 4;

  /// A cell's own steps and bounds, from its standard normals.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> draw(const Normals<V>& xi) const noexcept {
    const V one = number<V>(1);
    const V gain = dw_min_law == SpreadLaw::normal ? V(one + number<V>(dw_min_dtod) * xi[0])
                                                   : core::exp(V(number<V>(dw_min_dtod) * xi[0]));
    const V r = number<V>(up_down_dtod) * xi[1];
    return {{core::abs(V(gain + number<V>(up_down < 0 ? up_down : 0) + r)) * number<V>(dw_min),
             core::abs(V(gain - number<V>(up_down > 0 ? up_down : 0) - r)) * number<V>(dw_min),
             core::abs(V(number<V>(w_max) * (one + number<V>(w_max_dtod) * xi[2]))),
             -core::abs(V(number<V>(w_min) * (one + number<V>(w_min_dtod) * xi[3])))}};
  }
  /// The same in the first columns of a model with more of them.
  template <int n, core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, n> draw_steps(const Normals<V>& xi) const noexcept {
    const Columns<V, columns> steps = draw(xi);
    Columns<V, n> out;
    for (int c = 0; c < columns; ++c) out[c] = steps[c];
    return out;
  }
  /// Steps of the mean device, before they depend on the state.
  [[nodiscard]] double mean_up() const noexcept { return (1 + std::min(up_down, 0.0)) * dw_min; }
  [[nodiscard]] double mean_down() const noexcept { return (1 - std::max(up_down, 0.0)) * dw_min; }
  /// Number of mean steps from bound to bound.
  template <int n>
  [[nodiscard]] std::optional<double> states(const Columns<float, n>& cell) const noexcept {
    const auto [low, high] = range(cell);
    return (high - low) / dw_min;
  }
  /// The mean step by which pulsers plan.
  [[nodiscard]] double granularity() const noexcept { return dw_min; }
  /// The largest |w| of a mean cell, at which float32 resolves steps worst.
  [[nodiscard]] double farthest() const noexcept { return std::max(w_max, -w_min); }
  [[nodiscard]] double cycle_noise() const noexcept { return dw_min_std; }
  [[nodiscard]] double write_noise() const noexcept { return write_noise_std * dw_min; }
};

}  // namespace ohmlab::devices
