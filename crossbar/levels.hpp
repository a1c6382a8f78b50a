#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>

namespace ohmlab::crossbar {

/// The nearest of the 2^bits - 1 equidistant levels that are symmetric about zero and end at
/// ±bound.
[[nodiscard]] inline float quantised(float value, float bound, float levels_each_side) noexcept {
  const float clipped = std::max(-bound, std::min(bound, value));
  return std::nearbyint(clipped / bound * levels_each_side) / levels_each_side * bound;
}
[[nodiscard]] inline float levels_each_side(std::int64_t bits) noexcept {
  return static_cast<float>((std::int64_t{1} << (bits - 1)) - 1);
}

}  // namespace ohmlab::crossbar
