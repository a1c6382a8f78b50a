#include "comparator.hpp"

#include <cassert>
#include <span>

#include "../core/math.hpp"
#include "../core/parallel.hpp"
#include "../core/rng.hpp"

namespace ohmlab::crossbar {

void Comparator::decide(const core::Stream& stream, std::uint64_t operation,
                        const ConstRows& offset, Rows values) const {
  assert(offset.rows() == 1 || offset.rows() == values.rows());
  constexpr Index batch_slice = 64;  // fixed: results do not depend on the number of threads
  const Index width = values.cols();
  const auto size = static_cast<float>(scale);
  const bool gaussian = noise == ComparatorNoise::gaussian;
  core::for_slices(values.rows(), batch_slice, static_cast<double>(10 * width),
                   [&](Index begin, Index end) noexcept {
    core::Vector draw(width);
    const std::span<float> draws(draw.data(), static_cast<std::size_t>(width));
    for (Index row = begin; row < end; ++row) {
      const auto first = static_cast<std::uint64_t>(row * width);
      if (gaussian) {
        core::fill_normal(stream, operation, first, draws);
      } else {
        core::fill_uniform(stream, operation, first, draws);
      }
      for (Index j = 0; j < width; ++j) {
        const float field = values(row, j) + offset(offset.rows() > 1 ? row : 0, j);
        const bool on =
            gaussian ? field + size * draw[j] > 0 : draw[j] < core::logistic(field / size);
        values(row, j) = on ? 1.0F : 0.0F;
      }
    }
  });
}

}  // namespace ohmlab::crossbar
