#include "decoder.hpp"

#include <span>

namespace ohmlab::transformer {

template <class T>
Decoder<T>::Decoder(const Size& size, Index vocabulary, Index context)
    : embedding_(Embedding::add(layout_, vocabulary, context, size.width)),
      blocks_(Blocks::add(layout_, size, context, true)),
      layers_(size.layers),
      vocabulary_(vocabulary),
      context_(context) {}

template <class T>
void Decoder<T>::prepare(Index examples, Workspace& w) const {
  blocks_.prepare(examples, w.blocks);
  w.logits.resize(examples * context_, vocabulary_);
  w.gradient.resize(w.blocks.normed.rows(), w.blocks.normed.cols());
}

template <class T>
Score Decoder<T>::run(const T* parameters, T* gradients, const TokenBatch& batch, Index first,
                      Index count, T weight, Workspace& w, Meter& meter) const noexcept {
  const auto slice = [&](const Tokens& tokens) {
    return std::span(tokens.data() + first * context_, static_cast<std::size_t>(count * context_));
  };
  const auto inputs = slice(batch.inputs), targets = slice(batch.targets);
  embedding_.forward(layout_, parameters, inputs, w.blocks.input(), meter);
  blocks_.forward(layout_, parameters, w.blocks, meter);
  embedding_.head_forward(layout_, parameters, w.blocks.normed, w.logits, meter);
  const Score score = cross_entropy(w.logits, targets, meter);
  if (gradients == nullptr) return score;
  cross_entropy_gradient(w.logits, targets, weight, meter);
  embedding_.head_backward(layout_, parameters, gradients, w.blocks.normed, w.logits, w.gradient,
                           meter);
  blocks_.backward(layout_, parameters, gradients, w.gradient, w.blocks, meter);
  embedding_.backward(layout_, gradients, inputs, w.blocks.gradient, meter);
  return score;
}

template class Decoder<float>;
template class Decoder<double>;

}  // namespace ohmlab::transformer
