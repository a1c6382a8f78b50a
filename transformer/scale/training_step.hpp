#pragma once

#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../cost/accelerator.hpp"
#include "model_shape.hpp"
#include "training_plan.hpp"

namespace ohmlab::scale {

/// Shares of their peaks that accelerators reach: few constants for all models and machines, no
/// table per run.
struct Efficiency {
  static constexpr std::string_view name = "efficiency";
  static constexpr std::string_view summary =
      "Shares of their peaks that accelerators reach: a call takes a fixed time beside its work.";
  static constexpr std::string_view equation =
      "seconds(product) = call + max(flops / (ceiling peak), bytes / (streamed bandwidth))";
  static constexpr std::string_view source =
      "law of the half-performance length, Hockney and Jesshope, Parallel Computers 2 (1988), with "
      "the roofline of Williams et al., CACM 52(4), 65 (2009); values as their fields say";

  double ceiling = 0.86;
  double call = 10e-6;
  double streamed = 0.85;
  double fused_attention = 0.45;
  double link = 0.44;
  double overlap = 0.75;
  static constexpr auto fields = core::Fields{
      core::field(
          "ceiling", &Efficiency::ceiling, "", core::between(1e-6, 1),
          "share of the peak that endless products reach; calibrated on Megatron's 22B and 175B"),
      core::field("call", &Efficiency::call, "s", core::at_least(0),
                  "time of one product, kernel or collective beside its work: start, first and "
                  "last waves; assumed, beside 5 to 10 us of a launch")
          .usually(1e-9, 1),
      core::field("streamed", &Efficiency::streamed, "", core::between(1e-6, 1),
                  "share of the memory's bandwidth: STREAM on an A100, about 0.85 to 0.9"),
      core::field("fused_attention", &Efficiency::fused_attention, "", core::between(1e-6, 1),
                  "share of the peak of fused attention: 0.25 to 0.4 and 0.5 to 0.73 in its first "
                  "two versions, Dao, arXiv 2307.08691"),
      core::field("link", &Efficiency::link, "", core::between(1e-6, 1),
                  "share of a link's bandwidth that collectives reach; calibrated on Megatron's "
                  "22B and 175B"),
      core::field("overlap", &Efficiency::overlap, "", core::fraction,
                  "share of data-parallel and expert traffic that hides behind work, if there is "
                  "enough; assumed"),
  };
};

/// Efficiency without losses, for tests that compare with operations over peak.
[[nodiscard]] constexpr Efficiency perfect() noexcept { return {1, 0, 1, 1, 1, 1}; }

/// Seconds of one step on its critical path.
struct StepTime {
  double products = 0, attention = 0, streamed = 0, recompute = 0;
  double tensor = 0, pipeline = 0, expert = 0, data = 0;
  double bubble = 0, optimizer = 0;

  [[nodiscard]] double total() const noexcept {
    return products + attention + streamed + recompute + tensor + pipeline + expert + data +
           bubble + optimizer;
  }
};

/// Bytes on the fullest accelerator.
struct StepMemory {
  double weights = 0, gradients = 0, optimizer = 0, activations = 0;
  [[nodiscard]] double total() const noexcept {
    return weights + gradients + optimizer + activations;
  }
};

struct TrainingStep {
  StepTime time;
  StepMemory memory;
  /// Operations of the model on all accelerators: no recomputation, scores in full.
  double flops = 0;
  double hardware_flops = 0;  ///< operations with recomputation
  double mfu = 0;             ///< flops over peak and time
  double hfu = 0;             ///< hardware_flops over peak and time
  double tokens = 0;
  /// 6 N T of the step over the peak of all accelerators, as published utilisations count: N are
  /// active parameters, and the peak is that of 16 bits for narrower formats.
  double peak_seconds = 0;
};

/// Bytes that one layer keeps of one micro-batch: s b h (34 + 5 a s / h) for a GPT with dropout.
/// Selective recomputation and fused attention leave out the core's part; full recomputation keeps
/// 2 s b h. Shared as in Korthikanti et al., arXiv 2205.05198, equations 1 to 4 and 6.
[[nodiscard]] double activation_bytes(const ModelShape& model, const TrainingPlan& plan,
                                      bool with_experts);

/// Bytes of state and activations. State is 2 + 4 + 12 per parameter: weights in 16 bits, gradients
/// summed in float32, float32 weight, mean and variance. Sharding is as in Rajbhandari et al.,
/// arXiv 1910.02054. Activations are those of all micro-batches in flight on the first stage.
[[nodiscard]] StepMemory step_memory(const ModelShape& model, const TrainingPlan& plan);

/// One step: every product, kernel and collective of the slowest stage, then the pipeline's fill,
/// gradients and optimizer.
/// \throws core::UserError if the plan does not divide the model, if the accelerator has no peak of
///          the plan's format, or if `must_fit` is true and the memory is too small
[[nodiscard]] TrainingStep training_step(const ModelShape& model,
                                         const cost::Accelerator& accelerator,
                                         const TrainingPlan& plan, const Efficiency& efficiency,
                                         bool must_fit = true);

/// No plan fits a model into a machine.
class NoPlanFits : public core::UserError {
 public:
  using core::UserError::UserError;
};

/// The fastest plan among those that fit: tensor groups within a node, any pipeline, micro-batches
/// of up to 8 sequences, every recomputation, sharding stages 1 and 3.
/// \param like  gives format, fused attention and sequence parallelism
/// \throws NoPlanFits if no plan fits
[[nodiscard]] TrainingPlan fastest_plan(const ModelShape& model,
                                        const cost::Accelerator& accelerator,
                                        std::int64_t accelerators, std::int64_t batch,
                                        const TrainingPlan& like, const Efficiency& efficiency);

}  // namespace ohmlab::scale
