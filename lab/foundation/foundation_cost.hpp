#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/cost/levers.hpp"
#include "ohmlab/cost/loss_laws.hpp"
#include "ohmlab/cost/training_law.hpp"
#include "ohmlab/crossbar/number_formats.hpp"
#include "ohmlab/io/dataset.hpp"
#include "ohmlab/lab/experiments/train.hpp"
#include "ohmlab/lab/results/checkpoint.hpp"
#include "ohmlab/lab/results/progress.hpp"
#include "ohmlab/lab/results/result.hpp"
#include "ohmlab/transformer/scale/training_run.hpp"

namespace ohmlab::foundation {

/// A finished run instead of one that is done now.
struct StoredRun {
  static constexpr std::string_view name = "stored";
  static constexpr std::string_view summary = "The tally of a finished run on simulated cells.";
  core::DataPath result;
  static constexpr auto fields = std::tuple{
      core::field("result", &StoredRun::result, "a result file; relative to the config that names it",
                  core::Need::required),
  };
};

/// Where the analog machine's bill comes from: no joule of it is written in a config.
struct Simulated : core::OneOf<experiments::Train,  //
                               StoredRun> {
  static constexpr std::string_view name = "simulated";
  static constexpr std::string_view question = "Where do the counts of the analog machine come from?";
};

/// The same sizes under the calibrated model of training at scale.
struct Calibrated {
  std::int64_t vocabulary = 128000, sequence = 4096, most_accelerators = 8192;
  cost::Share misfit = scale::TrainingRun{}.misfit, goodput = scale::TrainingRun{}.goodput,
              waiting = scale::TrainingRun{}.waiting;
  static constexpr auto fields = std::tuple{
      core::field("vocabulary", &Calibrated::vocabulary, "", core::between(1, 1e7), "of the shapes"),
      core::field("sequence", &Calibrated::sequence, "", core::between(1, 1e8), "tokens of a sequence"),
      core::field("most_accelerators", &Calibrated::most_accelerators, "", core::between(8, 1e9),
                  "of one run; a run that needs more for its days takes longer"),
      core::field("misfit", &Calibrated::misfit, "real over predicted step time"),
      core::field("goodput", &Calibrated::goodput, "share of the hours that goes into steps which count"),
      core::field("waiting", &Calibrated::waiting, "load of the chip without arithmetic"),
  };
};

/// How a simulated machine of some hundred thousand parameters becomes one of billions.
struct Extrapolation {
  std::string place = "gpu";
  std::int64_t sampling_steps = 0;
  crossbar::NumberFormat twin_format{{crossbar::Bf16{}}};
  cost::Share sample_efficiency{1, 0.03, 30, cost::Evidence::assumed,
                                "unknown: no EBM was ever trained to a transformer's loss at scale; the band "
                                "is ignorance, not data"};
  cost::Share parameters_per_host{1e8, 1e7, 1e9, cost::Evidence::assumed,
                                  "35 M cells on a chip (Ambrogio et al., Nature 2023), 80 M weights (Mythic "
                                  "M1076), one to ten chips a host"};
  static constexpr auto fields = std::tuple{
      core::field("place", &Extrapolation::place,
                  "of the price list, whose prices of operations hold their memory: the digital column"),
      core::field("twin_format", &Extrapolation::twin_format,
                  "format of the products of the EBM's digital twin; bfloat16 is the transformer's"),
      core::field("sampling_steps", &Extrapolation::sampling_steps, "", core::between(0, 1e9),
                  "of the model phase; 0: as simulated"),
      core::field("sample_efficiency", &Extrapolation::sample_efficiency,
                  "examples that the EBM needs for each token of the transformer at equal loss"),
      core::field("parameters_per_host", &Extrapolation::parameters_per_host,
                  "parameters in arrays that one host serves"),
  };
  [[nodiscard]] std::string problem() const {
    if (sample_efficiency.median <= 0) return "sample_efficiency: expected a median above 0";
    if (parameters_per_host.median <= 0) return "parameters_per_host: expected a median above 0";
    return "";
  }
};

/// How hard a transformer would drive the simulated arrays: nobody has measured it.
struct OnArrays {
  double mean_square = 0.1, slots = 10, row_share = 0.1, col_share = 0.1, query_block = 64;
  static constexpr auto fields = std::tuple{
      core::field("mean_square", &OnArrays::mean_square, "", core::between(1e-6, 1),
                  "of inputs in full scale; assumed, 1/9 for a normal variable clipped at 3 deviations"),
      core::field("slots", &OnArrays::slots, "", core::between(1, 64),
                  "of one update's pulse trains; 10 in Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016)"),
      core::field("row_share", &OnArrays::row_share, "", core::between(1e-6, 1),
                  "of the slots in which a row is pulsed; assumed"),
      core::field("col_share", &OnArrays::col_share, "", core::between(1e-6, 1),
                  "of the slots in which a column is pulsed; assumed"),
      core::field("query_block", &OnArrays::query_block, "", core::between(1, 1e6),
                  "queries that share one pass over keys and values; 64 as fused kernels do"),
  };
};

/// What is compared at equal loss.
struct EqualLoss {
  cost::LossLaw law;
  double overtrained = 4, sparsity = 8;
  cost::Share expert_exponent{
      0.5, 0.3, 0.7, cost::Evidence::assumed,
      "experts count as P / K^exponent dense parameters; 0.5 is the geometric mean of "
      "all and active ones, a rule of thumb from memory"};
  static constexpr auto fields = std::tuple{
      core::field("law", &EqualLoss::law, "how the loss falls"),
      core::field("overtrained", &EqualLoss::overtrained, "", core::between(1, 1e4),
                  "how many times smaller the model is that is trained longer"),
      core::field("sparsity", &EqualLoss::sparsity, "", core::between(1, 1e4), "K of the mixture of experts"),
      core::field("expert_exponent", &EqualLoss::expert_exponent,
                  "experts of P parameters are worth P / K^exponent dense ones"),
  };
};

/// Where curves of analog over digital joules are taken.
struct BreakEven {
  double from = 1e-4, to = 1e4;
  std::int64_t points = 17;
  std::int64_t fewest_bits = 3, most_bits = 12;
  static constexpr auto fields = std::tuple{
      core::field("from", &BreakEven::from, "", core::between(1e-9, 1e9),
                  "least multiple of what was simulated"),
      core::field("to", &BreakEven::to, "", core::between(1e-9, 1e9), "largest multiple"),
      core::field("points", &BreakEven::points, "", core::between(2, 1000),
                  "of a curve, evenly in logarithms"),
      core::field("fewest_bits", &BreakEven::fewest_bits, "", core::between(1, 16), "of a converter"),
      core::field("most_bits", &BreakEven::most_bits, "", core::between(1, 16), "of a converter"),
  };
  [[nodiscard]] std::string problem() const {
    if (from >= to) return "from: expected less than to";
    return fewest_bits >= most_bits ? "fewest_bits: expected fewer than most_bits" : "";
  }
};

/// The framework of Faraboschi et al., arXiv 2404.08811: what training runs cost under their law, under the
/// calibrated model, with each lever, and on arrays, at sizes nobody has simulated.
struct FoundationCost {
  static constexpr std::string_view name = "foundation_cost";
  static constexpr std::string_view summary =
      "What training at foundation size costs: the paper's law, the calibrated model, seven levers, and the "
      "2x2 of {EBM, transformer} x {analog, digital}, extrapolated from a simulated bill.";
  static constexpr std::string_view equation =
      "C = c0 P T / K; analog J = simulated J per parameter and example x P x T x sample_efficiency; ratio "
      "of "
      "both over what would have to improve";
  static constexpr std::string_view source =
      "Faraboschi et al., arXiv 2404.08811, for the law and the names of the levers; docs/foundation.md";

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
  Simulated simulated;
  Extrapolation extrapolation;
  OnArrays on_arrays;
  BreakEven break_even;
  static constexpr auto fields = std::tuple{
      core::field("seed", &FoundationCost::seed, "", core::at_least(0), "key of the draws"),
      core::field("draws", &FoundationCost::draws, "", core::between(1, 1'000'000), "draws for the bands"),
      core::field("parameters", &FoundationCost::parameters, "", core::Range{.low = 1e8, .high = 1e16},
                  "sizes of the models, all parameters"),
      core::field("days", &FoundationCost::days, "d", core::between(1e-3, 1e5),
                  "in which a run is to be done"),
      core::field("prices", &FoundationCost::prices, "price list, by name or file"),
      core::field("boundary", &FoundationCost::boundary, "at which break-even is sought"),
      core::field("law", &FoundationCost::law, "the paper's law and what stands between it and a bill"),
      core::field("accelerator", &FoundationCost::accelerator, "a preset by base = \"accelerators/NAME\"",
                  core::Need::required),
      core::field("calibrated", &FoundationCost::calibrated, "the calibrated model beside the law"),
      core::field("levers", &FoundationCost::levers, "the seven evolutionary levers"),
      core::field("equal_loss", &FoundationCost::equal_loss, "what is compared at equal loss"),
      core::field("simulated", &FoundationCost::simulated,
                  "an experiment that trains on simulated cells, or a result of one", core::Need::required),
      core::field("extrapolation", &FoundationCost::extrapolation,
                  "from the simulated machine to large ones"),
      core::field("on_arrays", &FoundationCost::on_arrays, "a transformer on the same arrays"),
      core::field("break_even", &FoundationCost::break_even, "what would have to improve"),
  };
  [[nodiscard]] std::string problem() const;
  /// A complete one: an accelerator has no default.
  [[nodiscard]] static FoundationCost example();

  /// What the simulated machine learns, with a digest of it, of the price list and of a stored run.
  [[nodiscard]] io::Dataset examples() const;
  [[nodiscard]] results::Result run(const io::Dataset& examples, results::Progress& progress,
                                    results::Checkpoint checkpoint = {}) const;
};

}  // namespace ohmlab::foundation
