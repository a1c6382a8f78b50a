#pragma once

#include <string>
#include <vector>

#include "intervals.hpp"

namespace ohmlab::fitting {

/// Marks ramps whose steps or noises differ far more from the others' than these do among
/// themselves. Returns their names with the reason.
[[nodiscard]] std::vector<std::string> mark_outliers(Measurement& data, const FittedLaw& pilot);

/// Mean and spread of the factor on all steps from ramp to ramp.
[[nodiscard]] Population ramp_factors(const std::vector<const Ramp*>& ramps, const FittedLaw& law);

}  // namespace ohmlab::fitting
