#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "results/progress.hpp"
#include "sweep_plan.hpp"

/// Runs the points of a sweep into one folder: ID.h5 for each finished point, ID.error.txt for each
/// failed one, ID.refused.txt for each that its run refuses if the sweep leaves such points out.
/// When no point is left, index.h5 holds one labelled cube over all points.
///
/// Any number of processes may work on one folder, started together or apart: each point has a
/// lock. A killed sweep resumes when it is started again, and ends in the same bytes.
namespace ohmlab::lab {

struct SweepOptions {
  std::filesystem::path out;           ///< folder
  std::int64_t shard = 1, shards = 1;  ///< runs the points number shard, shard + shards, …
  std::int64_t threads = 0;            ///< threads of each run; 0: all of the machine
  double checkpoint = 60;              ///< seconds between two stored states of a run
  bool force = false;                  ///< run finished points again
};

struct SweepStatus {
  /// Numbers of points, over all shards
  std::int64_t done = 0, failed = 0, open = 0, refused = 0;
  std::filesystem::path index;  ///< index.h5; empty while points are open
};

/// Makes the folder, refuses the folder of another sweep, and removes the error files of this
/// shard.
/// \throws core::UserError, core::WorldError
void prepare_sweep(const SweepPlan& plan, const SweepOptions& options);

/// True if a point is neither done nor failed.
[[nodiscard]] bool is_open(const SweepPoint& point, const std::filesystem::path& out);

/// Points of a shard that are neither done nor failed; equal runs count once.
[[nodiscard]] std::vector<const SweepPoint*> open_points(const SweepPlan& plan,
                                                         const SweepOptions& options);

/// Runs points one after another; waits for points that other processes run. A point that fails
/// leaves its message in ID.error.txt; the others go on.
/// \throws core::WorldError, Interrupted
void work_on_points(std::vector<const SweepPoint*> points, const SweepOptions& options,
                    results::Progress& progress);

/// Numbers of done, failed and open points.
[[nodiscard]] SweepStatus sweep_status(const SweepPlan& plan, const std::filesystem::path& out);

/// Writes index.h5 if no point of any shard is open: the cube of all quality figures, NaN where a
/// point has none.
SweepStatus finish_sweep(const SweepPlan& plan, const std::filesystem::path& out);

/// Runs a whole sweep in this process, from folder to index.
SweepStatus sweep(const SweepPlan& plan, const SweepOptions& options, results::Progress& progress);

/// One row of a sweep's table: a point with its repeats averaged.
struct SweepRow {
  std::vector<std::string> labels;  ///< one label for each dimension except "repeat"
  /// Means of the reported figures over the repeats that have them, and their standard errors; NaN
  /// without repeats, and for errors also with a single one
  std::vector<double> means, errors;
};
struct SweepSummary {
  std::vector<std::string> dimensions, figures;
  std::vector<SweepRow> rows;
};

/// Reported figures of a finished sweep, by point.
/// \throws core::UserError if no point has a reported figure
[[nodiscard]] SweepSummary summarise_sweep(const SweepPlan& plan, const std::filesystem::path& out);

}  // namespace ohmlab::lab
