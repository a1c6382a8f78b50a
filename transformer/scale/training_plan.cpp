#include "training_plan.hpp"

#include <fmt/format.h>

namespace ohmlab::scale {

std::string TrainingPlan::problem() const {
  if (batch % (data * micro_batch) != 0) {
    return fmt::format("batch: expected a multiple of data x micro_batch = {} sequences, found {}",
                       data * micro_batch, batch);
  }
  if (data % expert != 0) return fmt::format("expert: expected a divisor of data = {}", data);
  if (expert == 1 && (expert_nodes > 0 || fp8_dispatch || hidden_experts)) {
    return fmt::format("{}: expected expert > 1, for without it no token leaves its accelerator",
                       expert_nodes > 0 ? "expert_nodes"
                       : fp8_dispatch   ? "fp8_dispatch"
                                        : "hidden_experts");
  }
  if (interleave > 1 && pipeline == 1) return "interleave: expected 1 without a pipeline";
  if (interleave > 1 && micro_batches() % pipeline != 0) {
    return fmt::format(
        "interleave: expected micro-batches ({}) in multiples of the pipeline's stages ({})",
        micro_batches(), pipeline);
  }
  return "";
}

std::string TrainingPlan::problem_with(const ModelShape& model) const {
  if (model.heads % tensor != 0) {
    return fmt::format("tensor: expected a divisor of heads = {}, found {}", model.heads, tensor);
  }
  const std::int64_t pieces = pipeline * interleave;
  // uneven pieces hold a layer each; embedding and output may be two more
  const std::int64_t most = model.layers + 2;
  if (uneven && pieces > most) {
    return fmt::format("pipeline x interleave: expected at most layers + 2 = {}, found {}", most,
                       pieces);
  }
  if (!uneven && model.layers % pieces != 0) {
    return fmt::format("pipeline x interleave: expected a divisor of layers = {}, found {}{}",
                       model.layers, pieces, pieces <= most ? "; or uneven = true" : "");
  }
  if (model.experts % expert != 0) {
    return fmt::format("expert: expected a divisor of experts = {}, found {}", model.experts,
                       expert);
  }
  return "";
}

}  // namespace ohmlab::scale
