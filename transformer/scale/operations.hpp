#pragma once

#include <string>
#include <vector>

#include "model_shape.hpp"
#include "training_plan.hpp"

namespace ohmlab::scale {

/// `count` equal products of an m × k with a k × n matrix, done in one call.
struct Product {
  std::string name;
  double count = 1, m = 0, n = 0, k = 0;

  [[nodiscard]] double flops() const noexcept { return 2 * count * m * n * k; }
  /// Bytes of both factors read and of the product written, two per number.
  [[nodiscard]] double bytes() const noexcept { return 2 * count * (m * k + k * n + m * n); }
};

/// Work of one accelerator of a tensor group for one micro-batch in one layer, in one direction.
struct Operations {
  std::vector<Product> weights;    ///< products with weights
  std::vector<Product> attention;  ///< scores and values, where they are separate products
  double fused_flops = 0;          ///< operations of a fused attention kernel
  double fused_bytes = 0;          ///< bytes of the same kernel
  double streamed_bytes = 0;       ///< bytes of work without a dominant product
  double streamed_calls = 0;       ///< calls of that work
  double core_bytes = 0;           ///< bytes of softmax and its dropout, beside streamed_bytes
  double core_calls = 0;           ///< calls of softmax and its dropout
};

/// One layer forward. Products: queries with keys and values in one, scores, values, output; then
/// feed-forward in and out, or router, routed experts (`experts / expert` of them here) and shared
/// ones. Relative positions add the projection of s distances and their scores. Streamed: norms
/// (read and write once each), residual sums with their dropout, nonlinearity, softmax and its
/// dropout; parallel blocks have one norm and one sum of three. The tensor group shares all work
/// inside attention and feed-forward, the rest only with sequence_parallel.
[[nodiscard]] Operations layer_forward(const ModelShape& model, const TrainingPlan& plan,
                                       bool with_experts);

/// One layer backward. Each product has one for its input's gradient and one for its weight's (or
/// second factor's), with m, n, k permuted. A fused kernel does 2.5 times its forward work, for it
/// computes the scores again (Dao, arXiv 2307.08691).
[[nodiscard]] Operations layer_backward(const ModelShape& model, const TrainingPlan& plan,
                                        bool with_experts);

/// The output layer and its loss, forward or backward; V is shared by the tensor group.
[[nodiscard]] Operations head_forward(const ModelShape& model, const TrainingPlan& plan);
[[nodiscard]] Operations head_backward(const ModelShape& model, const TrainingPlan& plan);

[[nodiscard]] double flops(const std::vector<Product>& products) noexcept;

}  // namespace ohmlab::scale
