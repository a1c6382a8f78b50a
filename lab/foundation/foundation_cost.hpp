#pragma once

#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../io/dataset.hpp"
#include "../experiments/train.hpp"
#include "../results/checkpoint.hpp"
#include "../results/progress.hpp"
#include "../results/result.hpp"
#include "settings.hpp"

namespace ohmlab::foundation {

/// A finished run, in place of one that is run now.
struct StoredRun {
  static constexpr std::string_view name = "stored";
  static constexpr std::string_view summary = "The tally of a finished run on simulated cells.";
  core::DataPath result;
  static constexpr auto fields = core::Fields{
      core::field("result", &StoredRun::result,
                  "a result file; relative to the config that names it", core::Need::required),
  };
};

/// Source of the analog machine's bill: no joule of it is written in a config.
struct Simulated : core::OneOf<experiments::Train,  //
                               StoredRun> {
  static constexpr std::string_view name = "simulated";
  static constexpr std::string_view question =
      "Where do the counts of the analog machine come from?";
};

/// The framework of Faraboschi et al., arXiv 2404.08811: the cost of training runs by their law, by
/// the calibrated model, with each lever, and on arrays. Sizes go beyond all simulated ones.
struct FoundationCost : Settings {
  static constexpr std::string_view name = "foundation_cost";
  static constexpr std::string_view summary =
      "Cost of training at foundation size: the paper's law, the calibrated model, seven "
      "levers, and the 2x2 of {EBM, transformer} x {analog, digital}, extrapolated from a "
      "simulated bill.";
  static constexpr std::string_view equation =
      "C = c0 P T / K; analog J = simulated J per parameter and example x P x T x "
      "sample_efficiency; ratio of both over what would have to improve";
  static constexpr std::string_view source =
      "Faraboschi et al., arXiv 2404.08811, for the law and the names of the levers; "
      "docs/foundation.md";

  Simulated simulated;
  static constexpr auto fields = core::Fields{
      core::field("seed", &FoundationCost::seed, "", core::at_least(0), "key of the draws"),
      core::field("draws", &FoundationCost::draws, "", core::between(1, 1'000'000),
                  "draws for the bands"),
      core::field("parameters", &FoundationCost::parameters, "",
                  core::Range{.low = 1e8, .high = 1e16}, "sizes of the models, all parameters"),
      core::field("days", &FoundationCost::days, "d", core::between(1e-3, 1e5),
                  "days in which a run is to be done"),
      core::field("prices", &FoundationCost::prices, "price list, by name or file"),
      core::field("boundary", &FoundationCost::boundary, "boundary at which break-even is sought"),
      core::field("law", &FoundationCost::law,
                  "the paper's law and the settings that make a bill of it"),
      core::field("accelerator", &FoundationCost::accelerator,
                  "a preset by base = \"accelerators/NAME\"", core::Need::required),
      core::field("calibrated", &FoundationCost::calibrated, "the calibrated model beside the law"),
      core::field("levers", &FoundationCost::levers, "the seven evolutionary levers"),
      core::field("equal_loss", &FoundationCost::equal_loss, "comparison at equal loss"),
      core::field("simulated", &FoundationCost::simulated,
                  "an experiment that trains on simulated cells, or a result of one",
                  core::Need::required),
      core::field("extrapolation", &FoundationCost::extrapolation,
                  "extrapolation from the simulated machine to large ones"),
      core::field("on_arrays", &FoundationCost::on_arrays, "a transformer on the same arrays"),
      core::field("break_even", &FoundationCost::break_even,
                  "break-even of analog and digital joules"),
  };
  [[nodiscard]] std::string problem() const;
  /// First price that the list lacks for this experiment, or "".
  /// \throws core::UserError, core::WorldError if there is no such list
  [[nodiscard]] std::string unmet() const;
  /// A complete example: an accelerator has no default.
  [[nodiscard]] static FoundationCost example();

  /// Examples that the simulated machine learns, with a digest of them, of the price list and of a
  /// stored run.
  [[nodiscard]] io::Dataset examples() const;
  /// \pre nothing is unmet
  [[nodiscard]] results::Result run(const io::Dataset& examples, results::Progress& progress,
                                    results::Checkpoint checkpoint = {}) const;
};

}  // namespace ohmlab::foundation
