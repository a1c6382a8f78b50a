#pragma once

#include <cstdint>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/transformer/trainer.hpp"

/// Small models and batches that the tests of the transformer share.
namespace ohmlab::transformer {

inline Tokens random_tokens(Index rows, Index cols, std::uint32_t vocabulary, std::uint64_t seed) {
  Tokens out(rows, cols);
  const core::Stream stream = core::stream(seed, core::StreamId::data);
  for (Index i = 0; i < out.size(); ++i) {
    out.data()[i] = static_cast<std::int32_t>(
        core::random_below(stream, static_cast<std::uint32_t>(i), 0, vocabulary));
  }
  return out;
}

inline TokenBatch random_batch(Index rows, Index context, std::uint32_t vocabulary,
                               std::uint64_t seed) {
  return {random_tokens(rows, context, vocabulary, seed),
          random_tokens(rows, context, vocabulary, seed + 1)};
}

inline ImageBatch random_images(Index rows, Index pixels, std::uint32_t classes,
                                std::uint64_t seed) {
  ImageBatch out{core::Matrix(rows, pixels), {}};
  core::fill_uniform(core::stream(seed, core::StreamId::data), 0, 0,
                     {out.images.data(), static_cast<std::size_t>(out.images.size())});
  const Tokens labels = random_tokens(1, rows, classes, seed + 1);
  out.labels.assign(labels.data(), labels.data() + rows);
  return out;
}

/// Values far from where learning starts: every tensor, norms and biases included, is random.
template <class T>
RowOf<T> random_parameters(const Layout& layout, float std, std::uint64_t seed) {
  RowOf<float> out = RowOf<float>::Zero(layout.size());
  for (const Tensor& tensor : layout.tensors()) {
    auto part = out.segment(tensor.offset, tensor.size());
    core::fill_normal(core::stream(seed, core::StreamId::weight_init),
                      static_cast<std::uint64_t>(tensor.offset), 0,
                      {part.data(), static_cast<std::size_t>(part.size())});
    part *= std;
    if (tensor.start == Start::one) part.array() += 1.0F;
  }
  return out.cast<T>();
}

}  // namespace ohmlab::transformer
