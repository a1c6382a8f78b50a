#pragma once

#include "../core/simd.hpp"

namespace ohmlab::devices {

/// Parameters of one cell (or of sixteen), drawn once when it is made. Arrays store them as columns
/// of float32, one value per cell.
template <core::FloatPack V, int count>
struct Columns {
  V value[count];

  [[nodiscard]] OHMLAB_INLINE V& operator[](int i) noexcept { return value[i]; }
  [[nodiscard]] OHMLAB_INLINE const V& operator[](int i) const noexcept { return value[i]; }
};

}  // namespace ohmlab::devices
