#pragma once

#include <algorithm>
#include <bit>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <string_view>

#include "../core/fields.hpp"
#include "../cost/actions.hpp"

/// Number formats of the factors of products in a digital accelerator. A product multiplies rounded
/// numbers exactly and sums in float32. A format with a `largest` scales each matrix so that its
/// largest element becomes `largest`.
namespace ohmlab::crossbar {

namespace detail {

/// Removes so many bits of the mantissa of a float32; rounds halves to even.
[[nodiscard]] inline float with_fewer_bits(float value, unsigned bits) noexcept {
  const auto all = std::bit_cast<std::uint32_t>(value);
  const std::uint32_t half = (1U << (bits - 1)) - 1 + (all >> bits & 1U);
  return std::bit_cast<float>((all + half) & ~((1U << bits) - 1));
}

}  // namespace detail

struct Fp32 {
  static constexpr std::string_view name = "fp32";
  static constexpr std::string_view summary = "IEEE 754 binary32: nothing is rounded.";
  static constexpr std::string_view title = "float32";
  static constexpr cost::Action action = cost::Action::flop_fp32;
  static constexpr double bits = 32, largest = 0;
  static constexpr bool shifts = false;
  static constexpr core::Fields<> fields{};
  [[nodiscard]] static float rounded(float value) noexcept { return value; }
};

struct Tf32 {
  static constexpr std::string_view name = "tf32";
  static constexpr std::string_view summary = "float32 rounded to 10 bits of mantissa in products.";
  static constexpr std::string_view title = "TF32 products";
  static constexpr std::string_view source =
      "NVIDIA A100 Tensor Core GPU Architecture, white paper (2020)";
  static constexpr cost::Action action = cost::Action::flop_tf32;
  static constexpr double bits = 32, largest = 0;
  static constexpr bool shifts = false;
  static constexpr core::Fields<> fields{};
  [[nodiscard]] static float rounded(float value) noexcept {
    return detail::with_fewer_bits(value, 13);
  }
};

struct Bf16 {
  static constexpr std::string_view name = "bf16";
  static constexpr std::string_view summary = "float32 with 7 bits of mantissa, halves to even.";
  static constexpr std::string_view title = "bfloat16 products";
  static constexpr std::string_view source = "Kalamkar et al., arXiv 1905.12322 (2019)";
  static constexpr cost::Action action = cost::Action::flop_bf16;
  static constexpr double bits = 16, largest = 0;
  static constexpr bool shifts = false;
  static constexpr core::Fields<> fields{};
  [[nodiscard]] static float rounded(float value) noexcept {
    return detail::with_fewer_bits(value, 16);
  }
};

struct Fp8 {
  static constexpr std::string_view name = "fp8";
  static constexpr std::string_view summary =
      "E4M3: 4 bits of exponent, 3 of mantissa, subnormal below 2^-6, up to 448; one scale a "
      "matrix.";
  static constexpr std::string_view title = "8-bit float products";
  static constexpr std::string_view source = "Micikevicius et al., arXiv 2209.05433 (2022)";
  static constexpr cost::Action action = cost::Action::flop_fp8;
  static constexpr double bits = 8, largest = 448;
  static constexpr bool shifts = false;
  static constexpr core::Fields<> fields{};
  [[nodiscard]] static float rounded(float value) noexcept {
    constexpr float least_normal = 0x1p-6F, steps = 8;
    const auto power = std::bit_cast<float>(std::bit_cast<std::uint32_t>(value) & 0x7f800000U);
    const float step = std::max(power, least_normal) / steps;
    return std::nearbyint(value / step) * step;
  }
};

struct Int8 {
  static constexpr std::string_view name = "int8";
  static constexpr std::string_view summary =
      "Integers from -127 to 127, added up in 32 bits; one scale a matrix.";
  static constexpr std::string_view title = "8-bit integer products";
  static constexpr std::string_view source = "Jacob et al., CVPR 2018, symmetric about zero";
  static constexpr cost::Action action = cost::Action::op_int8;
  static constexpr double bits = 8, largest = 127;
  static constexpr bool shifts = false;
  static constexpr core::Fields<> fields{};
  [[nodiscard]] static float rounded(float value) noexcept { return std::nearbyint(value); }
};

struct Int8Shift {
  static constexpr std::string_view name = "int8_shift";
  static constexpr std::string_view summary =
      "Integers from -127 to 127, added up in 32 bits; one scale a matrix, a power of two.";
  static constexpr std::string_view title = "8-bit integer products";
  static constexpr std::string_view source =
      "Jacob et al., CVPR 2018, symmetric about zero; scales of powers of two: Jain et "
      "al., arXiv 1903.08066 (2019)";
  static constexpr cost::Action action = cost::Action::op_int8;
  static constexpr double bits = 8, largest = 127;
  static constexpr bool shifts = true;
  static constexpr core::Fields<> fields{};
  [[nodiscard]] static float rounded(float value) noexcept { return std::nearbyint(value); }
};

/// The rounding of a number, and the action of an operation on rounded numbers.
template <class T>
concept NumberFormatEntry = core::Described<T> && requires(const T& t) {
  { t.rounded(0.0F) } -> std::same_as<float>;
  { T::action } -> std::convertible_to<cost::Action>;
  { T::bits } -> std::convertible_to<double>;
  // scaled value of the largest element of a matrix; 0: no scale
  { T::largest } -> std::convertible_to<double>;
  { T::shifts } -> std::convertible_to<bool>;  // the scale is a power of two
  { T::title } -> std::convertible_to<std::string_view>;
};

struct NumberFormat : core::OneOf<Fp32,  //
                                  Tf32, Bf16, Fp8, Int8, Int8Shift> {
  static constexpr std::string_view name = "number_format";
  static constexpr std::string_view question =
      "What are the factors of digital products rounded to?";
  static_assert(each_is([]<class Entry>() { return NumberFormatEntry<Entry>; }));
};

}  // namespace ohmlab::crossbar
