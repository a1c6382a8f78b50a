#pragma once

#include <vector>

#include "training.hpp"

namespace ohmlab::validation {

/// Adds published powers and energies with their predictions. Each factor between real and
/// predicted hours is taken from `runs` on other accelerators.
void add_power(const EnergyRecords& records, const std::vector<ScoredRun>& runs, Validation& out);

}  // namespace ohmlab::validation
