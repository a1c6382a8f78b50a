#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "../../crossbar/catalogue.hpp"
#include "../../crossbar/number_formats.hpp"
#include "../../ebm/recall.hpp"
#include "../../io/datasets.hpp"
#include "../results/checkpoint.hpp"
#include "../results/progress.hpp"
#include "../results/result.hpp"

namespace ohmlab::experiments {

/// Patterns are stored in an array and recalled from cues with flipped units.
///
/// A run that is stopped begins anew.
struct Recall {
  static constexpr std::string_view name = "recall";
  static constexpr std::string_view summary =
      "Stores patterns in an array as a Hopfield network or dense memory and recalls them from "
      "cues with flipped units.";
  static constexpr std::string_view equation =
      "s_j = sign(Σ_i s_i W_ij), i ≠ j; E = -1/2 Σ_ij s_i W_ij s_j; overlap = 1/N Σ_i ξ_i s_i";
  static constexpr std::string_view source = "Hopfield, PNAS 79, 2554 (1982)";

  std::int64_t seed = 1;
  std::optional<io::Data> data;
  std::int64_t units = 100;
  std::optional<std::int64_t> patterns;
  std::optional<double> load;
  double activity = 0.5;
  double flips = 0.1;
  std::int64_t cues = 100;
  ebm::Memory memory;
  double gain = 1;
  crossbar::ArrayModel array;
  ebm::RecallOrder order = ebm::RecallOrder::asynchronous;
  ebm::SignReadout readout = ebm::SignReadout::adc;
  std::int64_t block = 1;
  std::int64_t most_sweeps = 20;
  std::vector<crossbar::NumberFormat> twin_formats;
  std::vector<crossbar::NumberFormat> chip_formats{{crossbar::Int8Shift{}}};
  static constexpr auto fields = core::Fields{
      core::field("seed", &Recall::seed, "", core::at_least(0), "key of every random draw"),
      core::field("data", &Recall::data,
                  "binary examples, the first of which are the patterns; without it patterns are "
                  "random"),
      core::field("units", &Recall::units, "", core::between(2, 65536),
                  "number of units N; of examples, their size"),
      core::field("patterns", &Recall::patterns, "", core::between(1, 1 << 20),
                  "number of patterns, instead of `load`"),
      core::field(
          "load", &Recall::load, "", {.low = 0, .high = 1000, .low_open = true},
          "patterns per unit, rounded to a number of patterns of at least 1; 0.1 if neither "
          "is given"),
      core::field("activity", &Recall::activity, "", core::fraction,
                  "probability of +1 in random patterns"),
      core::field("flips", &Recall::flips, "", core::fraction,
                  "share of the units of a cue that are flipped"),
      core::field("cues", &Recall::cues, "", core::between(1, 1 << 20),
                  "number of cues; cue k starts from pattern k modulo the number of patterns"),
      core::field("memory", &Recall::memory, "rule that stores the patterns"),
      core::field("gain", &Recall::gain, "", core::above(0),
                  "factor from the rule's weights to those of the array; comparators of an ideal "
                  "array draw at the temperature 2/gain"),
      core::field("array", &Recall::array, "array that holds the weights"),
      core::field(
          "order", &Recall::order,
          "synchronous: all units at once; asynchronous: block after block in random order"),
      core::field("readout", &Recall::readout,
                  "adc: sign of a converted field; comparator: one noisy comparison"),
      core::field("block", &Recall::block, "", core::between(1, 65536),
                  "neighbouring units that change together in asynchronous order"),
      core::field("most_sweeps", &Recall::most_sweeps, "", core::between(0, 100'000),
                  "most updates of every unit; with adc a cue ends once a sweep changes nothing"),
      core::field("twin_formats", &Recall::twin_formats,
                  "number formats, besides float32, in which the same work is billed on digital "
                  "accelerators"),
      core::field("chip_formats", &Recall::chip_formats,
                  "number formats in which the same work is billed on digital chips"),
  };
  [[nodiscard]] std::string problem() const;
  /// Number of patterns.
  [[nodiscard]] std::int64_t count() const;
  [[nodiscard]] io::Dataset examples() const { return data ? data->load() : io::Dataset{}; }

  /// \throws core::UserError if the examples are not binary, too few, or of another size
  [[nodiscard]] results::Result run(const io::Dataset& examples, results::Progress& progress,
                                    results::Checkpoint checkpoint = {}) const;
};

}  // namespace ohmlab::experiments
