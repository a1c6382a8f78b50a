#include "data_bars_and_stripes.hpp"

#include <fmt/format.h>

namespace ohmlab::io {

Dataset BarsAndStripes::load() const {
  const core::Index patterns = core::Index{1} << size;
  core::Matrix images(2 * patterns, size * size);
  for (core::Index pattern = 0; pattern < patterns; ++pattern) {
    for (core::Index row = 0; row < size; ++row) {
      for (core::Index col = 0; col < size; ++col) {
        images(pattern, row * size + col) = static_cast<float>(pattern >> row & 1);
        images(patterns + pattern, row * size + col) = static_cast<float>(pattern >> col & 1);
      }
    }
  }
  return {images, images, {}, {}, size, size, fmt::format("{} {}", name, size)};
}

}  // namespace ohmlab::io
