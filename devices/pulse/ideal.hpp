#pragma once

#include <algorithm>
#include <limits>
#include <optional>
#include <string_view>
#include <utility>

#include "../../core/fields.hpp"
#include "../columns.hpp"
#include "../normals.hpp"
#include "../number.hpp"

namespace ohmlab::devices {

/// Every pulse is the same step in every state of every cell; all errors are those of the pulser.
/// The only bound is the state of zero conductance, if the device has one.
struct IdealPulse {
  static constexpr std::string_view name = "ideal";
  static constexpr std::string_view summary =
      "Every pulse moves every cell by the same step; no spread, and no bound but the state of "
      "zero conductance.";
  static constexpr std::string_view equation = "w <- w +- dw_min, not below g = 0";
  static constexpr std::string_view source = "definition";

  double dw_min = 0.001;
  static constexpr auto fields = core::Fields{
      core::field("dw_min", &IdealPulse::dw_min, "", core::above(0),
                  "step of one pulse, in units of w"),
  };

  enum Column { lower };
  static constexpr int columns = 1;
  static constexpr int normals = 0;

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> draw(const Normals<V>&) const noexcept {
    return {{core::splat<V>(std::numeric_limits<float>::lowest())}};
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> up,
                                     V) const noexcept {
    const V dw = number<V>(dw_min);
    return clip(cell, V(w + core::select(up, dw, -dw)));
  }
  /// Mean step of a pulse at w.
  [[nodiscard]] double change(const Columns<float, columns>&, double, bool up) const noexcept {
    return up ? dw_min : -dw_min;
  }
  static void limit(Columns<float, columns>& cell, float lowest) noexcept { cell[lower] = lowest; }
  [[nodiscard]] static std::pair<double, double> range(
      const Columns<float, columns>& cell) noexcept {
    return {static_cast<double>(cell[lower]), std::numeric_limits<double>::infinity()};
  }
  [[nodiscard]] static bool at_bound(const Columns<float, columns>& cell, float w) noexcept {
    return w <= cell[lower];
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE static V clip(const Columns<V, columns>& cell, V w) noexcept {
    return core::max(cell[lower], w);
  }
  /// The end of a step within the bound, in double.
  [[nodiscard]] static double held(const Columns<float, columns>& cell, double,
                                   double to) noexcept {
    return std::max(static_cast<double>(cell[lower]), to);
  }
  [[nodiscard]] static std::optional<double> states(const Columns<float, columns>&) noexcept {
    return std::nullopt;
  }
  [[nodiscard]] double granularity() const noexcept { return dw_min; }
  /// The largest |w| in the range from -1 to 1, at which float32 resolves steps worst.
  [[nodiscard]] static double farthest() noexcept { return 1; }
  [[nodiscard]] double cycle_noise() const noexcept { return 0; }
  [[nodiscard]] double write_noise() const noexcept { return 0; }
};

}  // namespace ohmlab::devices
