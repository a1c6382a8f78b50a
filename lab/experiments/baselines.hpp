#pragma once

#include <vector>

#include "../../crossbar/number_formats.hpp"
#include "../results/system.hpp"
#include "learning.hpp"

/// What the same training would be elsewhere: equal data, NOT equal quality.
namespace ohmlab::experiments {

/// What every system of one comparison has in common.
struct Workload {
  ebm::NetworkPlan plan;
  core::Index examples = 0;  ///< per epoch
  std::int64_t epochs = 0;   ///< that were done
  double input_bits = 1;     ///< of one number of an example in main memory

  [[nodiscard]] core::Index units() const noexcept;    ///< numbers of an example
  [[nodiscard]] core::Index classes() const noexcept;  ///< 0 without labels
};

/// The same machine, rule and statistics on a digital accelerator, with products in a number
/// format. Its counts are those of an ideal array, which does one batch and a remainder; the rest
/// are repetitions.
[[nodiscard]] results::System digital_twin(const Workload& work, const Learning& config,
                                           const crossbar::NumberFormat& format = {});

/// A causal transformer with one token a unit, on the same examples as often, with a parameter
/// count nearest to the machine's.
[[nodiscard]] results::System digital_transformer(const Workload& work,
                                                  const ebm::Training& training);

/// The twin in float32, those in further formats, and, where a density is learned, the transformer.
[[nodiscard]] std::vector<results::System> digital_baselines(const Workload& work,
                                                             const Learning& config);

}  // namespace ohmlab::experiments
