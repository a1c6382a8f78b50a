#include "training_plan.hpp"

#include <fmt/format.h>

namespace ohmlab::scale {

std::string TrainingPlan::problem() const {
  if (batch % (data * micro_batch) != 0) {
    return fmt::format("batch: expected a multiple of data x micro_batch = {} sequences, found {}",
                       data * micro_batch, batch);
  }
  if (data % expert != 0) return fmt::format("expert: expected a divisor of data = {}", data);
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
  if (pieces > model.layers || (model.layers % pieces != 0 && !uneven)) {
    return fmt::format("pipeline x interleave: expected a divisor of layers = {}, found {}{}",
                       model.layers, pieces, pieces < model.layers ? "; or uneven = true" : "");
  }
  if (model.experts % expert != 0) {
    return fmt::format("expert: expected a divisor of experts = {}, found {}", model.experts,
                       expert);
  }
  return "";
}

}  // namespace ohmlab::scale
