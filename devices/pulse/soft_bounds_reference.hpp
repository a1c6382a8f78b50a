#pragma once

#include <algorithm>
#include <string_view>

#include "../../core/fields.hpp"
#include "reference.hpp"
#include "step_spread.hpp"

namespace ohmlab::devices {

/// Soft bounds of a cell from which a reference is subtracted. w' = w + reference is the cell's own
/// state, with bounds w_max' and w_min':
///
///     up: w' + up (1 - w'/w_max'),  down: w' - down (1 - w'/w_min')
///     symmetry point of w' = (up - down)/(up/w_max' - down/w_min')
///
/// A step is computed as up (w_max' - w')/w_max'. If the device has a state of zero conductance
/// above w_min', downward steps fall to zero there.
struct SoftBoundsReference : StepSpread, Reference {
  static constexpr std::string_view name = "soft_bounds_reference";
  static constexpr std::string_view summary =
      "Soft bounds of a cell whose state counts from a reference cell, or from its own symmetry "
      "point.";
  static constexpr std::string_view equation =
      "up: w <- clip(w + up (1 - w'/w_max) + noise), down: w <- clip(w - down (1 - w'/w_min) - "
      "noise), w' = w + reference, reference = reference_mean + reference_std xi (+ symmetry "
      "point); noise as for soft_bounds";
  static constexpr std::string_view source =
      "Rasch et al., arXiv 2104.02184; Gong, Rasch et al., IEDM (2022)";

  CycleNoise cycle = CycleNoise::additive;
  static constexpr auto fields = core::joined(
      StepSpread::fields, Reference::fields,
      core::Fields{core::field("cycle", &SoftBoundsReference::cycle,
                               "scale of cycle-to-cycle noise: the step at w' = 0 or at w")});

  enum ReferenceColumn { top = StepSpread::columns, bottom };  ///< bounds of the own state
  static constexpr int columns = StepSpread::columns + 2;
  static constexpr int normals = StepSpread::normals + 1;

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> draw(const Normals<V>& xi) const noexcept {
    auto cell = draw_steps<columns>(xi);
    cell[top] = cell[upper];
    cell[bottom] = cell[lower];
    const V symmetry = (cell[up] - cell[down]) / (cell[up] / cell[top] - cell[down] / cell[bottom]);
    const V reference = reference_of(symmetry, xi[4]);
    cell[upper] = cell[top] - reference;
    cell[lower] = cell[bottom] - reference;
    return cell;
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> is_up,
                                     V xi) const noexcept {
    const V size = core::select(is_up, cell[up], V(-cell[down]));
    const V bound = core::select(is_up, cell[upper], cell[lower]);
    const V scale = core::select(is_up, cell[top], cell[bottom]);
    const V left = core::max(V((bound - w) / scale), number<V>(0));
    const V noise = number<V>(dw_min_std) * xi;
    const V moved = cycle == CycleNoise::additive ? V(size * (left + noise))
                                                  : V(size * left * (number<V>(1) + noise));
    return hold(cell, w, V(w + moved));
  }
  /// Mean step of a pulse at w. It is not added to w, so that no digit is lost.
  [[nodiscard]] static double change(const Columns<float, columns>& cell, double w,
                                     bool is_up) noexcept {
    const auto bound = static_cast<double>(is_up ? cell[upper] : cell[lower]);
    const auto scale = static_cast<double>(is_up ? cell[top] : cell[bottom]);
    const double left = std::max(0.0, (bound - w) / scale);
    return left * (is_up ? static_cast<double>(cell[up]) : -static_cast<double>(cell[down]));
  }
};

}  // namespace ohmlab::devices
