#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../cost/accelerator.hpp"
#include "../../io/dataset.hpp"
#include "../../transformer/scale/training_run.hpp"
#include "../../transformer/scale/training_step.hpp"
#include "../results/checkpoint.hpp"
#include "../results/progress.hpp"
#include "../results/result.hpp"

namespace ohmlab::experiments {

/// Predicted cost of training a transformer of this shape on a machine; nothing is trained.
struct TrainingCost {
  static constexpr std::string_view name = "training_cost";
  static constexpr std::string_view summary =
      "Predicts step time, memory, accelerator-hours, energy, money and CO2 of training a "
      "transformer at scale.";
  static constexpr std::string_view equation =
      "hours = accelerators (tokens / tokens a step) seconds misfit / goodput, seconds = (step "
      "model)^(1/3) (6 N T a step / (peak utilisation))^(2/3)";
  static constexpr std::string_view source =
      "checked by `ohmlab validate training`: docs/validation/training.md";

  std::int64_t seed = 1, draws = 2000;
  scale::ModelShape model;
  cost::Accelerator accelerator;
  std::int64_t accelerators = 1;
  scale::TrainingPlan plan;
  bool fastest = false;
  scale::Efficiency efficiency;
  scale::TrainingRun run_of;
  static constexpr auto fields = core::Fields{
      core::field("seed", &TrainingCost::seed, "", core::at_least(0), "key of every random draw"),
      core::field("draws", &TrainingCost::draws, "", core::between(1, 1'000'000),
                  "draws for the bands"),
      core::field("model", &TrainingCost::model, "shape of the model", core::Need::required),
      core::field("accelerator", &TrainingCost::accelerator,
                  "a preset by base = \"accelerators/NAME\"", core::Need::required),
      core::field("accelerators", &TrainingCost::accelerators, "", core::at_least(1),
                  "number of accelerators", core::Need::required),
      core::field("plan", &TrainingCost::plan, "sharing of the work between accelerators",
                  core::Need::required),
      core::field(
          "fastest", &TrainingCost::fastest,
          "use the fastest plan that fits, with the batch, format and kind of attention of `plan`"),
      core::field("efficiency", &TrainingCost::efficiency,
                  "shares of their peaks that accelerators reach"),
      core::field("run", &TrainingCost::run_of,
                  "settings from steps to a run, and from hours to energy and money"),
  };
  [[nodiscard]] std::string problem() const;
  /// A complete example: an accelerator has no default.
  [[nodiscard]] static TrainingCost example();

  /// The plan that is timed. \throws core::UserError if none fits
  [[nodiscard]] scale::TrainingPlan chosen() const;
  [[nodiscard]] results::Result run(const io::Dataset& none, results::Progress& progress,
                                    const results::Checkpoint& checkpoint = {}) const;
};

}  // namespace ohmlab::experiments
