#pragma once

#include <cstdint>

#include "blocks.hpp"
#include "embedding.hpp"
#include "loss.hpp"

namespace ohmlab::transformer {

using Tokens = Eigen::Matrix<std::int32_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// Sequences of one length and the next token after each token; sequences × context.
struct TokenBatch {
  Tokens inputs, targets;
  [[nodiscard]] Index examples() const noexcept { return inputs.rows(); }
};

/// A causal transformer of GPT kind: learned positions, pre-norm blocks, biases everywhere, GELU by
/// its hyperbolic tangent, output weights tied to the embedding. No dropout. Source: Radford, Wu,
/// Child, Luan, Amodei, Sutskever, "Language models are unsupervised multitask learners", 2019.
template <class T>
class Decoder {
 public:
  using Scalar = T;
  using Batch = TokenBatch;
  struct Workspace {
    Blocks::Workspace<T> blocks;
    MatrixOf<T> logits;  ///< tokens × vocabulary; probabilities after the loss
    MatrixOf<T> gradient;
  };

  /// \pre size.problem() is ""
  Decoder(const Size& size, Index vocabulary, Index context);

  [[nodiscard]] const Layout& layout() const noexcept { return layout_; }
  [[nodiscard]] std::int64_t layers() const noexcept { return layers_; }
  [[nodiscard]] Index tokens_each() const noexcept { return context_; }
  /// Number of predictions per example.
  [[nodiscard]] Index targets_each() const noexcept { return context_; }

  void prepare(Index examples, Workspace& w) const;

  /// Predicts `count` examples of a batch from number `first` on. Writes the gradients of `weight`
  /// · Σ -ln p(target) to `gradients`, unless it is null.
  /// \pre the workspace is prepared for `count` examples
  Score run(const T* parameters, T* gradients, const TokenBatch& batch, Index first, Index count,
            T weight, Workspace& w, Meter& meter) const noexcept;

 private:
  Layout layout_;
  Embedding embedding_;
  Blocks blocks_;
  std::int64_t layers_;
  Index vocabulary_, context_;
};

extern template class Decoder<float>;
extern template class Decoder<double>;

}  // namespace ohmlab::transformer
