#pragma once

#include <cstdint>
#include <string>

#include "../../cost/accelerator.hpp"
#include "operations.hpp"
#include "training_step.hpp"

namespace ohmlab::scale {

/// Operations per second of a number format.
/// \throws core::UserError if the accelerator has no peak of it
[[nodiscard]] double peak_of(const cost::Accelerator& accelerator, const std::string& format);

/// The same, but that of 16 bits if the format is narrower: attention works in it, and published
/// utilisations count by it.
[[nodiscard]] double wide_peak(const cost::Accelerator& accelerator, const std::string& format);

/// Seconds of one layer, or of the head, in one direction.
struct Pass {
  double products = 0, attention = 0, streamed = 0, core = 0, tensor = 0, expert = 0;

  [[nodiscard]] double work() const noexcept { return products + attention + streamed + core; }
  [[nodiscard]] double total() const noexcept { return work() + tensor + expert; }
  Pass& add(const Pass& other, double times) noexcept;
};

/// Durations of work on one accelerator of a plan. It refers to what it is made of.
class StepClock {
 public:
  StepClock(const ModelShape& model, const cost::Accelerator& accelerator, const TrainingPlan& plan,
            const Efficiency& efficiency);

  [[nodiscard]] Pass pass(const Operations& work) const;

  /// Seconds of all-reduces, or of pairs of reduce-scatter and all-gather, of the micro-batch's
  /// activations in one layer: two, or one for parallel blocks.
  [[nodiscard]] double tensor_traffic() const;

  /// Seconds to send tokens to their experts and back, once. The slower of both networks counts.
  [[nodiscard]] double expert_traffic() const;

  /// Seconds from one stage to the next, once; the tensor group sends a share each.
  [[nodiscard]] double stage_traffic() const;

  /// Seconds to sum gradients and gather weights in a whole step, `parameters` numbers each.
  [[nodiscard]] double data_traffic(double parameters, std::int64_t copies,
                                    double micro_batches) const;

  /// Seconds of AdamW over `parameters` numbers, all in float32: the gradient's norm (4 B), its
  /// clipping (8), gradient, weight, mean and variance read (16), the last three and a 16-bit copy
  /// written (14).
  [[nodiscard]] double optimizer(double parameters) const { return 42 * parameters / bandwidth_; }

  /// Seconds to add a micro-batch's 16-bit gradients to float32 sums.
  [[nodiscard]] double accumulation(double parameters) const {
    return 10 * parameters / bandwidth_;
  }

  /// Seconds to gather activations again backward in a sequence-parallel group, less the overlap.
  [[nodiscard]] double gathered_again() const {
    return plan_.sequence_parallel ? (1 - e_.overlap) * tensor_traffic() / 2 : 0;
  }

 private:
  [[nodiscard]] double time(double work, double bytes) const;
  [[nodiscard]] double activations() const {
    return 2 * static_cast<double>(plan_.micro_batch) * model_.s() * model_.h();
  }
  /// Bytes per second of a ring over a group that spans `span` accelerators. Rings of `here`
  /// members in a node use as many of its network cards.
  [[nodiscard]] double wire(std::int64_t span, double here) const;

  const ModelShape& model_;
  const cost::Accelerator& on_;
  const TrainingPlan& plan_;
  const Efficiency& e_;
  double peak_, attention_peak_, bandwidth_;
};

}  // namespace ohmlab::scale
