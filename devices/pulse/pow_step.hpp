#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>

#include "../../core/fields.hpp"
#include "../spread.hpp"
#include "step_spread.hpp"

namespace ohmlab::devices {

/// The step is a power of the distance to the bound that the pulse moves towards, as a share of the
/// range R = w_max - w_min of the cell:
///
///     up:   dw =  up   ((w_max - w)/R)^gamma_up (1 + dw_min_std ξ)
///     down: dw = -down ((w - w_min)/R)^gamma_down (1 + dw_min_std ξ)
///     gamma_up, gamma_down = |gamma' ± gamma (gamma_up_down + gamma_up_down_dtod ξ)|
///
/// gamma' is the cell's own gamma. dw_min is the step a whole range from the bound; in the middle
/// of the range it is dw_min / 2^gamma, with which pulsers plan.
///
/// With equal steps and bounds ±w_max it is the power family q = (1 ∓ w/w_max)^gamma of Wu et al.,
/// whose step at w = 0 is dw_min / 2^gamma.
struct PowStep : StepSpread {
  static constexpr std::string_view name = "pow_step";
  static constexpr std::string_view summary =
      "The step is a power of the distance to the bound that the pulse moves towards.";
  static constexpr std::string_view equation =
      "up: w <- clip(w + up ((w_max - w)/R)^gamma_up (1 + dw_min_std xi)), down: w <- clip(w - "
      "down ((w - w_min)/R)^gamma_down (1 + dw_min_std xi)), R = w_max - w_min";
  static constexpr std::string_view source =
      "Fusi & Abbott, Nat. Neurosci. 10, 485 (2007); Rasch et al., arXiv 2104.02184; Wu et al., "
      "arXiv 2502.06309";

  double gamma = 1;
  Spread gamma_spread;
  double gamma_up_down = 0, gamma_up_down_dtod = 0;
  static constexpr auto fields = core::joined(
      StepSpread::fields,
      core::Fields{
          core::field("gamma", &PowStep::gamma, "", core::above(0),
                      "power of the distance to the bound"),
          core::field("gamma_spread", &PowStep::gamma_spread,
                      "spread of gamma over devices, the same for both directions"),
          core::field("gamma_up_down", &PowStep::gamma_up_down, "", core::between(-1, 1),
                      "asymmetry of the power: share of gamma that upward steps have more and "
                      "downward steps less"),
          core::field("gamma_up_down_dtod", &PowStep::gamma_up_down_dtod, "", core::at_least(0),
                      "spread of this asymmetry over devices")});

  enum PowColumn { power_up = StepSpread::columns, power_down };
  static constexpr int columns = StepSpread::columns + 2;
  static constexpr int normals = StepSpread::normals + 2;

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> draw(const Normals<V>& xi) const noexcept {
    auto cell = draw_steps<columns>(xi);
    const V own = gamma_spread.of(gamma, xi[4]);
    const V more =
        number<V>(gamma) * (number<V>(gamma_up_down) + number<V>(gamma_up_down_dtod) * xi[5]);
    cell[power_up] = core::abs(V(own + more));
    cell[power_down] = core::abs(V(own - more));
    return cell;
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> is_up,
                                     V xi) const noexcept {
    const V size = core::select(is_up, cell[up], V(-cell[down]));
    const V power = core::select(is_up, cell[power_up], cell[power_down]);
    const V distance = core::select(is_up, V(cell[upper] - w), V(w - cell[lower]));
    const V share = core::max(V(distance / (cell[upper] - cell[lower])), number<V>(0));
    const V moved =
        size * core::exp(V(power * core::log(share))) * (number<V>(1) + number<V>(dw_min_std) * xi);
    return hold(cell, w, V(w + moved));
  }
  /// Mean step of a pulse at w. It is not added to w, so that no digit is lost.
  [[nodiscard]] static double change(const Columns<float, columns>& cell, double w,
                                     bool is_up) noexcept {
    const auto of = [&](int c) { return static_cast<double>(cell[c]); };
    const double distance = is_up ? of(upper) - w : w - of(lower);
    const double share = std::max(distance / (of(upper) - of(lower)), 0.0);
    return is_up ? of(up) * std::pow(share, of(power_up))
                 : -of(down) * std::pow(share, of(power_down));
  }
  /// Step of the mean device in the middle of its range.
  [[nodiscard]] double granularity() const noexcept { return dw_min * std::pow(0.5, gamma); }
};

}  // namespace ohmlab::devices
