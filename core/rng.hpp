#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "field_values.hpp"
#include "math.hpp"
#include "simd.hpp"
#include "streams.hpp"

/// Random numbers as functions of purpose, cell and operation, never of the thread that draws them.
///
/// The generator is Threefry4x32 with 20 rounds: J. K. Salmon, M. A. Moraes, R. O. Dror, D. E.
/// Shaw, "Parallel random numbers: as easy as 1, 2, 3", SC'11 (2011), doi:10.1145/2063384.2063405.
/// It only adds, rotates and xors, hence vectorises everywhere. Its key has 128 bits. Key and
/// counter of a draw:
///
///     key     = (seed, low half; seed, high half; stream id; layer)
///     counter = (cell; block; operation, low half; operation, high half)
///
/// where *cell* is the index of a cell or unit in its layer, *operation* the number of the logical
/// operation (never of a tile, slice or thread) and *block* counts draws of four words.
namespace ohmlab::core {

/// Four words, or four values made of them, per lane.
template <Pack T>
struct Block {
  T word[4];

  [[nodiscard]] OHMLAB_INLINE T& operator[](int i) noexcept { return word[i]; }
  [[nodiscard]] OHMLAB_INLINE const T& operator[](int i) const noexcept { return word[i]; }
};

namespace detail {

template <int r0, int r1, WordPack U>
OHMLAB_INLINE void threefry_even_round(Block<U>& x) noexcept {
  x[0] += x[1];
  x[1] = rotl<r0>(x[1]) ^ x[0];
  x[2] += x[3];
  x[3] = rotl<r1>(x[3]) ^ x[2];
}

template <int r0, int r1, WordPack U>
OHMLAB_INLINE void threefry_odd_round(Block<U>& x) noexcept {
  x[0] += x[3];
  x[3] = rotl<r0>(x[3]) ^ x[0];
  x[2] += x[1];
  x[1] = rotl<r1>(x[1]) ^ x[2];
}

template <WordPack U>
OHMLAB_INLINE void threefry_rounds_0_to_3(Block<U>& x) noexcept {
  threefry_even_round<10, 26>(x);
  threefry_odd_round<11, 21>(x);
  threefry_even_round<13, 27>(x);
  threefry_odd_round<23, 5>(x);
}

template <WordPack U>
OHMLAB_INLINE void threefry_rounds_4_to_7(Block<U>& x) noexcept {
  threefry_even_round<6, 20>(x);
  threefry_odd_round<17, 11>(x);
  threefry_even_round<25, 10>(x);
  threefry_odd_round<18, 20>(x);
}

template <std::uint32_t number, WordPack U>
OHMLAB_INLINE void threefry_add_key(Block<U>& x, const std::uint32_t (&key)[5]) noexcept {
  x[0] += key[number % 5];
  x[1] += key[(number + 1) % 5];
  x[2] += key[(number + 2) % 5];
  x[3] += key[(number + 3) % 5] + number;
}

}  // namespace detail

/// Threefry4x32-20: the block of a counter under a key.
template <WordPack U>
[[nodiscard]] OHMLAB_INLINE Block<U> threefry(Block<U> counter,
                                              const Block<std::uint32_t>& key) noexcept {
  constexpr std::uint32_t parity = 0x1bd11bda;
  const std::uint32_t keys[5] = {key[0], key[1], key[2], key[3],
                                 parity ^ key[0] ^ key[1] ^ key[2] ^ key[3]};
  Block<U> x = counter;
  detail::threefry_add_key<0>(x, keys);
  detail::threefry_rounds_0_to_3(x);
  detail::threefry_add_key<1>(x, keys);
  detail::threefry_rounds_4_to_7(x);
  detail::threefry_add_key<2>(x, keys);
  detail::threefry_rounds_0_to_3(x);
  detail::threefry_add_key<3>(x, keys);
  detail::threefry_rounds_4_to_7(x);
  detail::threefry_add_key<4>(x, keys);
  detail::threefry_rounds_0_to_3(x);
  detail::threefry_add_key<5>(x, keys);
  return x;
}

/// Block number `block` of each cell in operation `op`.
template <WordPack U>
[[nodiscard]] OHMLAB_INLINE Block<U> random_block(const Stream& stream, U cell, std::uint64_t op,
                                                  U block) noexcept {
  const Block<std::uint32_t> key = {static_cast<std::uint32_t>(stream.seed),
                                    static_cast<std::uint32_t>(stream.seed >> 32), stream.id,
                                    stream.layer};
  return threefry<U>({cell, block, splat<U>(static_cast<std::uint32_t>(op)),
                      splat<U>(static_cast<std::uint32_t>(op >> 32))},
                     key);
}

/// The same, with one block number for all lanes.
[[nodiscard]] OHMLAB_INLINE Block<U16> random_block(const Stream& stream, U16 cell,
                                                    std::uint64_t op,
                                                    std::uint32_t block) noexcept {
  return random_block<U16>(stream, cell, op, splat<U16>(block));
}

/// Uniform in [0, 1), a multiple of 2^-24.
template <WordPack U>
[[nodiscard]] OHMLAB_INLINE FloatOf<U> uniform(U word) noexcept {
  return to_float(bits_as<IntOf<U>>(U(word >> 8))) * 0x1p-24f;
}

/// Uniform in (0, 1]: (word + 1/2) 2^-32 correctly rounded. One in 2^25 is 1.
template <WordPack U>
[[nodiscard]] OHMLAB_INLINE FloatOf<U> uniform_positive(U word) noexcept {
  using V = FloatOf<U>;
  const V high = to_float(bits_as<IntOf<U>>(U(word >> 16))) * 0x1p16f;
  const V low = to_float(bits_as<IntOf<U>>(U(word & 0xffffU))) + 0.5f;
  return (high + low) * 0x1p-32f;  // only the sum rounds
}

/// Uniform in (0, 1): as `uniform_positive`, with 1 - 2^-24 in place of 1.
template <WordPack U>
[[nodiscard]] OHMLAB_INLINE FloatOf<U> uniform_open(U word) noexcept {
  return min(uniform_positive(word), splat<FloatOf<U>>(0x1.fffffep-1f));
}

/// Uniform in [0, 1), a multiple of 2^-53.
[[nodiscard]] OHMLAB_INLINE double uniform_double(std::uint32_t high, std::uint32_t low) noexcept {
  const std::uint64_t bits = (std::uint64_t{high} << 32 | low) >> 11;
  return static_cast<double>(bits) * 0x1p-53;
}

namespace detail {

/// Box and Muller: two independent standard normals from two words.
template <WordPack U>
OHMLAB_INLINE void normal_pair(U word_of_radius, U word_of_angle, FloatOf<U>& a,
                               FloatOf<U>& b) noexcept {
  using V = FloatOf<U>;
  using I = IntOf<U>;
  const V u = uniform_positive(word_of_radius);
  const V radius = sqrt(V(log_of_normal_number(u, splat<I>(0)) * -2.0f));

  // The top bit turns by half a circle, the next one reflects at the diagonal; the other thirty are
  // an angle within ±π/4, placed symmetrically about zero.
  const V sign_and_radius = bits_as<V>(U(bits_as<U>(radius) | (word_of_angle & 0x80000000U)));
  const U reflect = bits_as<U>(I(bits_as<I>(U(word_of_angle << 1)) >> 31));
  const V t = to_float(bits_as<I>(U(word_of_angle << 2 | 2U))) * 0x1p-31f;
  const SinCos<V> direction = sin_cos_eighth_turn(t);
  const U exchange = (bits_as<U>(direction.sin) ^ bits_as<U>(direction.cos)) & reflect;
  a = bits_as<V>(U(bits_as<U>(direction.cos) ^ exchange)) * sign_and_radius;
  b = bits_as<V>(U(bits_as<U>(direction.sin) ^ exchange)) * sign_and_radius;
}

}  // namespace detail

/// Four independent standard normals from the four words of a block: two points of the plane. Each
/// has its radius from one word (by `uniform_positive`) and its direction from another. At
/// most 6.77 in magnitude. Rounding moves a point by less than 2.5e-7 of its radius, measured
/// against double precision.
template <WordPack U>
[[nodiscard]] OHMLAB_INLINE Block<FloatOf<U>> normals(const Block<U>& words) noexcept {
  Block<FloatOf<U>> z;
  detail::normal_pair(words[0], words[1], z[0], z[1]);
  detail::normal_pair(words[2], words[3], z[2], z[3]);
  return z;
}

/// \name Fills
/// Element i of a fill is word (i / 16) % 4 of block 0 of the cell (i / 64) * 16 + i % 16, or the
/// number made of that word, in any slice. `first` is the index of the first element of `out`,
/// below 2^34. Slices that start and end at multiples of 64 are the fastest. A fill runs on one
/// thread; callers slice for more.
/// @{
void fill_words(const Stream& stream, std::uint64_t op, std::uint64_t first,
                std::span<std::uint32_t> out) noexcept;

/// Uniform in [0, 1).
void fill_uniform(const Stream& stream, std::uint64_t op, std::uint64_t first,
                  std::span<float> out) noexcept;

/// Standard normal.
void fill_normal(const Stream& stream, std::uint64_t op, std::uint64_t first,
                 std::span<float> out) noexcept;
/// @}

/// Uniform among 0 … bound - 1, without bias; `bound` must not be zero.
[[nodiscard]] std::uint32_t random_below(const Stream& stream, std::uint32_t cell, std::uint64_t op,
                                         std::uint32_t bound) noexcept;

/// The numbers 0 … n - 1 in random order, every order equally likely (Fisher and Yates).
[[nodiscard]] std::vector<std::uint32_t> permutation(const Stream& stream, std::uint64_t op,
                                                     std::uint32_t n);

}  // namespace ohmlab::core
