#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "ohmlab/core/config.hpp"
#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/progress.hpp"
#include "ohmlab/lab/result.hpp"

namespace ohmlab::lab {

/// A config that was read, checked and filled with defaults.
struct Plan {
  Experiment experiment;
  std::string config;  ///< resolved text: sorted, SI, defaults filled in
};

/// \throws core::UserError naming file, line, key, value and what was expected
[[nodiscard]] Plan plan(const core::Node& config);

struct RunOptions {
  std::filesystem::path out;  ///< result file; empty: `folder`/`stem`-ID.h5
  std::filesystem::path folder = "results";
  std::string stem = "run";
  std::int64_t threads = 0;  ///< 0: as many as the machine has
  bool force = false;        ///< run even if a finished file of the same id is there
};

struct Outcome {
  std::filesystem::path file;
  StoredResult stored;  ///< read back from the file: what is printed is what is stored
  bool ran = true;      ///< false if a finished file of the same id was there already
};

/// Runs an experiment and stores its result; the whole way from a config to a file.
/// \throws core::UserError, core::WorldError
[[nodiscard]] Outcome run(const Plan& plan, const RunOptions& options, Progress& progress);

}  // namespace ohmlab::lab
