#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../../core/fields.hpp"
#include "../../cost/accelerator.hpp"
#include "../../cost/levers.hpp"
#include "../../cost/loss_laws.hpp"
#include "../../cost/training_law.hpp"
#include "../../crossbar/number_formats.hpp"
#include "../../transformer/scale/training_run.hpp"
#include "fleet.hpp"

namespace ohmlab::foundation {

/// The calibrated model of training at scale, for the same sizes.
struct Calibrated {
  std::int64_t vocabulary = 128000, sequence = 4096, most_accelerators = 8192;
  cost::Share utilisation = scale::TrainingRun{}.utilisation, misfit = scale::default_misfit(false),
              goodput = scale::TrainingRun{}.goodput, node_share = scale::TrainingRun{}.node_share;

  [[nodiscard]] scale::TrainingRun run() const;
  static constexpr auto fields = core::Fields{
      core::field("vocabulary", &Calibrated::vocabulary, "", core::between(1, 1e7),
                  "vocabulary of the shapes"),
      core::field("sequence", &Calibrated::sequence, "", core::between(1, 1e8),
                  "tokens of a sequence"),
      core::field("most_accelerators", &Calibrated::most_accelerators, "", core::between(8, 1e9),
                  "most accelerators of one run; a run that needs more for its days takes longer"),
      core::field("utilisation", &Calibrated::utilisation,
                  "the constant that two thirds of a step's logarithm rest on"),
      core::field(
          "misfit", &Calibrated::misfit,
          "real over predicted step time; by default that of runs without a published plan"),
      core::field("goodput", &Calibrated::goodput,
                  "share of the hours that goes into steps which count"),
      core::field("node_share", &Calibrated::node_share,
                  "share of its rated power, tdp + host, that a node draws in steps"),
  };
};

/// Extrapolation of a simulated machine of some hundred thousand parameters to billions.
struct Extrapolation {
  std::string place = "gpu";
  std::int64_t sampling_steps = 0;
  crossbar::NumberFormat twin_format{{crossbar::Bf16{}}};
  cost::Share sample_efficiency{1, 0.03, 30, cost::Evidence::assumed,
                                "unknown: no EBM was ever trained to a transformer's loss at "
                                "scale; the band is ignorance, not data"};
  cost::Share parameters_per_host{1e8, 1e7, 1e9, cost::Evidence::assumed,
                                  "35 M cells on a chip (Ambrogio et al., Nature 2023), 80 M "
                                  "weights (Mythic M1076), one to ten chips a host"};
  Fleet fleet;
  static constexpr auto fields = core::Fields{
      core::field("place", &Extrapolation::place,
                  "place of the price list for the digital column; its prices of operations hold "
                  "their memory"),
      core::field(
          "twin_format", &Extrapolation::twin_format,
          "format of the products of the EBM's digital twin; bfloat16 is the transformer's"),
      core::field("sampling_steps", &Extrapolation::sampling_steps, "", core::between(0, 1e9),
                  "sampling steps of the model phase; 0: as simulated"),
      core::field("sample_efficiency", &Extrapolation::sample_efficiency,
                  "examples that the EBM needs for each token of the transformer at equal loss"),
      core::field("parameters_per_host", &Extrapolation::parameters_per_host,
                  "parameters in arrays that one host serves"),
      core::field("fleet", &Extrapolation::fleet,
                  "losses of a large machine of arrays beside its work"),
  };
  [[nodiscard]] std::string problem() const {
    if (sample_efficiency.median <= 0) return "sample_efficiency: expected a median above 0";
    if (parameters_per_host.median <= 0) return "parameters_per_host: expected a median above 0";
    return "";
  }
};

/// Load of a transformer on the simulated arrays; it was never measured.
struct OnArrays {
  double mean_square = 0.1, slots = 10, row_share = 0.1, col_share = 0.1, query_block = 64;
  static constexpr auto fields = core::Fields{
      core::field("mean_square", &OnArrays::mean_square, "", core::between(1e-6, 1),
                  "mean square of inputs in full scale; assumed, 1/9 for a normal variable clipped "
                  "at 3 deviations"),
      core::field("slots", &OnArrays::slots, "", core::between(1, 64),
                  "slots of one update's pulse trains; 10 in Gokmen & Vlasov, Front. Neurosci. 10, "
                  "333 (2016)"),
      core::field("row_share", &OnArrays::row_share, "", core::between(1e-6, 1),
                  "share of the slots in which a row is pulsed; assumed"),
      core::field("col_share", &OnArrays::col_share, "", core::between(1e-6, 1),
                  "share of the slots in which a column is pulsed; assumed"),
      core::field("query_block", &OnArrays::query_block, "", core::between(1, 1e6),
                  "queries that share one pass over keys and values; 64 as fused kernels do"),
  };
};

/// Comparison at equal loss.
struct EqualLoss {
  cost::LossLaw law;
  double overtrained = 4, sparsity = 8;
  cost::Share expert_exponent{0.5, 0.3, 0.7, cost::Evidence::assumed,
                              "experts count as P / K^exponent dense parameters; 0.5 is the "
                              "geometric mean of all and active ones, a rule of thumb from memory"};
  static constexpr auto fields = core::Fields{
      core::field("law", &EqualLoss::law, "law of the loss over parameters and tokens"),
      core::field("overtrained", &EqualLoss::overtrained, "", core::between(1, 1e4),
                  "factor by which the model that is trained longer is smaller"),
      core::field("sparsity", &EqualLoss::sparsity, "", core::between(1, 1e4),
                  "K of the mixture of experts"),
      core::field("expert_exponent", &EqualLoss::expert_exponent,
                  "experts of P parameters are worth P / K^exponent dense ones"),
  };
};

/// Grid of the curves of analog over digital joules.
struct BreakEven {
  double from = 1e-4, to = 1e4;
  std::int64_t points = 17;
  std::int64_t fewest_bits = 3, most_bits = 12;
  static constexpr auto fields = core::Fields{
      core::field("from", &BreakEven::from, "", core::between(1e-9, 1e9),
                  "least multiple of the simulated value"),
      core::field("to", &BreakEven::to, "", core::between(1e-9, 1e9), "largest multiple"),
      core::field("points", &BreakEven::points, "", core::between(2, 1000),
                  "points of a curve, even in the logarithm"),
      core::field("fewest_bits", &BreakEven::fewest_bits, "", core::between(1, 16),
                  "fewest bits of a converter"),
      core::field("most_bits", &BreakEven::most_bits, "", core::between(1, 16),
                  "most bits of a converter"),
  };
  [[nodiscard]] std::string problem() const {
    if (from >= to) return "from: expected less than to";
    return fewest_bits >= most_bits ? "fewest_bits: expected fewer than most_bits" : "";
  }
};

/// Settings of all parts of the framework, except the machine that is extrapolated.
struct Settings {
  std::int64_t seed = 1, draws = 2000;
  std::vector<double> parameters{7e9, 70e9, 175e9, 1e12, 10e12};
  double days = 90;
  std::string prices = "default";
  cost::Boundary boundary = cost::Boundary::node;
  cost::TrainingLaw law;
  cost::Accelerator accelerator;
  Calibrated calibrated;
  cost::Levers levers;
  EqualLoss equal_loss;
  Extrapolation extrapolation;
  OnArrays on_arrays;
  BreakEven break_even;
};

}  // namespace ohmlab::foundation
