#pragma once

#include <limits>

#include "field_values.hpp"
#include "simd.hpp"

/// Elementary functions with the same bits on every instruction set and compiler. The polynomials
/// are minimax fits. Their coefficients are rounded to float one at a time, the rest refitted after
/// each. The errors stated are bounds over all floats.
namespace ohmlab::core {

namespace detail {

// ln 2 in two parts; the first has 9 bits, so its product with any float's exponent is exact.
inline constexpr float ln2_high = 0x1.63p-1f;
inline constexpr float ln2_low = -0x1.bd0106p-13f;

/// log(x) + exponent ln 2, for positive, finite, normal x.
template <FloatPack V>
[[nodiscard]] OHMLAB_INLINE V log_of_normal_number(V x, IntOf<V> exponent) noexcept {
  using I = IntOf<V>;
  using U = WordOf<V>;
  constexpr std::uint32_t sqrt_half = 0x3f3504f3;
  const U offset = bits_as<U>(x) - sqrt_half;
  const V e = to_float(I((bits_as<I>(offset) >> 23) + exponent));
  const V f = bits_as<V>(U((offset & 0x007fffffU) + sqrt_half)) - 1.0f;  // in [√½ - 1, √2 - 1]

  // Summed as a tree: the chain of dependent operations limits the speed of normals.
  const V f2 = f * f;
  const V p01 = f * -0x1.000226p-2f + 0x1.555554p-2f;
  const V p23 = f * -0x1.54728cp-3f + 0x1.99a01cp-3f;
  const V p45 = f * -0x1.0d8232p-3f + 0x1.22d936p-3f;
  const V p67 = f * -0x1.38c910p-4f + 0x1.055e62p-3f;
  const V p = (p67 * f2 + p45) * (f2 * f2) + (p23 * f2 + p01);
  const V small = f2 * f * p + (e * ln2_low - f2 * 0.5f);
  return (f + small) + e * ln2_high;
}

}  // namespace detail

/// Natural logarithm, relative error below 9e-8. Zero gives -inf, a negative number or a NaN gives
/// NaN.
template <FloatPack V>
[[nodiscard]] OHMLAB_INLINE V log(V x) noexcept {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  const MaskOf<V> subnormal = less(x, splat<V>(0x1p-126f));
  const V scaled = select(subnormal, V(x * 0x1p23f), x);
  const IntOf<V> exponent = select(subnormal, splat<IntOf<V>>(-23), splat<IntOf<V>>(0));
  V y = detail::log_of_normal_number(scaled, exponent);
  y = select(less(x, splat<V>(infinity)), y, x);
  const V unless_positive =
      select(less(abs(x), splat<V>(0x1p-149f)), splat<V>(-infinity), splat<V>(nan));
  return select(less(splat<V>(0.0f), x), y, unless_positive);
}

/// Exponential, relative error below 9e-8, or 0.8 units in the last place where the result is
/// subnormal. Infinite above 88.7229, zero below -103.9721, NaN for NaN.
template <FloatPack V>
[[nodiscard]] OHMLAB_INLINE V exp(V x) noexcept {
  using I = IntOf<V>;
  constexpr float round_to_integer =
      0x1.8p23f;  // adding it pushes the fraction out of the mantissa
  constexpr float log2_e = 0x1.715476p0f;
  const V within = max(min(x, splat<V>(89.0f)), splat<V>(-104.0f));
  const V shifted = within * log2_e + round_to_integer;
  const V n = shifted - round_to_integer;
  const V r = within - n * detail::ln2_high - n * detail::ln2_low;

  V p = r * 0x1.6a4d72p-10f + 0x1.123e58p-7f;
  p = p * r + 0x1.5558b8p-5f;
  p = p * r + 0x1.55548cp-3f;
  p = p * r + 0x1.fffffcp-2f;
  const V y = (p * (r * r) + r) + 1.0f;

  // 2^n in two factors, since n reaches -150 and +128, outside the range of a float's exponent.
  const I exponent = bits_as<I>(shifted) - bits_as<std::int32_t>(round_to_integer);
  const I half = exponent >> 1;
  const V scale_1 = bits_as<V>(I((half + 127) << 23));
  const V scale_2 = bits_as<V>(I((exponent - half + 127) << 23));
  return y * scale_1 * scale_2;
}

/// 1 / (1 + exp(-x)), relative error below 2e-7 wherever the result is a normal number. Exactly 1
/// above 17.4, zero below -103.9721, NaN for NaN.
template <FloatPack V>
[[nodiscard]] OHMLAB_INLINE V logistic(V x) noexcept {
  const V e = exp(V(-abs(x)));
  return select(less(x, splat<V>(0.0f)), e, splat<V>(1.0f)) / (e + 1.0f);
}

template <FloatPack V>
struct SinCos {
  V sin;
  V cos;
};

/// Sine and cosine of t π/4 for |t| <= 1, absolute error below 1e-7.
template <FloatPack V>
[[nodiscard]] OHMLAB_INLINE SinCos<V> sin_cos_eighth_turn(V t) noexcept {
  const V z = t * t;
  V s = z * -0x1.33198ep-15f + 0x1.4680a4p-9f;
  s = s * z - 0x1.4abc24p-4f;
  s = s * z + 0x1.921fb6p-1f;
  V c = z * -0x1.4eb112p-12f + 0x1.03b18ep-6f;
  c = c * z - 0x1.3bd3a2p-2f;
  return {.sin = s * t, .cos = c * z + 1.0f};
}

}  // namespace ohmlab::core
