#pragma once

#include <string_view>
#include <tuple>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/devices/columns.hpp"
#include "ohmlab/devices/number.hpp"

namespace ohmlab::devices {

/// Every pulse is the same step, everywhere, in every cell, without bounds: what is left is the pulser's.
struct IdealPulse {
  static constexpr std::string_view name = "ideal";
  static constexpr std::string_view summary =
      "Every pulse moves every cell by the same step; no bounds, no spread.";
  static constexpr std::string_view equation = "w <- w +- dw_min";
  static constexpr std::string_view source = "definition";

  double dw_min = 0.001;
  static constexpr auto fields = std::tuple{
      core::field("dw_min", &IdealPulse::dw_min, "", core::above(0), "step of one pulse, in units of w"),
  };

  static constexpr int columns = 1;  // none is needed; one keeps the layout uniform

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> draw(const core::Block<V>&,
                                                       const core::Block<V>&) const noexcept {
    return {{core::splat<V>(0.0F)}};
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>&, V w, core::MaskOf<V> up, V) const noexcept {
    const V dw = number<V>(dw_min);
    return w + core::select(up, dw, -dw);
  }
  static void limit(Columns<float, columns>&, float) noexcept {}
  [[nodiscard]] static bool at_bound(const Columns<float, columns>&, float) noexcept { return false; }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE static V clip(const Columns<V, columns>&, V w) noexcept {
    return w;
  }
  [[nodiscard]] double cycle_noise() const noexcept { return 0; }
  [[nodiscard]] double write_noise() const noexcept { return 0; }
};

}  // namespace ohmlab::devices
