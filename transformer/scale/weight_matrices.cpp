#include "weight_matrices.hpp"

namespace ohmlab::scale {

std::vector<WeightMatrix> weight_matrices(const ModelShape& m) {
  const auto layers = static_cast<double>(m.layers),
             with_experts = static_cast<double>(m.expert_layers());
  const double dense = layers - with_experts, h = m.h(), heads = m.a() * m.d();
  const auto q = static_cast<double>(m.q_rank), kv = static_cast<double>(m.kv_rank),
             r = static_cast<double>(m.rope_width);
  std::vector<WeightMatrix> out;
  const auto add = [&](const char* name, double inputs, double outputs, double held, double used) {
    if (held > 0) out.push_back({name, inputs, outputs, held, used});
  };
  const double query = m.a() * (m.d() + r);
  if (m.q_rank > 0) {
    add("query down", h, q, layers, layers);
    add("query up", q, query, layers, layers);
  } else {
    add("query", h, query, layers, layers);
  }
  if (m.kv_rank > 0) {
    add("key value down", h, kv + r, layers, layers);
    add("key value up", kv, 2 * heads, layers, layers);
  } else {
    add("key", h, m.g() * m.d(), layers, layers);
    add("value", h, m.g() * m.d(), layers, layers);
  }
  add("attention out", heads, h, layers, layers);
  // s distances of a sequence of s tokens
  if (m.relative_positions) add("positions", h, heads, layers, layers);
  const double ups = m.gated ? 2 : 1, dense_ups = m.gates_dense() ? 2 : 1;
  add("up", h, m.f(), dense_ups * dense, dense_ups * dense);
  add("down", m.f(), h, dense, dense);
  const auto experts = static_cast<double>(m.experts),
             active = static_cast<double>(m.active_experts),
             shared = static_cast<double>(m.shared_experts);
  add("router", h, experts, with_experts, with_experts);
  add("expert up", h, m.expert_f(), ups * (experts + shared) * with_experts,
      ups * (active + shared) * with_experts);
  add("expert down", m.expert_f(), h, (experts + shared) * with_experts,
      (active + shared) * with_experts);
  add("output", h, static_cast<double>(m.vocabulary), 1, 1);
  return out;
}

}  // namespace ohmlab::scale
