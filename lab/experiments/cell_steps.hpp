#pragma once

#include <optional>
#include <vector>

#include "cell_pulses.hpp"

namespace ohmlab::experiments {

/// Steps of one direction, bin by bin of the state that they start from. NaN where no step starts.
struct StepsOneWay {
  std::vector<double> mean;            ///< over cells, signed
  std::vector<double> between_cells;   ///< deviation of the cells' own mean steps, without what
                                       ///< the noise of single steps adds to them
  std::vector<double> between_cycles;  ///< deviation of steps of one cell, about the straight line
                                       ///< that its steps follow over the states of the bin
  std::vector<double> count;           ///< steps that start in the bin
};

struct StepBins {
  std::vector<double> centres;  ///< states, evenly spaced
  StepsOneWay up, down;
};

/// Sorts all steps of all cycles into bins of the state before the pulse. A step that a bound cuts
/// short counts as long as it was.
///
/// Both deviations are those of a one-way analysis of variance with cells as random effects, and
/// the mean weighs each cell by 1 / (between_cells² + between_cycles² / n), n its steps in the bin
/// (DerSimonian & Laird, Control. Clin. Trials 7, 177 (1986)).
///
/// Write noise is an error of the state that reads see, which the next write takes back: filed by
/// that state, steps would lead back to the mean. With `noisy_states`, a step is filed under the
/// state before the pulse before it, whose error is another one. Errors of steps that follow each
/// other then cancel, which the analysis of variance does not know: all cells weigh the same, and
/// `between_cells` means nothing.
/// \param cells  the cells that count; not empty
[[nodiscard]] StepBins bin_steps(const PulseRecord& record, const std::vector<core::Index>& cells,
                                 core::Index bins, bool noisy_states);

/// Value of a column of bins at a state, between the two nearest centres by a straight line; none
/// if the state is outside of the bins or a step is missing.
[[nodiscard]] std::optional<double> at_state(const StepBins& bins,
                                             const std::vector<double>& column, double state);

}  // namespace ohmlab::experiments
