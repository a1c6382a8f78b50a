#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "network.hpp"

namespace ohmlab::backprop {

/// Examples to score on.
struct Labelled {
  const core::Matrix& inputs;            ///< examples × units
  std::span<const std::uint8_t> labels;  ///< one an example
};

struct Score {
  double error = 0;          ///< share of examples whose likeliest class is not their label
  double cross_entropy = 0;  ///< mean -ln p of a label, nat
};

/// Score of exact products in float64.
[[nodiscard]] Score score(const Parameters& parameters, const Labelled& examples);

/// Scores of several reads of all examples through the hardware. Arrays and tally are left as they
/// were.
[[nodiscard]] std::vector<Score> scores_as_read(Network& network, const Labelled& examples,
                                                std::int64_t reads);

}  // namespace ohmlab::backprop
