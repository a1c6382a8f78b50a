#pragma once

#include <cstdint>

#include "../core/simd.hpp"

/// Matrices of 64 × 64 bits and strings of up to 64 bits, eight words at a time. They turn trains
/// on lines into strings of pulses in cells. Bit k of a word is its k-th lowest.
namespace ohmlab::crossbar {

using Words8 = std::uint64_t __attribute__((vector_size(64)));

/// Row 8 v + l is word l of rows[v].
struct BitMatrix {
  Words8 rows[8];
};

namespace detail {

/// Exchanges the off-diagonal blocks of `size` × `size` bits where rows lie in different words.
template <int size>
OHMLAB_INLINE void exchange_far(BitMatrix& m) noexcept {
  constexpr std::uint64_t low = size == 32   ? 0x00000000ffffffff
                                : size == 16 ? 0x0000ffff0000ffff
                                             : 0x00ff00ff00ff00ff;
  constexpr int apart = size / 8;
  for (int v = 0; v < 8; ++v) {
    if ((v & apart) != 0) continue;
    const Words8 t = ((m.rows[v] >> size) ^ m.rows[v + apart]) & low;
    m.rows[v] ^= t << size;
    m.rows[v + apart] ^= t;
  }
}

/// The same for rows that lie in one pack; `other` holds each row's partner.
template <int size>
OHMLAB_INLINE Words8 exchange_near(Words8 row, Words8 other) noexcept {
  constexpr std::uint64_t low = size == 4   ? 0x0f0f0f0f0f0f0f0f
                                : size == 2 ? 0x3333333333333333
                                            : 0x5555555555555555;
  constexpr std::uint64_t s = size;
  constexpr auto left = [](int lane) { return (lane & size) == 0 ? s : 0; };
  constexpr Words8 up = {left(0), left(1), left(2), left(3), left(4), left(5), left(6), left(7)};
  constexpr Words8 down = s - up;
  constexpr auto kept = [](int lane) { return (lane & size) == 0 ? low : ~low; };
  constexpr Words8 keep = {kept(0), kept(1), kept(2), kept(3), kept(4), kept(5), kept(6), kept(7)};
  return (row & keep) | (((other << up) >> down) & ~keep);
}

}  // namespace detail

/// Bit j of row i becomes bit i of row j. H. S. Warren, "Hacker's Delight", 2nd ed. (2012), section
/// 7-3.
OHMLAB_INLINE void transpose(BitMatrix& m) noexcept {
  detail::exchange_far<32>(m);
  detail::exchange_far<16>(m);
  detail::exchange_far<8>(m);
  for (Words8& row : m.rows) {
    row = detail::exchange_near<4>(row, __builtin_shufflevector(row, row, 4, 5, 6, 7, 0, 1, 2, 3));
    row = detail::exchange_near<2>(row, __builtin_shufflevector(row, row, 2, 3, 0, 1, 6, 7, 4, 5));
    row = detail::exchange_near<1>(row, __builtin_shufflevector(row, row, 1, 0, 3, 2, 5, 4, 7, 6));
  }
}

/// The bits of `x` where `mask` is set, moved to the low end in their order, with zeros above.
/// Processors without a fast instruction use section 7-4 of the same book.
[[nodiscard]] OHMLAB_INLINE Words8 compress(Words8 x, Words8 mask) noexcept {
#if defined(__BMI2__) && !defined(__znver1__) && !defined(__znver2__)
  Words8 out{};
  for (int l = 0; l < 8; ++l) out[l] = __builtin_ia32_pext_di(x[l], mask[l]);
  return out;
#else
  x &= mask;
  Words8 zeros_below = ~mask << 1;
  for (int step = 1; step < 64; step *= 2) {
    Words8 odd = zeros_below ^ (zeros_below << 1);  // parity of the zeros to the right of each bit
    odd ^= odd << 2;
    odd ^= odd << 4;
    odd ^= odd << 8;
    odd ^= odd << 16;
    odd ^= odd << 32;
    const Words8 moved = odd & mask;
    mask = (mask ^ moved) | (moved >> step);
    const Words8 t = x & moved;
    x = (x ^ t) | (t >> step);
    zeros_below &= ~odd;
  }
  return x;
#endif
}

/// The number of set bits in each word. Section 5-1 of the same book.
[[nodiscard]] OHMLAB_INLINE Words8 bit_count(Words8 x) noexcept {
  x -= (x >> 1) & 0x5555555555555555;
  x = (x & 0x3333333333333333) + ((x >> 2) & 0x3333333333333333);
  x = (x + (x >> 4)) & 0x0f0f0f0f0f0f0f0f;
  x += x >> 8;
  x += x >> 16;
  x += x >> 32;
  return x & 0x7f;
}

}  // namespace ohmlab::crossbar
