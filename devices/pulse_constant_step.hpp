#pragma once

#include <string_view>

#include "ohmlab/devices/step_spread.hpp"

namespace ohmlab::devices {

/// The step does not depend on the state; hard bounds.
struct ConstantStep : StepSpread {
  static constexpr std::string_view name = "constant_step";
  static constexpr std::string_view summary =
      "Each pulse moves a cell by its own step, whatever its state, up to hard bounds.";
  static constexpr std::string_view equation =
      "w <- clip(w +- step (1 + dw_min_std xi)), step and bounds of the cell";
  static constexpr std::string_view source = "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016)";

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> is_up,
                                     V xi) const noexcept {
    const V size = core::select(is_up, cell[up], V(-cell[down]));
    return clip(cell, V(w + size * (number<V>(1) + number<V>(dw_min_std) * xi)));
  }
};

}  // namespace ohmlab::devices
