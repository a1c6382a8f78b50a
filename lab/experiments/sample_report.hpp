#pragma once

#include <optional>

#include "../../ebm/certificate/pair_law.hpp"
#include "../results/result.hpp"
#include "sample_law.hpp"

namespace ohmlab::experiments {

/// All that a report of a sampling is made of.
struct Sampling {
  const Sample& config;
  const SampledLaw& law;
  const ebm::Draws& draws;
  const std::optional<ExactEnergy>& exact;
};

/// Adds series, figures and the certificate of a sampling to a result.
/// \param weight_error  relative error of the programmed weights
void report_sampling(const Sampling& of, double weight_error, results::Result& to);

}  // namespace ohmlab::experiments
