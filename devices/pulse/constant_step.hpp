#pragma once

#include <string_view>

#include "step_spread.hpp"

namespace ohmlab::devices {

/// The step does not depend on the state. Bounds are hard.
struct ConstantStep : StepSpread {
  static constexpr std::string_view name = "constant_step";
  static constexpr std::string_view summary =
      "Each pulse moves a cell by its own step, independent of the state, up to hard bounds.";
  static constexpr std::string_view equation =
      "w <- clip(w +- step (1 + dw_min_std xi)), step and bounds of the cell";
  static constexpr std::string_view source = "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016)";

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> is_up,
                                     V xi) const noexcept {
    const V size = core::select(is_up, cell[up], V(-cell[down]));
    return hold(cell, w, V(w + size * (number<V>(1) + number<V>(dw_min_std) * xi)));
  }
  /// Mean step of a pulse at w. It is not added to w, so that no digit is lost.
  [[nodiscard]] static double change(const Columns<float, columns>& cell, double,
                                     bool is_up) noexcept {
    return is_up ? static_cast<double>(cell[up]) : -static_cast<double>(cell[down]);
  }

  /// State after so many pulses up and down, of a cell that meets no bound on its way. The noises
  /// add up to one normal, so that the law is that of single steps in any order.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V walk(const Columns<V, columns>& cell, V w, V ups, V downs,
                                     V xi) const noexcept {
    return w + (cell[up] * ups - cell[down] * downs) + walk_noise(cell, ups, downs) * xi;
  }
  /// True if a cell meets no bound on its way, in any order of its pulses. The bounds lie beyond
  /// all steps of one direction plus seven standard deviations. Noise exceeds these once in 4e11
  /// walks (twice P(xi > 7), by reflection).
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE core::MaskOf<V> walks_freely(const Columns<V, columns>& cell, V w,
                                                           V ups, V downs) const noexcept {
    const V reach = number<V>(7) * walk_noise(cell, ups, downs);
    const auto below_upper = core::less(V(w + cell[up] * ups + reach), cell[upper]);
    const auto above_lower = core::less(cell[lower], V(w - cell[down] * downs - reach));
    return static_cast<core::MaskOf<V>>(below_upper & above_lower);
  }

 private:
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V walk_noise(const Columns<V, columns>& cell, V ups,
                                           V downs) const noexcept {
    return number<V>(dw_min_std) *
           core::sqrt(V(cell[up] * cell[up] * ups + cell[down] * cell[down] * downs));
  }
};

}  // namespace ohmlab::devices
