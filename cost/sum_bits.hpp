#pragma once

#include <algorithm>
#include <cmath>

namespace ohmlab::cost {

/// Bits of a sum of converted numbers: bits of the converter plus log2 of `addends`, rounded up. A
/// converter without bits passes on words of 16 bits.
/// \param addends  largest sum, in full-scale numbers
[[nodiscard]] inline double sum_bits(double converter_bits, double addends) noexcept {
  if (converter_bits <= 0) return 16;
  return std::ceil(converter_bits + std::log2(std::max(1.0, addends)));
}

/// The same if each tile is read once per bit of an input. A slice is worth twice the one before.
[[nodiscard]] inline double sum_bits(double converter_bits, double tiles, double slices) noexcept {
  return sum_bits(converter_bits, tiles * (std::exp2(slices) - 1));
}

}  // namespace ohmlab::cost
