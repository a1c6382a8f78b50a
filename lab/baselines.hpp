#pragma once

#include <vector>

#include "ohmlab/crossbar/number_formats.hpp"
#include "ohmlab/ebm/trainer.hpp"
#include "ohmlab/io/dataset.hpp"
#include "ohmlab/lab/system.hpp"

/// What the same training would be elsewhere: equal data, NOT equal quality.
namespace ohmlab::lab {

/// What every system of one comparison has in common.
struct Workload {
  core::Index units = 0;  ///< visible units, pixels, tokens
  core::Index hidden = 0;
  core::Index examples = 0;  ///< per epoch
};

/// The same machine, rule and statistics on a digital accelerator, with products in a number format. Its
/// counts are those of an ideal array, which does one batch and a remainder; the rest are repetitions.
[[nodiscard]] System digital_twin(const Workload& work, const ebm::Neuron& neuron, const ebm::Rule& rule,
                                  const ebm::Training& training, const crossbar::NumberFormat& format = {});

/// A causal transformer with one token a unit, on the same examples as often, with a parameter count nearest
/// to the machine's.
[[nodiscard]] System digital_transformer(const Workload& work, const ebm::Training& training);

/// The twin in float32, those in further formats, and the transformer.
[[nodiscard]] std::vector<System> digital_baselines(const Workload& work, const ebm::Neuron& neuron,
                                                    const ebm::Rule& rule, const ebm::Training& training,
                                                    const std::vector<crossbar::NumberFormat>& formats);

}  // namespace ohmlab::lab
