#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "sweep.hpp"

namespace ohmlab::lab {

/// As `sweep`, in several processes at once, each running `command`: the program with arguments
/// that make it call `work_as_job`. Asked to stop, they store their states.
///
/// Jobs read no config: they get the resolved points on their standard input, so that a config may
/// come from a pipe and its file may change meanwhile. Processes are spawned, not forked: OpenMP
/// does not survive a fork.
/// \throws core::WorldError if one cannot be started, Interrupted
SweepStatus sweep_in_jobs(const SweepPlan& plan, const SweepOptions& options, std::int64_t jobs,
                          const std::vector<std::string>& command, results::Progress& progress);

/// In a process that `sweep_in_jobs` has started: works on its points until they are done, or until
/// the process that started it is gone.
/// \throws core::UserError if no sweep has started this process, core::WorldError, Interrupted
void work_as_job(results::Progress& progress);

}  // namespace ohmlab::lab
