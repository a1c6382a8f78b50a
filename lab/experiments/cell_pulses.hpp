#pragma once

#include <cstdint>
#include <functional>
#include <vector>

#include "../../core/matrix.hpp"
#include "cell_bench.hpp"

namespace ohmlab::experiments {

/// Called between pulses; may throw to stop.
using Tick = std::function<void()>;

/// Trains of pulses: `down` pulses first, so that every cycle begins at its lower end, then `up`
/// pulses up and `down` pulses down, `cycles` times.
struct PulseTrainPlan {
  std::int64_t up = 0, down = 0, cycles = 0;

  [[nodiscard]] core::Index of_cycle() const noexcept { return up + down; }
  [[nodiscard]] core::Index first(core::Index cycle) const noexcept {
    return down + cycle * of_cycle();
  }
  [[nodiscard]] core::Index all() const noexcept { return first(cycles); }
  [[nodiscard]] bool goes_up(core::Index pulse) const noexcept {
    return pulse >= down && (pulse - down) % of_cycle() < up;
  }
};

/// Every cell's state before and after every pulse, cells × pulses.
struct PulseRecord {
  PulseTrainPlan plan;
  core::Matrix before, after;

  /// Numbers of the cells that a pulse ever moved. The others are stuck or on an open line.
  [[nodiscard]] std::vector<core::Index> working() const;
  /// State of a cell after so many pulses of a cycle, from 0 to up + down.
  [[nodiscard]] double at(core::Index cell, core::Index cycle, core::Index pulse) const {
    const core::Index first = plan.first(cycle);
    return static_cast<double>(pulse == 0 ? before(cell, first) : after(cell, first + pulse - 1));
  }
};

[[nodiscard]] PulseRecord record_pulses(CellBench& bench, const PulseTrainPlan& plan,
                                        const Tick& tick);

/// Curves over the pulses of a cycle, one value for 0 to up + down pulses.
struct PulseCurves {
  std::vector<double> mean;            ///< over cells and cycles
  std::vector<double> between_cells;   ///< deviation of the cells' means over cycles
  std::vector<double> between_cycles;  ///< deviation of a cell between cycles, root mean square
                                       ///< over cells; empty for one cycle
  std::vector<std::vector<double>> percentiles;  ///< of all cells and cycles, one row each
};
/// \param cells  the cells that count; not empty
[[nodiscard]] PulseCurves curves_of(const PulseRecord& record,
                                    const std::vector<core::Index>& cells,
                                    const std::vector<double>& percentiles);

/// Ends of the trains of each cell, means over cycles.
struct Ends {
  std::vector<double> top, bottom;
};
[[nodiscard]] Ends ends_of(const PulseRecord& record, const std::vector<core::Index>& cells);

/// Mean step over the last twentieth of the pulses of one direction.
[[nodiscard]] double last_step(const PulseCurves& curves, const PulseTrainPlan& plan, bool up);

/// Deviation of what a write leaves in the state that reads see, from steps of opposite sign that
/// follow each other: an error of one state enters two steps, once with either sign.
[[nodiscard]] double write_noise_of(const PulseRecord& record,
                                    const std::vector<core::Index>& cells);

}  // namespace ohmlab::experiments
