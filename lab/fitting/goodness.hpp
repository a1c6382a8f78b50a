#pragma once

#include <vector>

#include "filter.hpp"
#include "report.hpp"

namespace ohmlab::fitting {

/// Errors of a model on the ramps that were fitted and on those held back.
void judge(FittedModel& model, const Law& law, const ReadModel& reads, const Measurement& data);

/// Root mean square error of whole ramps held back if each read is predicted by the mean of the
/// fitted ramps of its direction after as many pulses; 0 unless three ramps of a direction repeat.
[[nodiscard]] double ramp_scatter(const Measurement& data);

/// All ramps beside the mean states of a law from the same start.
[[nodiscard]] std::vector<FittedRamp> curves_of(const Measurement& data, const Law& law);

}  // namespace ohmlab::fitting
