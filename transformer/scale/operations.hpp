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
  /// Both factors read, the product written, two bytes a number.
  [[nodiscard]] double bytes() const noexcept { return 2 * count * (m * k + k * n + m * n); }
};

/// What one accelerator of a tensor group does for one micro-batch in one layer, in one direction.
struct Operations {
  std::vector<Product> weights;    ///< products with weights
  std::vector<Product> attention;  ///< scores and values, where they are separate products
  double fused_flops = 0;          ///< of a fused attention kernel
  double fused_bytes = 0;
  double streamed_bytes = 0;  ///< read and written by work that no product dominates
  double streamed_calls = 0;  ///< of such work
  double core_bytes = 0;  ///< of it, what belongs to the attention's core (softmax and its dropout)
  double core_calls = 0;
};

/// One layer forward. Products: queries with keys and values in one, scores, values, output,
/// feed-forward in and out, or router, routed experts (`experts / expert` of them here) and shared
/// ones. Streamed: norms (read and write once each), residual sums with their dropout,
/// nonlinearity, softmax and its dropout; the tensor group shares what lies inside attention and
/// feed-forward, the rest only with sequence_parallel.
[[nodiscard]] Operations layer_forward(const ModelShape& model, const TrainingPlan& plan,
                                       bool with_experts);

/// One layer backward: each product has one for its input's gradient and one for its weight's (or
/// second factor's), with m, n, k permuted; a fused kernel does 2.5 times its forward work, for it
/// computes the scores again (Dao, arXiv 2307.08691).
[[nodiscard]] Operations layer_backward(const ModelShape& model, const TrainingPlan& plan,
                                        bool with_experts);

/// The output layer and its loss, forward or backward; V is shared by the tensor group.
[[nodiscard]] Operations head_forward(const ModelShape& model, const TrainingPlan& plan);
[[nodiscard]] Operations head_backward(const ModelShape& model, const TrainingPlan& plan);

[[nodiscard]] double flops(const std::vector<Product>& products) noexcept;

}  // namespace ohmlab::scale
