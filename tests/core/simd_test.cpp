#include "ohmlab/core/simd.hpp"

#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <vector>

#include "ohmlab/core/rng.hpp"

#include "tests/catch.hpp"

using namespace ohmlab::core;

namespace {

template <class T>
using Sixteen = std::array<LaneOf<T>, 16>;

template <class T>
Sixteen<T> lanes(T pack) {
  Sixteen<T> result{};
  store(result.data(), pack);
  return result;
}

/// Floats of every kind: arbitrary bit patterns, small integers, and the special values in all
/// pairings.
std::vector<float> samples() {
  constexpr float infinity = std::numeric_limits<float>::infinity();
  constexpr float nan = std::numeric_limits<float>::quiet_NaN();
  const std::array<float, 8> special = {0.0f,     -0.0f,     1.0f, -1.0f,
                                        infinity, -infinity, nan,  0x1p-149f};
  std::vector<float> values;
  for (std::size_t shift = 0; shift < 8; ++shift) {
    for (std::size_t i = 0; i < 16; ++i) values.push_back(special[(i + shift * (i / 8)) % 8]);
  }
  std::vector<std::uint32_t> words(std::size_t{16} * 256);
  fill_words(stream(1, StreamId::data), 0, 0, words);
  for (const std::uint32_t word : words) values.push_back(std::bit_cast<float>(word));
  for (const std::uint32_t word : words) values.push_back(static_cast<float>(word % 7) - 3.0f);
  return values;
}

bool same_bits(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
}

bool equal_or_both_nan(float a, float b) {
  return same_bits(a, b) || (std::isnan(a) && std::isnan(b));
}

}  // namespace

TEST_CASE("a vector operation does in every lane what the scalar one does") {
  const std::vector<float> values = samples();
  bool all_agree = true;
  for (std::size_t at = 0; at + 32 <= values.size(); at += 16) {
    const F16 a = load<F16>(&values[at]);
    const F16 b = load<F16>(&values[at + 9]);
    const auto x = lanes(a), y = lanes(b);
    const auto smaller = lanes(min(a, b)), larger = lanes(max(a, b));
    const auto chosen = lanes(select(less(a, b), F16(a + b), F16(a * b)));
    const auto root = lanes(sqrt(a)), magnitude = lanes(abs(a));
    const auto from_int = lanes(to_float(bits_as<I16>(a)));
    const auto turned = lanes(rotl<13>(bits_as<U16>(a)));
    const auto mask = lanes(less(a, b));
    for (std::size_t i = 0; i < 16; ++i) {
      all_agree &= same_bits(x[i], values[at + i]) && same_bits(y[i], values[at + 9 + i]);
      all_agree &= same_bits(smaller[i], min(x[i], y[i])) && same_bits(larger[i], max(x[i], y[i]));
      all_agree &= equal_or_both_nan(chosen[i], select(less(x[i], y[i]), x[i] + y[i], x[i] * y[i]));
      all_agree &= equal_or_both_nan(root[i], sqrt(x[i])) && same_bits(magnitude[i], abs(x[i]));
      all_agree &= same_bits(from_int[i], to_float(bits_as<std::int32_t>(x[i])));
      all_agree &= turned[i] == rotl<13>(bits_as<std::uint32_t>(x[i]));
      all_agree &= mask[i] == (less(x[i], y[i]) ? -1 : 0);
    }
  }
  CHECK(all_agree);
}

TEST_CASE("comparisons of words are unsigned and of integers signed") {
  CHECK(lanes(less(splat<U16>(1U), splat<U16>(0xffffffffU)))[5] == -1);
  CHECK(lanes(less(splat<I16>(1), splat<I16>(-1)))[5] == 0);
  CHECK(lanes(max(splat<U16>(1U), splat<U16>(0xffffffffU)))[15] == 0xffffffffU);
  CHECK(lanes(min(splat<I16>(1), splat<I16>(-1)))[0] == -1);
}

TEST_CASE("min and max return their first argument beside a NaN") {
  const float nan = std::numeric_limits<float>::quiet_NaN();
  CHECK(std::isnan(min(nan, 1.0f)));
  CHECK(min(1.0f, nan) == 1.0f);
  CHECK(std::isnan(max(nan, 1.0f)));
  CHECK(max(1.0f, nan) == 1.0f);
  CHECK(std::isnan(lanes(max(min(splat<F16>(nan), splat<F16>(1.0f)), splat<F16>(-1.0f)))[7]));
}

TEST_CASE("splat, lane_index and the conversion to integers fill every lane") {
  const auto index = lanes(lane_index<U16>());
  const auto minus_zero = lanes(splat<F16>(-0.0f));
  const auto truncated = lanes(to_int(F16(to_float(bits_as<I16>(lane_index<U16>())) * -0.75f)));
  for (std::size_t i = 0; i < 16; ++i) {
    CHECK(index[i] == i);
    CHECK(same_bits(minus_zero[i], -0.0f));
    CHECK(truncated[i] == to_int(static_cast<float>(i) * -0.75f));
  }
  CHECK(lane_index<std::uint32_t>() == 0);
  CHECK(to_int(-2.9f) == -2);
}
