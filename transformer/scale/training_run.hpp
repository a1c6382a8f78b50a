#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../cost/accelerator.hpp"
#include "../../cost/outlook.hpp"
#include "training_step.hpp"

namespace ohmlab::scale {

/// Weight of the step model in ln(step seconds); the rest is a constant utilisation's. Fixed by
/// design, not fitted. Software, restarts and unpublished plans move the utilisation of a run too,
/// so that predicted differences come out smaller: over published runs ln(utilisation) rises by
/// about 0.35 where that of the step model rises by 1 (docs/validation/training.md).
inline constexpr double step_model_weight = 1.0 / 3;

/// Geometric mean of a time by the step model and by a constant utilisation, with that weight.
[[nodiscard]] double blended(double by_steps, double by_constant) noexcept;

/// Real over blended time, goodput left out. \param planned  true if the plan is known, false if it
/// is the fastest that fits
[[nodiscard]] const cost::Share& default_misfit(bool planned);

/// Quantities that turn steps into a run: tokens, losses around the steps, load and energy
/// overhead.
struct TrainingRun {
  static constexpr std::string_view name = "training_run";
  static constexpr std::string_view summary =
      "Steps into a run: hours, energy at three boundaries, money, CO2.";
  static constexpr std::string_view equation =
      "hours = accelerators steps seconds misfit / goodput, seconds = (step model)^(1/3) (6 N T a "
      "step / (peak utilisation))^(2/3); chip W = goodput node_share tdp + (1 - goodput) idle; "
      "node W = chip + node_share host; facility = PUE node";
  static constexpr std::string_view source =
      "checked by `ohmlab validate training`: docs/validation/training.md; bands as their fields "
      "say";

  double tokens = 1e12;
  cost::Share goodput{
      0.9, 0.8, 0.97, cost::Evidence::published,
      "above 0.9 effective time in Llama 3 405B, arXiv 2407.21783; lower in earlier runs"};
  cost::Share utilisation{0.303,
                          {},
                          {},
                          cost::Evidence::derived,
                          "median of 6 N T over peak and hours of 24 published runs: "
                          "docs/validation/training.md; misfit holds its band"};
  std::optional<cost::Share> misfit;
  cost::Share node_share = cost::rated_node_share();
  cost::Share pue{1.15, 1.05, 1.3, cost::Evidence::published,
                  "1.08 to 1.12 Google, 1.1 to 1.3 others; Epoch AI uses 1.2"};
  cost::Intensity carbon{0.385, 0.1, 0.6, cost::Evidence::published,
                         "US average of LLaMA, arXiv 2302.13971; siting moves it tenfold"};
  static constexpr auto fields = core::Fields{
      core::field("tokens", &TrainingRun::tokens, "", core::above(0), "tokens seen in training"),
      core::field("goodput", &TrainingRun::goodput,
                  "share of the hours that goes into steps which count"),
      core::field("utilisation", &TrainingRun::utilisation,
                  "the constant that two thirds of a step's logarithm rest on: 6 N T over peak and "
                  "hours; the peak is that of 16 bits for narrower formats"),
      core::field("misfit", &TrainingRun::misfit,
                  "real over predicted step time; that of published runs unless given, by whether "
                  "the plan is known or the fastest that fits"),
      core::field("node_share", &TrainingRun::node_share,
                  "share of its rated power, tdp + host, that a node draws in steps"),
      core::field("pue", &TrainingRun::pue, "facility energy over node energy"),
      core::field("carbon", &TrainingRun::carbon, "CO2 of the electricity, in kg/kWh"),
  };
  [[nodiscard]] std::string problem() const;
};

/// Cost of a run, under every draw.
struct RunCost {
  cost::Draws step_seconds, days, accelerator_hours;
  /// Power of one accelerator, without and with its share of the node.
  cost::Draws chip_watts, node_watts;
  cost::Draws chip_joules, node_joules, facility_joules;
  cost::Draws dollars;  ///< nan if the accelerator has no rent
  cost::Draws co2;      ///< mass of CO2, kg
};

/// Mean power of one chip over a run, and with its share of the node: chips wait at idle in lost
/// hours, the rest of the node draws on.
[[nodiscard]] double chip_watts(const cost::Accelerator& accelerator, double node_share,
                                double goodput);
[[nodiscard]] double node_watts(const cost::Accelerator& accelerator, double node_share,
                                double goodput);

/// Cost of a run of this step on `accelerators` of them. Without a misfit of its own, `run` has
/// that of known plans.
[[nodiscard]] RunCost run_cost(const TrainingStep& step, std::int64_t accelerators,
                               const cost::Accelerator& accelerator, const TrainingRun& run,
                               const cost::DrawOptions& options = {});

}  // namespace ohmlab::scale
