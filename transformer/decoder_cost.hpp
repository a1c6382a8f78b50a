#pragma once

#include <cstdint>

#include "../cost/tally.hpp"

namespace ohmlab::transformer {

/// Shape of a causal decoder of GPT kind: learned positions, pre-norm blocks of self-attention and
/// a four-fold feed-forward part, biases everywhere, output weights tied to the embedding.
struct DecoderShape {
  std::int64_t layers = 2;
  std::int64_t width = 64;  ///< h
  std::int64_t vocabulary = 3;
  std::int64_t context = 784;  ///< s, tokens per sequence

  /// Number of parameters, L(12h² + 13h) + (V + s + 2)h.
  [[nodiscard]] double parameters() const noexcept;
  /// Operations of the matrix products of one forward pass over one sequence, two per
  /// multiply-accumulate. Attention counts the s(s+1)/2 causal pairs only, as causal kernels do:
  /// L(24sh² + 2s(s+1)h) + 2shV.
  [[nodiscard]] double forward_flops() const noexcept;
};

/// The shape with the parameter count nearest to `parameters`, with 1 to 12 layers. Widths are
/// multiples of 4, from 8 to 64 per layer.
[[nodiscard]] DecoderShape nearest_decoder(double parameters, std::int64_t vocabulary,
                                           std::int64_t context);

/// Posts a training run of `sequences` sequences and `updates` updates in mixed precision (bfloat16
/// products, float32 AdamW).
///
/// Operations: forward, twice that backward, and 11 per parameter and update.
/// Bytes per parameter and update: weights read forward and backward (2 B each), gradients written
/// (2 B). The update reads gradient and float32 weight, mean and variance (14 B). It writes the
/// last three and the bfloat16 copy (14 B). State is 16 B per parameter in all.
/// Activations: 34sh B a layer, written once and read once (Korthikanti et al., arXiv 2205.05198,
/// without the attention matrix, which fused kernels do not store).
void post_training(const DecoderShape& shape, double sequences, double updates, cost::Tally& tally);

}  // namespace ohmlab::transformer
