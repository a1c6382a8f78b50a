#include "tensors.hpp"

#include <cmath>
#include <span>

#include "../core/rng.hpp"

namespace ohmlab::transformer {

RowOf<float> first_values(const Layout& layout, std::int64_t blocks, double std,
                          std::uint64_t seed) {
  RowOf<float> values = RowOf<float>::Zero(layout.size());
  const double residual_std = std / std::sqrt(2 * static_cast<double>(blocks));
  for (std::size_t i = 0; i < layout.tensors().size(); ++i) {
    const Tensor& tensor = layout[i];
    auto part = values.segment(tensor.offset, tensor.size());
    if (tensor.start == Start::one) part.setOnes();
    if (tensor.start != Start::normal && tensor.start != Start::residual) continue;
    const core::Stream stream =
        core::stream(seed, core::StreamId::weight_init, static_cast<std::uint32_t>(i));
    core::fill_normal(stream, 0, 0, std::span(part.data(), static_cast<std::size_t>(part.size())));
    part *= static_cast<float>(tensor.start == Start::residual ? residual_std : std);
  }
  return values;
}

}  // namespace ohmlab::transformer
