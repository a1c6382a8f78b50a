#pragma once

#include <string_view>

#include "pow_step.hpp"
#include "reference.hpp"

namespace ohmlab::devices {

/// Power steps of a cell from which a reference is subtracted. Distances to bounds are the same in
/// w and in the cell's own state, so that only the bounds move.
struct PowStepReference : PowStep, Reference {
  static constexpr std::string_view name = "pow_step_reference";
  static constexpr std::string_view summary =
      "Power steps of a cell whose state counts from a reference cell, or from its own symmetry "
      "point.";
  static constexpr std::string_view equation =
      "as pow_step for w' = w + reference, reference = reference_mean + reference_std xi (+ "
      "symmetry point)";
  static constexpr std::string_view source =
      "Rasch et al., arXiv 2104.02184; Wu et al., arXiv 2502.06309";
  static constexpr auto fields = core::joined(PowStep::fields, Reference::fields);

  static constexpr int normals = PowStep::normals + 1;

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> draw(const Normals<V>& xi) const noexcept {
    auto cell = PowStep::draw(xi);
    const V symmetry = cell[lower] + equal_share(cell) * (cell[upper] - cell[lower]);
    const V reference = reference_of(symmetry, xi[6]);
    cell[upper] -= reference;
    cell[lower] -= reference;
    return cell;
  }

 private:
  /// The place in the range, from 0 to 1, at which steps up and down are equal.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE static V equal_share(const Columns<V, columns>& cell) noexcept {
    V low = number<V>(0), high = number<V>(1);
    for (int halving = 0; halving < 24; ++halving) {  // the digits of a float
      const V middle = number<V>(0.5) * (low + high);
      const V rise = cell[up] * core::exp(V(cell[power_up] * core::log(V(number<V>(1) - middle))));
      const V fall = cell[down] * core::exp(V(cell[power_down] * core::log(middle)));
      const auto below = core::less(fall, rise);
      low = core::select(below, middle, low);
      high = core::select(below, high, middle);
    }
    return high;
  }
};

}  // namespace ohmlab::devices
