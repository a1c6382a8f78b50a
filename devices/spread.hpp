#pragma once

#include <array>
#include <string_view>

#include "../core/fields.hpp"
#include "../core/math.hpp"
#include "number.hpp"

namespace ohmlab::devices {

/// Law of a parameter over devices: p (1 + std ξ), p exp(std ξ) or p + std ξ.
enum class ParameterLaw { normal, lognormal, absolute };
constexpr std::array<std::string_view, 3> enum_names(ParameterLaw) {
  return {"normal", "lognormal", "absolute"};
}

/// Device-to-device spread of one parameter, without spread by default. A pulse model has a field
/// `gamma_spread` beside `gamma` and draws a cell's own value by `gamma_spread.of(gamma, xi[k])`.
struct Spread {
  double std = 0;
  ParameterLaw law = ParameterLaw::normal;
  static constexpr auto fields = core::Fields{
      core::field("std", &Spread::std, "", core::at_least(0), "spread of the parameter"),
      core::field("law", &Spread::law,
                  "normal: p (1 + std xi); lognormal: p exp(std xi), whose median is p; absolute: "
                  "p + std xi"),
  };

  /// The own value of a cell whose standard normal is xi.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V of(double mean, V xi) const noexcept {
    const V p = number<V>(mean), moved = number<V>(std) * xi;
    if (law == ParameterLaw::absolute) return p + moved;
    return p * (law == ParameterLaw::normal ? V(number<V>(1) + moved) : core::exp(moved));
  }
  /// The same as a share of the mean, at least `least`.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V share_of(double mean, V xi, double least) const noexcept {
    return core::max(V(of(mean, xi) * number<V>(1 / mean)), number<V>(least));
  }
};

}  // namespace ohmlab::devices
