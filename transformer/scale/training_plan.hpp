#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "model_shape.hpp"

namespace ohmlab::scale {

enum class Recompute { none, selective, full };
constexpr std::array<std::string_view, 3> enum_names(Recompute) {
  return {"none", "selective", "full"};
}

/// Division of the work of one step among accelerators.
struct TrainingPlan {
  static constexpr std::string_view name = "training_plan";
  static constexpr std::string_view summary =
      "Tensor, pipeline, data and expert parallelism, recomputation and sharding of one training "
      "step.";
  static constexpr std::string_view source =
      "Narayanan et al., arXiv 2104.04473; Korthikanti et al., arXiv 2205.05198; Rajbhandari et "
      "al., arXiv 1910.02054 (sharding stages); DeepSeek-V3, arXiv 2412.19437 (experts on few "
      "nodes); Llama 3, arXiv 2407.21783 (pieces of embedding and output)";

  std::int64_t tensor = 1, pipeline = 1, data = 1, expert = 1, interleave = 1;
  std::int64_t micro_batch = 1, batch = 1;
  std::int64_t expert_nodes = 0;
  bool fp8_dispatch = false, hidden_experts = false;
  bool uneven = false;
  bool sequence_parallel = false;
  bool fused_attention = true;
  Recompute recompute = Recompute::none;
  std::int64_t sharding = 1;
  std::string format = "bf16";
  static constexpr auto fields = core::Fields{
      core::field("tensor", &TrainingPlan::tensor, "", core::at_least(1),
                  "t, accelerators that share a layer"),
      core::field("pipeline", &TrainingPlan::pipeline, "", core::at_least(1),
                  "p, stages of layers"),
      core::field("data", &TrainingPlan::data, "", core::at_least(1), "d, copies of the model"),
      core::field("expert", &TrainingPlan::expert, "", core::at_least(1),
                  "copies of the other weights that share one set of experts; a divisor of data"),
      core::field("expert_nodes", &TrainingPlan::expert_nodes, "", core::at_least(0),
                  "most nodes that a token is sent to, once each, on to its experts by the links "
                  "within; 0: once to every expert, wherever it is"),
      core::field("fp8_dispatch", &TrainingPlan::fp8_dispatch,
                  "tokens and gradients go to experts in 8 bits, and come back in 16"),
      core::field("hidden_experts", &TrainingPlan::hidden_experts,
                  "traffic of experts hides behind all work of other micro-batches"),
      core::field("interleave", &TrainingPlan::interleave, "", core::at_least(1),
                  "v, pieces of the model on one stage"),
      core::field("micro_batch", &TrainingPlan::micro_batch, "", core::at_least(1),
                  "b, sequences that pass a stage at once"),
      core::field("batch", &TrainingPlan::batch, "", core::at_least(1), "B, sequences of one step"),
      core::field(
          "uneven", &TrainingPlan::uneven,
          "stages may differ by one layer; embedding and output may be pieces of their own"),
      core::field("sequence_parallel", &TrainingPlan::sequence_parallel,
                  "norms and dropout are shared by the tensor group too"),
      core::field("fused_attention", &TrainingPlan::fused_attention,
                  "scores stay on the chip, and masked ones are not computed (FlashAttention)"),
      core::field("recompute", &TrainingPlan::recompute,
                  "part computed again backward: nothing, the attention's core, every layer"),
      core::field(
          "sharding", &TrainingPlan::sharding, "", core::between(0, 3),
          "ZeRO stage: 1 optimizer (distributed optimizer), 2 gradients too, 3 weights too (FSDP)"),
      core::field("format", &TrainingPlan::format,
                  "number format of the products, a key of the peaks"),
  };
  [[nodiscard]] std::string problem() const;

  [[nodiscard]] std::int64_t accelerators() const noexcept { return tensor * pipeline * data; }
  [[nodiscard]] std::int64_t micro_batches() const noexcept { return batch / (data * micro_batch); }
  /// Reason why this plan cannot run this model, or "".
  [[nodiscard]] std::string problem_with(const ModelShape& model) const;
};

}  // namespace ohmlab::scale
