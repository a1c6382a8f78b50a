#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ohmlab/lab/sweep.hpp"

namespace ohmlab::lab {

/// As `sweep`, in several processes at once, each running `command`: the program with arguments that make it
/// call `work_on_sweep` for the same plan and options. Asked to stop, they store their states.
///
/// Processes are spawned, not forked: OpenMP does not survive a fork.
/// \throws core::WorldError if one cannot be started, Interrupted
SweepStatus sweep_in_jobs(const SweepPlan& plan, const SweepOptions& options, std::int64_t jobs,
                          const std::vector<std::string>& command, Progress& progress);

/// In a process that `sweep_in_jobs` has started: be asked to stop when the one that started it is gone.
void follow_parent();

}  // namespace ohmlab::lab
