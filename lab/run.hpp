#pragma once

#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "plan.hpp"
#include "results/progress.hpp"
#include "results/result.hpp"

namespace ohmlab::lab {

struct RunOptions {
  std::filesystem::path out;  ///< result file; empty: `folder`/`stem`-ID.h5
  std::filesystem::path folder = "results";
  std::string stem = "run";
  std::int64_t threads = 0;  ///< 0: all threads of the machine
  bool force = false;        ///< run even if a finished file of the same id exists
  double checkpoint = 60;    ///< seconds between two stored states
  std::string id = {};       ///< id that the run must have; empty: any
  /// The caller holds the claim of `out`; else `run` waits for it
  bool claimed = false;
};

struct Outcome {
  std::filesystem::path file;
  /// Read back from the file, so that printed and stored figures agree
  results::StoredResult stored;
  bool ran = true;  ///< false if a finished file of the same id already existed
  /// Warnings for the user, one line each; shown before the figures
  std::vector<std::string> warnings;
};

/// Message for an experiment that needs more memory than there is.
constexpr const char* out_of_memory = "not enough memory for what the config asks for";

/// Runs an experiment and stores its result. A killed run resumes from its last stored state. If
/// `progress` asks it to stop, a run stores its state and throws results::Interrupted. Runs with
/// the same result file wait for each other. The state of another run is discarded only if `force`
/// is set.
/// \throws core::UserError, core::WorldError, results::Interrupted
[[nodiscard]] Outcome run(const Plan& plan, const RunOptions& options, results::Progress& progress);

}  // namespace ohmlab::lab
