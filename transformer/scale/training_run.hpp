#pragma once

#include <string_view>
#include <tuple>

#include "../../core/fields.hpp"
#include "../../cost/accelerator.hpp"
#include "../../cost/outlook.hpp"
#include "training_step.hpp"

namespace ohmlab::scale {

/// Quantities that turn steps into a run: tokens, losses around the steps, load and energy
/// overhead.
struct TrainingRun {
  static constexpr std::string_view name = "training_run";
  static constexpr std::string_view summary =
      "Steps into a run: hours, energy at three boundaries, money, CO2.";
  static constexpr std::string_view equation =
      "hours = accelerators steps seconds misfit / goodput; chip W = idle + load (tdp - idle), "
      "load = waiting + (1 - waiting) hfu / ceiling; node W = chip + host; facility = PUE node";
  static constexpr std::string_view source =
      "affine power: Newkirk et al., arXiv 2506.14551; bands as their fields say";

  double tokens = 1e12;
  cost::Share goodput{
      0.9, 0.8, 0.97, cost::Evidence::published,
      "above 0.9 effective time in Llama 3 405B, arXiv 2407.21783; lower in earlier runs"};
  cost::Share misfit{1.32, 0.68, 2.2, cost::Evidence::derived,
                     "hours of published runs over those of their steps, times goodput: 1.47, 0.75 "
                     "to 2.44 in docs/validation/training.md"};
  cost::Share waiting{0.93, 0.75, 1.0, cost::Evidence::derived,
                      "fitted on the measured powers of configs/validation/energy.toml but TPU "
                      "v4's, whose hosts are not published: docs/validation/training.md"};
  cost::Share pue{1.15, 1.05, 1.3, cost::Evidence::published,
                  "1.08 to 1.12 Google, 1.1 to 1.3 others; Epoch AI uses 1.2"};
  cost::Intensity carbon{0.385, 0.1, 0.6, cost::Evidence::published,
                         "US average of LLaMA, arXiv 2302.13971; siting moves it tenfold"};
  static constexpr auto fields = std::tuple{
      core::field("tokens", &TrainingRun::tokens, "", core::above(0), "tokens seen in training"),
      core::field("goodput", &TrainingRun::goodput,
                  "share of the hours that goes into steps which count"),
      core::field("misfit", &TrainingRun::misfit, "real over predicted step time"),
      core::field("waiting", &TrainingRun::waiting, "load of the chip without arithmetic"),
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

/// Power of one chip while it trains; `waiting` is the load of a chip without arithmetic.
[[nodiscard]] double chip_watts(const cost::Accelerator& accelerator, double hfu, double ceiling,
                                double waiting);

[[nodiscard]] RunCost run_cost(const TrainingStep& step, const TrainingPlan& plan,
                               const cost::Accelerator& accelerator, const Efficiency& efficiency,
                               const TrainingRun& run, const cost::DrawOptions& options = {});

}  // namespace ohmlab::scale
