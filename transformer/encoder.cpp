#include "encoder.hpp"

#include <span>

namespace ohmlab::transformer {

template <class T>
Encoder<T>::Encoder(const Size& size, const Patches& patches, Index classes)
    : patches_(patches),
      project_(Linear::add(layout_, "patch_embedding", {"pixel", patches.pixels()},
                           {"width", size.width})),
      positions_(layout_.add(
          {"position_embedding", "position", "width", patches.count(), size.width, Start::normal})),
      blocks_(Blocks::add(layout_, size, patches.count(), false)),
      head_(Linear::add(layout_, "head", {"width", size.width}, {"class", classes})),
      layers_(size.layers) {}

template <class T>
void Encoder<T>::prepare(Index examples, Workspace& w) const {
  blocks_.prepare(examples, w.blocks);
  const Index tokens = w.blocks.normed.rows(), width = w.blocks.normed.cols();
  w.patches.resize(tokens, patches_.pixels());
  w.gradient.resize(tokens, width);
  w.pooled.resize(examples, width);
  w.pooled_gradient.resize(examples, width);
  w.logits.resize(examples, layout_[head_.bias].cols);
}

template <class T>
void Encoder<T>::cut(const ImageBatch& batch, Index first, Workspace& w) const noexcept {
  const Index side = patches_.side, across = patches_.width / side;
  for (Index token = 0; token < w.patches.rows(); ++token) {
    const Index patch = token % patches_.count(), top = patch / across * side,
                left = patch % across * side;
    const auto image = batch.images.row(first + token / patches_.count());
    for (Index y = 0; y < side; ++y) {
      w.patches.row(token).segment(y * side, side) =
          image.segment((top + y) * patches_.width + left, side).template cast<T>();
    }
  }
}

template <class T>
void Encoder<T>::add_positions(const T* parameters, MatrixOf<T>& x, Meter& meter) const noexcept {
  const auto p = view(parameters, layout_[positions_]);
  for (Index i = 0; i < x.rows(); ++i) x.row(i) += p.row(i % p.rows());
  const auto n = static_cast<double>(x.size());
  meter.add(Pass::forward, Part::embedding, n, 2 * n, n);
}

template <class T>
void Encoder<T>::position_gradient(T* gradients, const MatrixOf<T>& dx,
                                   Meter& meter) const noexcept {
  auto p = view(gradients, layout_[positions_]);
  p.setZero();
  for (Index i = 0; i < dx.rows(); ++i) p.row(i % p.rows()) += dx.row(i);
  const auto n = static_cast<double>(dx.size());
  meter.add(Pass::weight_gradient, Part::embedding, n, n, 0, 0, static_cast<double>(p.size()));
}

template <class T>
void Encoder<T>::pool(Workspace& w, Meter& meter) const noexcept {
  const Index tokens = patches_.count();
  for (Index i = 0; i < w.pooled.rows(); ++i) {
    w.pooled.row(i) = w.blocks.normed.middleRows(i * tokens, tokens).colwise().mean();
  }
  const auto in = static_cast<double>(w.blocks.normed.size()),
             out = static_cast<double>(w.pooled.size());
  meter.add(Pass::forward, Part::pooling, in + out, in, out);
}

template <class T>
void Encoder<T>::pool_gradient(Workspace& w, Meter& meter) const noexcept {
  const Index tokens = patches_.count();
  const T share = 1 / static_cast<T>(tokens);
  for (Index i = 0; i < w.pooled.rows(); ++i) {
    w.pooled_gradient.row(i) *= share;
    w.gradient.middleRows(i * tokens, tokens).rowwise() = w.pooled_gradient.row(i);
  }
  const auto in = static_cast<double>(w.pooled.size()),
             out = static_cast<double>(w.gradient.size());
  meter.add(Pass::activation_gradient, Part::pooling, in, in, out);
}

template <class T>
Score Encoder<T>::run(const T* parameters, T* gradients, const ImageBatch& batch, Index first,
                      Index count, T weight, Workspace& w, Meter& meter) const noexcept {
  const auto labels =
      std::span(batch.labels)
          .subspan(static_cast<std::size_t>(first), static_cast<std::size_t>(count));
  cut(batch, first, w);
  project_.forward(layout_, parameters, w.patches, w.blocks.input(), meter);
  add_positions(parameters, w.blocks.input(), meter);
  blocks_.forward(layout_, parameters, w.blocks, meter);
  pool(w, meter);
  head_.forward(layout_, parameters, w.pooled, w.logits, meter);
  const Score score = cross_entropy<T>(w.logits, labels, meter);
  if (gradients == nullptr) return score;
  cross_entropy_gradient<T>(w.logits, labels, weight, meter);
  head_.backward(layout_, parameters, gradients, w.pooled, w.logits, &w.pooled_gradient, meter);
  pool_gradient(w, meter);
  blocks_.backward(layout_, parameters, gradients, w.gradient, w.blocks, meter);
  position_gradient(gradients, w.blocks.gradient, meter);
  project_.backward<T>(layout_, parameters, gradients, w.patches, w.blocks.gradient, nullptr,
                       meter);
  return score;
}

template class Encoder<float>;
template class Encoder<double>;

}  // namespace ohmlab::transformer
