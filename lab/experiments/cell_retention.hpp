#pragma once

#include <span>
#include <vector>

#include "cell_pulses.hpp"

namespace ohmlab::experiments {

/// Cells programmed to one state: what write-and-verify leaves, and what time and reads do to it.
/// Deviations are over cells.
struct Retention {
  double shift = 0;         ///< mean of the programmed states over the target
  double error = 0;         ///< deviation of the programmed states
  double out_of_reach = 0;  ///< share of cells whose own range does not hold the target
  /// At each age, of cells with a conductance: what remains of it, NaN if there is none.
  std::vector<double> left, left_spread;
  std::vector<double> states;       ///< at each age: mean state
  std::vector<double> noise;        ///< at each age: deviation of reads of one cell, in w
  std::vector<double> noise_share;  ///< the same as a share of the cell's conductance
};

/// What is done with each programmed state.
struct RetentionPlan {
  std::span<const double> ages;  ///< s since programming, ascending
  std::int64_t reads = 2;        ///< at each age
};

/// Programs one state and follows it.
/// \param cells  the cells that count; not empty
[[nodiscard]] Retention follow(CellBench& bench, const devices::Device& device,
                               const std::vector<core::Index>& cells, double target,
                               const RetentionPlan& plan);

}  // namespace ohmlab::experiments
