#pragma once

#include <cstdint>

#include "../core/rng.hpp"

namespace ohmlab::devices {

/// The standard normals that a cell's own parameters are drawn from. A pulse model uses the first
/// `normals` of them, each for one parameter. The others are zero.
template <core::FloatPack V>
struct Normals {
  static constexpr int most = 16;
  V value[most]{};

  [[nodiscard]] OHMLAB_INLINE V& operator[](int i) noexcept { return value[i]; }
  [[nodiscard]] OHMLAB_INLINE const V& operator[](int i) const noexcept { return value[i]; }
};

/// The first `count` normals of each cell in an operation: normal k is k mod 4 of block k/4.
template <core::FloatPack V>
[[nodiscard]] OHMLAB_INLINE Normals<V> normals_of(const core::Stream& stream, core::WordOf<V> cell,
                                                  std::uint64_t operation, int count) noexcept {
  Normals<V> out;
  for (int block = 0; 4 * block < count; ++block) {
    const auto number = core::splat<core::WordOf<V>>(static_cast<std::uint32_t>(block));
    const auto xi = core::normals(core::random_block(stream, cell, operation, number));
    for (int k = 0; k < 4 && 4 * block + k < count; ++k) out[4 * block + k] = xi[k];
  }
  return out;
}

}  // namespace ohmlab::devices
