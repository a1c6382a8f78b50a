#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sweep.hpp"

namespace ohmlab::lab {

/// Runs a sweep in several processes at once. Each runs `command`: the program with arguments that
/// make it call `work_as_job`. If asked to stop, the processes store their states.
///
/// Jobs read no config: they get the resolved points on standard input. So a config may come from a
/// pipe, and its file may change meanwhile. Processes are spawned, not forked: OpenMP does not
/// survive a fork.
/// \throws core::WorldError if a process cannot be started, Interrupted
SweepStatus sweep_in_jobs(const SweepPlan& plan, const SweepOptions& options, std::int64_t jobs,
                          const std::vector<std::string>& command, results::Progress& progress);

/// Works on the points of this job until they are done, or until the parent process is gone. Called
/// in a process that `sweep_in_jobs` has started.
/// \throws core::UserError if no sweep has started this process, core::WorldError, Interrupted
void work_as_job(results::Progress& progress);

}  // namespace ohmlab::lab
