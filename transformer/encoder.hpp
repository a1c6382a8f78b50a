#pragma once

#include <cstdint>
#include <vector>

#include "blocks.hpp"
#include "loss.hpp"

namespace ohmlab::transformer {

/// Images, examples × (height · width), and their classes.
struct ImageBatch {
  core::Matrix images;
  std::vector<std::int32_t> labels;
  [[nodiscard]] Index examples() const noexcept { return images.rows(); }
};

/// Division of images into square patches, one per token.
struct Patches {
  Index height = 0, width = 0;  ///< size of an image in pixels, multiples of `side`
  Index side = 0;               ///< side of a square patch in pixels
  [[nodiscard]] Index count() const noexcept { return height / side * (width / side); }
  [[nodiscard]] Index pixels() const noexcept { return side * side; }
};

/// A vision transformer for classification: projected patches with learned positions, pre-norm
/// blocks between all tokens, the mean of all tokens after the last norm, a linear head. Source:
/// Dosovitskiy et al., "An image is worth 16x16 words", arXiv 2010.11929 (2021). The mean of the
/// tokens replaces the class token, which their appendix D.3 finds as good.
template <class T>
class Encoder {
 public:
  using Scalar = T;
  using Batch = ImageBatch;
  struct Workspace {
    Blocks::Workspace<T> blocks;
    MatrixOf<T> patches, pooled, pooled_gradient, gradient;
    MatrixOf<T> logits;  ///< examples × classes; probabilities after the loss
  };

  /// \pre size.problem() is ""
  Encoder(const Size& size, const Patches& patches, Index classes);

  [[nodiscard]] const Layout& layout() const noexcept { return layout_; }
  [[nodiscard]] std::int64_t layers() const noexcept { return layers_; }
  [[nodiscard]] Index tokens_each() const noexcept { return patches_.count(); }
  /// Number of predictions per example.
  [[nodiscard]] Index targets_each() const noexcept { return 1; }

  void prepare(Index examples, Workspace& w) const;

  /// See Decoder::run.
  Score run(const T* parameters, T* gradients, const ImageBatch& batch, Index first, Index count,
            T weight, Workspace& w, Meter& meter) const noexcept;

 private:
  void cut(const ImageBatch& batch, Index first, Workspace& w) const noexcept;
  void add_positions(const T* parameters, MatrixOf<T>& x, Meter& meter) const noexcept;
  void position_gradient(T* gradients, const MatrixOf<T>& dx, Meter& meter) const noexcept;
  void pool(Workspace& w, Meter& meter) const noexcept;
  void pool_gradient(Workspace& w, Meter& meter) const noexcept;

  Layout layout_;
  Patches patches_;
  Linear project_;
  std::size_t positions_;
  Blocks blocks_;
  Linear head_;
  std::int64_t layers_;
};

extern template class Encoder<float>;
extern template class Encoder<double>;

}  // namespace ohmlab::transformer
