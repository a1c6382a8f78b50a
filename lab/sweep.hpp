#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "results/progress.hpp"
#include "sweep_plan.hpp"

/// Runs the points of a sweep into one folder: ID.h5 for each that is done, ID.error.txt for each
/// that failed, and index.h5, one labelled cube over all of them, when none is left.
///
/// Any number of processes may work on one folder, started together or apart: each point has a
/// lock. What was killed goes on where it was when the sweep is started again, and ends in the same
/// bytes.
namespace ohmlab::lab {

struct SweepOptions {
  std::filesystem::path out;           ///< folder
  std::int64_t shard = 1, shards = 1;  ///< runs the points number shard, shard + shards, …
  std::int64_t threads = 0;            ///< of each run; 0: as many as the machine has
  double checkpoint = 60;              ///< s between two stored states of a run
  bool force = false;                  ///< run finished points again
};

struct SweepStatus {
  std::int64_t done = 0, failed = 0, open = 0;  ///< points of the whole sweep, all shards
  std::filesystem::path index;                  ///< index.h5; empty while points are open
};

/// Gets a folder ready: makes it, refuses that of another sweep, and forgets what failed before in
/// this shard.
/// \throws core::UserError, core::WorldError
void prepare_sweep(const SweepPlan& plan, const SweepOptions& options);

/// Whether a point is neither done nor failed.
[[nodiscard]] bool is_open(const SweepPoint& point, const std::filesystem::path& out);

/// The points of a shard that are neither done nor failed, each run once.
[[nodiscard]] std::vector<const SweepPoint*> open_points(const SweepPlan& plan,
                                                         const SweepOptions& options);

/// Runs points, one after another, waiting for those that other processes are at.
/// A point that fails leaves its message in ID.error.txt; the others go on.
/// \throws core::WorldError, Interrupted
void work_on_points(std::vector<const SweepPoint*> points, const SweepOptions& options,
                    results::Progress& progress);

/// How far a sweep is.
[[nodiscard]] SweepStatus sweep_status(const SweepPlan& plan, const std::filesystem::path& out);

/// Writes index.h5 if no point of any shard is open: the cube of all quality figures, NaN where a
/// point failed.
SweepStatus finish_sweep(const SweepPlan& plan, const std::filesystem::path& out);

/// Everything in this process, from folder to index.
SweepStatus sweep(const SweepPlan& plan, const SweepOptions& options, results::Progress& progress);

/// One line of a sweep's table: a point without its repeats.
struct SweepRow {
  std::vector<std::string> labels;  ///< one for each dimension but "repeat"
  std::vector<double> means,
      errors;  ///< of the reported figures over the repeats that have them, and their
               ///< standard errors; NaN for none and for less than two
};
struct SweepSummary {
  std::vector<std::string> dimensions, figures;
  std::vector<SweepRow> rows;
};

/// The reported figures of a finished sweep, by point.
/// \throws core::UserError if no point has a figure of such a name
[[nodiscard]] SweepSummary summarise_sweep(const SweepPlan& plan, const std::filesystem::path& out);

}  // namespace ohmlab::lab
