#pragma once

#include <vector>

#include "../../crossbar/number_formats.hpp"
#include "../results/system.hpp"
#include "learning.hpp"
#include "twins.hpp"

/// The same training on other machines: equal data, NOT equal quality.
namespace ohmlab::experiments {

/// The training that all systems of one comparison share.
struct Workload {
  ebm::NetworkPlan plan;
  core::Index examples = 0;  ///< examples per epoch
  std::int64_t epochs = 0;   ///< epochs done
  double input_bits = 1;     ///< bits of one number of an example in main memory

  [[nodiscard]] core::Index units() const noexcept;    ///< numbers in an example
  [[nodiscard]] core::Index classes() const noexcept;  ///< number of classes; 0 without labels
};

/// The training of a model by its rule and statistics; refers to both arguments.
[[nodiscard]] Repeated repeated(const Workload& work, const Learning& config);

/// The same model, rule and statistics on a digital machine, with products in a number format.
[[nodiscard]] results::System digital_twin(const Workload& work, const Learning& config,
                                           const crossbar::NumberFormat& format = {},
                                           cost::Machine machine = cost::Machine::accelerator);

/// A causal transformer with one token a unit and the nearest parameter count, on the same examples
/// as often.
[[nodiscard]] results::System digital_transformer(const Workload& work,
                                                  const ebm::Training& training);

/// The twins on digital chips and accelerators, in their formats, and, if a density is learned, the
/// transformer.
[[nodiscard]] std::vector<results::System> digital_baselines(const Workload& work,
                                                             const Learning& config);

}  // namespace ohmlab::experiments
