#include "operations.hpp"

#include <algorithm>

namespace ohmlab::scale {
namespace {

/// The two gradients of each product.
std::vector<Product> gradients(const std::vector<Product>& forward) {
  std::vector<Product> out;
  for (const Product& p : forward) {
    out.push_back({p.name + " input gradient", p.count, p.m, p.k, p.n});
    out.push_back({p.name + " weight gradient", p.count, p.k, p.n, p.m});
  }
  return out;
}

/// Bytes that one pass streams per number of the micro-batch's activations or scores.
struct Streams {
  double norm, residual, dropout, nonlinearity, gated, softmax, core_dropout, shift;
};
// Two bytes per number read or written, one per mask. Forward: a norm reads and writes; a residual
// sum reads two and writes one; a dropout adds its mask to a fused sum. Backward: a norm reads
// input and gradient and writes one; a residual's gradient is the sum of two; a dropout reads
// gradient and mask and writes. Scores of relative positions are shifted and added to the others:
// two reads and a write, backward a read and a write.
constexpr Streams forward_streams{4, 6, 1, 4, 6, 4, 5, 6};
constexpr Streams backward_streams{6, 6, 5, 6, 10, 6, 5, 4};
constexpr double third_read = 2;  // the sum of parallel blocks adds three

void add_streams(Operations& work, const ModelShape& model, const TrainingPlan& plan,
                 bool with_experts, const Streams& bytes) {
  const auto b = static_cast<double>(plan.micro_batch), t = static_cast<double>(plan.tensor);
  const double outside = plan.sequence_parallel ? t : 1;
  const double tokens = b * model.s();
  const double mask = model.dropout ? bytes.dropout : 0;
  const double between = model.parallel_blocks ? bytes.norm + bytes.residual + third_read + 2 * mask
                                               : 2 * (bytes.norm + bytes.residual + mask);
  work.streamed_bytes = tokens * model.h() / outside * between;
  const double expert_width =
      static_cast<double>(model.active_experts + model.shared_experts) * model.expert_f();
  work.streamed_bytes +=
      tokens * (with_experts ? expert_width : model.f()) / t *
      ((with_experts ? model.gated : model.gates_dense()) ? bytes.gated : bytes.nonlinearity);
  work.streamed_calls = model.parallel_blocks ? 3 : 5;
  // routed tokens are sorted by expert and back
  if (with_experts)
    work.streamed_bytes += 4 * tokens * model.h() * static_cast<double>(model.active_experts);
  if (!plan.fused_attention) {
    work.core_bytes = b * model.a() / t * model.s() * model.s() *
                      (bytes.softmax + (model.dropout ? bytes.core_dropout : 0) +
                       (model.relative_positions ? bytes.shift : 0));
    work.core_calls = (model.dropout ? 2 : 1) + (model.relative_positions ? 1 : 0);
  }
}

}  // namespace

double flops(const std::vector<Product>& products) noexcept {
  double sum = 0;
  for (const Product& p : products) sum += p.flops();
  return sum;
}

Operations layer_forward(const ModelShape& model, const TrainingPlan& plan, bool with_experts) {
  const auto b = static_cast<double>(plan.micro_batch), t = static_cast<double>(plan.tensor);
  const double s = model.s(), h = model.h(), a = model.a(), d = model.d(), tokens = b * s;
  const auto r = static_cast<double>(model.rope_width), qr = static_cast<double>(model.q_rank),
             kr = static_cast<double>(model.kv_rank);
  Operations work;
  const double kv_heads = std::max(model.g(), t);  // fewer heads than accelerators are copied
  if (model.q_rank > 0 || model.kv_rank > 0) {
    if (model.q_rank > 0) work.weights.push_back({"query down", 1, tokens, qr / t, h});
    work.weights.push_back({"query", 1, tokens, a * (d + r) / t, model.q_rank > 0 ? qr : h});
    work.weights.push_back({"key and value down", 1, tokens, (kr + r) / t, h});
    work.weights.push_back({"key and value", 1, tokens, 2 * a * d / t, kr});
  } else {
    work.weights.push_back(
        {"query, key and value", 1, tokens, (a * (d + r) + 2 * kv_heads * d) / t, h});
  }
  if (model.relative_positions) work.weights.push_back({"positions", 1, s, a * d / t, h});
  if (plan.fused_attention) {
    work.fused_flops = 2 * b * a / t * s * s * model.score_width() * (model.causal ? 0.5 : 1);
    const double positions = model.relative_positions ? s * a : 0;
    work.fused_bytes = 2 * d * (tokens * (2 * a + 2 * kv_heads) + positions) / t;
  } else {
    work.attention.push_back({"scores", b * a / t, s, s, d + r});
    if (model.relative_positions)
      work.attention.push_back({"scores of positions", b * a / t, s, s, d});
    work.attention.push_back({"values", b * a / t, s, d, s});
  }
  work.weights.push_back({"attention output", 1, tokens, h, a * d / t});
  const double in = model.gated ? 2 : 1;
  if (with_experts) {
    const auto routed = static_cast<double>(model.active_experts),
               all = static_cast<double>(model.experts);
    const double local = all / static_cast<double>(plan.expert);
    const double each = tokens * routed / local, f = model.expert_f();
    work.weights.push_back({"router", 1, tokens, all, h});
    work.weights.push_back({"experts in", local, each, in * f / t, h});
    work.weights.push_back({"experts out", local, each, h, f / t});
    if (model.shared_experts > 0) {
      const double shared = static_cast<double>(model.shared_experts) * f;
      work.weights.push_back({"shared experts in", 1, tokens, in * shared / t, h});
      work.weights.push_back({"shared experts out", 1, tokens, h, shared / t});
    }
  } else {
    const double dense_in = model.gates_dense() ? 2 : 1;
    work.weights.push_back({"feed-forward in", 1, tokens, dense_in * model.f() / t, h});
    work.weights.push_back({"feed-forward out", 1, tokens, h, model.f() / t});
  }
  add_streams(work, model, plan, with_experts, forward_streams);
  return work;
}

Operations layer_backward(const ModelShape& model, const TrainingPlan& plan, bool with_experts) {
  const Operations forward = layer_forward(model, plan, with_experts);
  Operations work;
  work.weights = gradients(forward.weights);
  work.attention = gradients(forward.attention);
  work.fused_flops = 2.5 * forward.fused_flops;
  work.fused_bytes = 2 * forward.fused_bytes;
  add_streams(work, model, plan, with_experts, backward_streams);
  return work;
}

Operations head_forward(const ModelShape& model, const TrainingPlan& plan) {
  const double tokens = static_cast<double>(plan.micro_batch) * model.s();
  const double columns = static_cast<double>(model.vocabulary) / static_cast<double>(plan.tensor);
  Operations work;
  work.weights.push_back({"logits", 1, tokens, columns, model.h()});
  work.streamed_bytes = 12 * tokens * columns;  // float32 logits, their maximum and sum
  work.streamed_calls = 3;
  return work;
}

Operations head_backward(const ModelShape& model, const TrainingPlan& plan) {
  Operations work = head_forward(model, plan);
  work.weights = gradients(work.weights);
  return work;
}

}  // namespace ohmlab::scale
