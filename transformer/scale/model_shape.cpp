#include "model_shape.hpp"

#include <fmt/format.h>

namespace ohmlab::scale {

std::string ModelShape::problem() const {
  if (head_width == 0 && width % heads != 0) {
    return fmt::format("heads: expected a divisor of width = {}, or a head_width", width);
  }
  if (kv_heads > 0 && heads % kv_heads != 0) {
    return fmt::format("kv_heads: expected a divisor of heads = {}", heads);
  }
  if (active_experts > experts)
    return fmt::format("active_experts: expected at most experts = {}", experts);
  if (dense_layers > layers)
    return fmt::format("dense_layers: expected at most layers = {}", layers);
  if (dense_gated && gated)
    return "dense_gated: expected false with gated = true, which gates all layers";
  if (dense_gated && experts == 1)
    return "dense_gated: expected a model with experts; gated = true gates a dense one";
  return "";
}

std::int64_t ModelShape::expert_layers() const noexcept {
  return experts > 1 ? (layers - dense_layers) / expert_every : 0;
}

double ModelShape::attention_parameters() const noexcept {
  const double out = a() * d() * h();
  const auto qr = static_cast<double>(q_rank), kr = static_cast<double>(kv_rank),
             r = static_cast<double>(rope_width);
  const double query = q_rank > 0 ? h() * qr + qr * a() * (d() + r) : h() * a() * (d() + r);
  const double key_value = kv_rank > 0 ? h() * (kr + r) + kr * a() * 2 * d() : 2 * h() * g() * d();
  return query + key_value + out;
}

double ModelShape::position_parameters() const noexcept {
  return relative_positions ? h() * a() * d() : 0;
}

double ModelShape::dense_parameters() const noexcept { return (gates_dense() ? 3 : 2) * h() * f(); }

double ModelShape::routed_parameters() const noexcept {
  return static_cast<double>(experts) * (gated ? 3 : 2) * h() * expert_f();
}

double ModelShape::common_expert_parameters() const noexcept {
  return h() * static_cast<double>(experts) +
         static_cast<double>(shared_experts) * (gated ? 3 : 2) * h() * expert_f();
}

double ModelShape::embedding_parameters() const noexcept {
  return (tied ? 1 : 2) * h() * static_cast<double>(vocabulary);
}

double ModelShape::parameters() const noexcept {
  const auto l = static_cast<double>(layers), e = static_cast<double>(expert_layers());
  return l * (attention_parameters() + position_parameters() + norms() * h()) + h() +
         (l - e) * dense_parameters() + e * (routed_parameters() + common_expert_parameters()) +
         embedding_parameters();
}

double ModelShape::active_parameters() const noexcept {
  const double idle = 1 - static_cast<double>(active_experts) / static_cast<double>(experts);
  return parameters() - static_cast<double>(expert_layers()) * idle * routed_parameters();
}

double ModelShape::training_flops_per_token() const noexcept {
  const auto l = static_cast<double>(layers), e = static_cast<double>(expert_layers());
  const double share = static_cast<double>(active_experts) / static_cast<double>(experts);
  const double weights = l * attention_parameters() + (l - e) * dense_parameters() +
                         e * (share * routed_parameters() + common_expert_parameters()) +
                         h() * static_cast<double>(vocabulary);
  return 6 * weights + 6 * l * a() * score_width() * s();
}

}  // namespace ohmlab::scale
