#pragma once

#include "../../core/fields.hpp"
#include "../number.hpp"

namespace ohmlab::devices {

/// The state of a reference cell that is subtracted from that of a pulsed cell: the cell's own
/// state is w + reference, its bounds in w are its own bounds less the reference. The reference is
/// never pulsed. `Model` is the struct that derives from this one.
///
/// CAUTION: the subtraction of the symmetry point is exact and free here. A machine measures it, by
/// pulses up and down in turn, and leaves an error, which `reference_std` stands for.
struct Reference {
  double reference_mean = 0, reference_std = 0.05;
  bool subtract_symmetry_point = false;
  static constexpr auto fields = core::Fields{
      core::field("reference_mean", &Reference::reference_mean, "", core::any,
                  "mean state of the reference cell, which is subtracted"),
      core::field("reference_std", &Reference::reference_std, "", core::at_least(0),
                  "spread of the reference over cells, in units of w"),
      core::field("subtract_symmetry_point", &Reference::subtract_symmetry_point,
                  "whether each cell's own symmetry point is added to its reference"),
  };

  /// The reference of a cell.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V reference_of(V symmetry_point, V xi) const noexcept {
    const V drawn = number<V>(reference_mean) + number<V>(reference_std) * xi;
    return subtract_symmetry_point ? V(drawn + symmetry_point) : drawn;
  }
};

}  // namespace ohmlab::devices
