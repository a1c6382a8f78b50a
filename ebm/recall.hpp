#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "../crossbar/array.hpp"
#include "memories.hpp"

/// Recall of patterns from cues: units of -1 and +1 follow the signs of their fields.
namespace ohmlab::ebm {

enum class RecallOrder { synchronous, asynchronous };
constexpr std::array<std::string_view, 2> enum_names(RecallOrder) {
  return {"synchronous", "asynchronous"};
}

enum class SignReadout {
  adc,        ///< converters, and the sign of their number; a unit without a field stays
  comparator  ///< one noisy comparison a line
};
constexpr std::array<std::string_view, 2> enum_names(SignReadout) { return {"adc", "comparator"}; }

struct RecallPlan {
  RecallOrder order = RecallOrder::asynchronous;
  SignReadout readout = SignReadout::adc;
  core::Index block = 1;  ///< units that change together in asynchronous order
  std::int64_t most_sweeps = 20;
  std::uint64_t seed = 1;
};

/// A memory in an array.
struct Stored {
  crossbar::Array& array;
  const Memory& memory;
  double gain = 1;
  /// 1 × units: self-couplings, in weights of the array, that the digital edge takes off; empty
  /// where no cell couples a unit to itself.
  core::Matrix self;
  cost::Tally::Component component;
};

/// Reads the cells on the diagonal of a square array, line after line. Returns 1 × units.
[[nodiscard]] core::Matrix read_self(crossbar::Array& array, cost::Tally::Component component);

struct Recalled {
  core::Matrix states;               ///< cues × units, -1 or +1
  std::vector<std::int64_t> sweeps;  ///< sweeps that each cue used
};

/// Follows each cue. With converters it ends after a sweep that changed nothing, or `most_sweeps`;
/// with comparators after `most_sweeps`. All cues share the random order of a sweep.
[[nodiscard]] Recalled recall(const Stored& stored, const RecallPlan& plan, core::Matrix cues);

/// Share of the patterns that the weights leave unchanged, free of noise and converters.
[[nodiscard]] double stable_share(const Stored& stored, const core::Matrix& patterns);

}  // namespace ohmlab::ebm
