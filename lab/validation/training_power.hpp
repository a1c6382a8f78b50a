#pragma once

#include <string>
#include <vector>

#include "training.hpp"

namespace ohmlab::validation {

/// Median share of its rated power that a node draws, over these records of watts but those on one
/// accelerator.
[[nodiscard]] double left_out_share(const std::vector<EnergyRecord>& records,
                                    const std::string& accelerator);

/// Adds published powers and energies with their predictions. Records that set a constant are shown
/// and not scored. Hours of energies are predicted from `runs` on other accelerators.
void add_power(const EnergyRecords& records, const std::vector<ScoredRun>& runs, Validation& out);

}  // namespace ohmlab::validation
