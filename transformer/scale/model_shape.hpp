#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::scale {

/// Shape of a transformer of any published kind, for its cost at scale.
struct ModelShape {
  static constexpr std::string_view name = "model_shape";
  static constexpr std::string_view summary =
      "A decoder, dense or of experts, with full, grouped or latent attention, plain or gated "
      "feed-forward parts, one after the other or side by side.";
  static constexpr std::string_view equation =
      "products forward = 2 B s [L (h d (2a + 2g) + 2 a d s + (2 or 3) h f K) + h V], scores not "
      "halved";
  static constexpr std::string_view source =
      "Narayanan et al., arXiv 2104.04473; grouped heads Ainslie et al., arXiv 2305.13245; latent "
      "attention and shared experts DeepSeek-V3, arXiv 2412.19437; parallel blocks PaLM, arXiv "
      "2204.02311; relative positions Transformer-XL, arXiv 1901.02860; gated dense layers GLaM, "
      "arXiv 2112.06905";

  std::int64_t layers = 96, width = 12288, heads = 96, kv_heads = 0, head_width = 0, ffn = 0;
  bool gated = false, dense_gated = false, parallel_blocks = false, relative_positions = false;
  std::int64_t vocabulary = 51200, sequence = 2048;
  bool tied = true;
  bool causal = true;
  bool dropout = false;
  std::int64_t experts = 1, active_experts = 1, shared_experts = 0, expert_ffn = 0,
               expert_every = 1, dense_layers = 0;
  std::int64_t q_rank = 0, kv_rank = 0, rope_width = 0;
  static constexpr auto fields = core::Fields{
      core::field("layers", &ModelShape::layers, "", core::at_least(1), "blocks"),
      core::field("width", &ModelShape::width, "", core::at_least(1), "h, numbers per token"),
      core::field("heads", &ModelShape::heads, "", core::at_least(1), "a, attention heads"),
      core::field("kv_heads", &ModelShape::kv_heads, "", core::at_least(0),
                  "g, heads of keys and values; 0: as many as heads"),
      core::field("head_width", &ModelShape::head_width, "", core::at_least(0),
                  "d, width of a head; 0: width / heads"),
      core::field("ffn", &ModelShape::ffn, "", core::at_least(0),
                  "f, feed-forward width of dense layers; 0: 4 width"),
      core::field("gated", &ModelShape::gated, "three feed-forward matrices (GLU) instead of two"),
      core::field("dense_gated", &ModelShape::dense_gated,
                  "the layers without experts are gated, though the experts are not"),
      core::field("parallel_blocks", &ModelShape::parallel_blocks,
                  "attention and feed-forward part read the same norm, and one sum adds both: a "
                  "tensor group sums once a layer instead of twice"),
      core::field("relative_positions", &ModelShape::relative_positions,
                  "queries also meet projected distances: one more matrix a layer, and one more "
                  "product of scores"),
      core::field("vocabulary", &ModelShape::vocabulary, "", core::at_least(1),
                  "V, tokens of the vocabulary"),
      core::field("sequence", &ModelShape::sequence, "", core::at_least(1),
                  "s, tokens of a sequence"),
      core::field("tied", &ModelShape::tied, "output weights are the embedding's"),
      core::field("causal", &ModelShape::causal, "a token attends to those before it only"),
      core::field("dropout", &ModelShape::dropout, "dropout masks are drawn and kept"),
      core::field("experts", &ModelShape::experts, "", core::at_least(1),
                  "experts of one layer; 1: dense"),
      core::field("active_experts", &ModelShape::active_experts, "", core::at_least(1),
                  "experts that a token is routed to"),
      core::field("shared_experts", &ModelShape::shared_experts, "", core::at_least(0),
                  "experts that see every token"),
      core::field("expert_ffn", &ModelShape::expert_ffn, "", core::at_least(0),
                  "f, feed-forward width of an expert; 0: as ffn"),
      core::field("expert_every", &ModelShape::expert_every, "", core::at_least(1),
                  "one layer in so many has experts"),
      core::field("dense_layers", &ModelShape::dense_layers, "", core::at_least(0),
                  "first layers without experts"),
      core::field("q_rank", &ModelShape::q_rank, "", core::at_least(0),
                  "rank of latent queries; 0: none"),
      core::field("kv_rank", &ModelShape::kv_rank, "", core::at_least(0),
                  "rank of latent keys and values; 0: none"),
      core::field("rope_width", &ModelShape::rope_width, "", core::at_least(0),
                  "position part of a latent head"),
  };
  [[nodiscard]] std::string problem() const;

  // values that the zeros stand for
  [[nodiscard]] double h() const noexcept { return static_cast<double>(width); }
  [[nodiscard]] double a() const noexcept { return static_cast<double>(heads); }
  [[nodiscard]] double g() const noexcept {
    return static_cast<double>(kv_heads > 0 ? kv_heads : heads);
  }
  [[nodiscard]] double d() const noexcept {
    return head_width > 0 ? static_cast<double>(head_width) : h() / a();
  }
  [[nodiscard]] double f() const noexcept { return ffn > 0 ? static_cast<double>(ffn) : 4 * h(); }
  [[nodiscard]] double expert_f() const noexcept {
    return expert_ffn > 0 ? static_cast<double>(expert_ffn) : f();
  }
  [[nodiscard]] double s() const noexcept { return static_cast<double>(sequence); }

  [[nodiscard]] double norms() const noexcept { return parallel_blocks ? 1 : 2; }  ///< of a layer
  [[nodiscard]] bool gates_dense() const noexcept { return gated || dense_gated; }
  /// Numbers of one head that meet in the scores and values of one pair of tokens.
  [[nodiscard]] double score_width() const noexcept {
    return (relative_positions ? 3 : 2) * d() + static_cast<double>(rope_width);
  }

  [[nodiscard]] std::int64_t expert_layers() const noexcept;
  /// Attention of one layer, without the matrix of relative positions.
  [[nodiscard]] double attention_parameters() const noexcept;
  /// Matrix of one layer that projects distances. It works on the s distances of a micro-batch
  /// once.
  [[nodiscard]] double position_parameters() const noexcept;
  /// Feed-forward part of one layer without experts.
  [[nodiscard]] double dense_parameters() const noexcept;
  [[nodiscard]] double routed_parameters() const noexcept;  ///< all routed experts of one layer
  /// Router and shared experts of one layer.
  [[nodiscard]] double common_expert_parameters() const noexcept;
  [[nodiscard]] double embedding_parameters() const noexcept;
  /// Matrices and norms; biases and learned positions, below 0.1 %, are left out.
  [[nodiscard]] double parameters() const noexcept;
  /// Parameters that work on one token: of the routed experts the active ones only.
  [[nodiscard]] double active_parameters() const noexcept;
  /// Operations of all products forward and backward on one token, without recomputation. Scores
  /// count in full, as in the utilisations that Megatron and PaLM print. The projection of relative
  /// positions, which no token brings, is left out.
  [[nodiscard]] double training_flops_per_token() const noexcept;
};

}  // namespace ohmlab::scale
