#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "../results/progress.hpp"
#include "../results/result.hpp"
#include "../sweep.hpp"
#include "candidates.hpp"
#include "ladder.hpp"

/// Runs of a verdict: two sweeps in its folder, `screen` and `final`, each with its index. A killed
/// verdict goes on where it was, with the same bits.
namespace ohmlab::verdict {

struct RunOptions {
  std::filesystem::path out;  ///< folder of the verdict
  std::int64_t jobs = 1;      ///< processes at once
  std::int64_t threads = 1;   ///< threads of each run
  /// Program that works as a job of a sweep, with its arguments; for `jobs` above 1
  std::vector<std::string> worker;
};

/// A run with its name.
struct NamedRun {
  std::string label;
  lab::Plan plan;
};

/// A flat sweep of runs, in their order. Labels are made unique by a number.
[[nodiscard]] lab::SweepPlan sweep_of(const std::vector<NamedRun>& runs);

/// A run that was made: its result, or the reason why there is none, e.g. a training that diverges.
struct Outcome {
  std::optional<results::Result> result;
  std::string failed;
};

/// Runs all that is not done yet and reads the results, in the order of the runs.
/// \param stage  name of the folder
/// \throws core::WorldError, results::Interrupted
[[nodiscard]] std::vector<Outcome> run_all(const lab::SweepPlan& plan, const std::string& stage,
                                           const RunOptions& options, results::Progress& progress);

/// Writes the training images of a plan's data as data of their own: the last `count` ones are the
/// test images. Their files are left alone if they are there.
/// \returns the folder, absolute
/// \throws core::UserError if there are not more images than `count`
std::filesystem::path write_validation(const lab::Plan& plan, std::int64_t count,
                                       const std::filesystem::path& out);

/// Claims the folder: its file `plan.txt` lists the runs of the first stage by id.
/// \throws core::UserError if it belongs to another verdict
void claim_folder(const lab::SweepPlan& screen, const std::string& question,
                  const std::filesystem::path& out);

/// Learning curve of a result. \throws core::UserError if it lacks the metric
[[nodiscard]] Curve curve_of(const results::Result& result, const std::string& metric);

}  // namespace ohmlab::verdict
