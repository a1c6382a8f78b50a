#pragma once

#include <algorithm>
#include <cmath>

namespace ohmlab::cost {

/// Bits of a sum of converted numbers: those of the converter, and the logarithm of what is added,
/// rounded up. A converter that has no bits passes on words of 16.
/// \param addends  number of full-scale numbers that the sum may be as large as
[[nodiscard]] inline double sum_bits(double converter_bits, double addends) noexcept {
  if (converter_bits <= 0) return 16;
  return std::ceil(converter_bits + std::log2(std::max(1.0, addends)));
}

/// The same where each of so many tiles is read for every bit of an input: a slice is worth twice
/// the one before.
[[nodiscard]] inline double sum_bits(double converter_bits, double tiles, double slices) noexcept {
  return sum_bits(converter_bits, tiles * (std::exp2(slices) - 1));
}

}  // namespace ohmlab::cost
