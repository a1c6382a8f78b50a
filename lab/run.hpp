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
  std::int64_t threads = 0;  ///< 0: as many as the machine has
  bool force = false;        ///< run even if a finished file of the same id is there
  double checkpoint = 60;    ///< s between two stored states
  std::string id = {};       ///< that the run must have; empty: any
  bool claimed = false;  ///< whether the caller holds the claim of `out`; else `run` waits for it
};

struct Outcome {
  std::filesystem::path file;
  results::StoredResult stored;  ///< read back from the file: what is printed is what is stored
  bool ran = true;               ///< false if a finished file of the same id was there already
  /// What the user should know before the figures, one line each
  std::vector<std::string> warnings;
};

/// Says that an experiment asks for more memory than there is.
constexpr const char* out_of_memory = "not enough memory for what the config asks for";

/// Runs an experiment and stores its result; the whole way from a config to a file. A run that was
/// killed goes on from its last stored state; one that the progress asks to stop stores it and
/// throws. Runs with one result file wait for each other. The state of another run beside it is
/// discarded by force only.
/// \throws core::UserError, core::WorldError, results::Interrupted
[[nodiscard]] Outcome run(const Plan& plan, const RunOptions& options, results::Progress& progress);

}  // namespace ohmlab::lab
