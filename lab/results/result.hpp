#pragma once

#include <cstdint>
#include <filesystem>
#include <string>
#include <vector>

#include "../../core/matrix.hpp"
#include "../../io/seal.hpp"
#include "history.hpp"
#include "labelled_group.hpp"
#include "system.hpp"

namespace ohmlab::results {

/// Version of result files: changes when their contents change in meaning. Part of the id of a run.
constexpr std::int64_t schema = 3;

struct Quantity {
  std::string name;
  double value = 0;
  std::string unit;     ///< e.g. "nat", "1"
  std::string meaning;  ///< label for the axis of a plot
};

struct Series {
  std::string name;
  std::vector<double> values;  ///< one for each value of their axis
  std::string unit, meaning;
};

struct Parameter {
  std::string name;
  std::vector<std::string> dims;  ///< names of its one or two dimensions, e.g. visible, hidden
  core::MatrixD values;
  std::string unit, meaning;
};

/// Result of an experiment: a function of config and data alone.
struct Result {
  std::vector<Quantity> quality;
  Series axis{"epoch", {}, "1", "epochs done"};  ///< axis of the metrics
  std::vector<Series> metrics;
  std::vector<Parameter> parameters;
  std::vector<System> systems;  ///< the simulated system first, then its comparisons
  std::vector<LabelledGroup> groups;
  History history;  ///< tally of the machine that ran at each value of the axis
};

/// Identity of a run: its resolved config, and an id made of config and data.
struct Identity {
  std::string id;      ///< 16 hexadecimal digits
  std::string config;  ///< resolved text
};

/// Facts that differ between equal runs; stored as attributes of /run only.
struct RunFacts {
  std::string version, compiler, started, cpu;
  std::int64_t threads = 1;
  double seconds = 0;
  std::string commit;  ///< commit of the sources; "unknown" in files that do not say it
};

/// Writes a result file, whole or not at all; the file is read back before it gets its name.
/// \throws core::UserError naming the first figure that cannot be stored; see `storable.hpp`
void write_result(const std::filesystem::path& file, const Identity& identity, const Result& result,
                  const RunFacts& facts);

struct StoredResult {
  Identity identity;
  Result result;
  RunFacts facts;
  /// Difference from the file that ohmlab wrote; "" if there is none
  std::string changed;
};

/// A file that is not as ohmlab wrote it: damaged, changed by another program, or never sealed with
/// a digest.
using ChangedFile = io::ChangedFile;

/// Treatment of a changed file.
enum class Changed {
  refused,
  read  ///< in a separate process, since HDF5 may crash on it; figures may be wrong
};

/// Reads a result file back.
/// \throws core::UserError if it is no result file, or one of another schema; ChangedFile
[[nodiscard]] StoredResult read_result(const std::filesystem::path& file,
                                       Changed changed = Changed::refused);

/// Reads only the systems, which must be complete: a bill depends on nothing else in the file. Of
/// the final figures it reads those that warnings depend on, if they are readable.
/// \throws core::UserError if it is no result file, or one of another schema; ChangedFile
[[nodiscard]] StoredResult read_billed(const std::filesystem::path& file,
                                       Changed changed = Changed::refused);

/// Reads only axis, metrics, systems and history, and the figures that warnings depend on.
/// \throws core::UserError if it is no result file, or one of another schema; ChangedFile
[[nodiscard]] StoredResult read_training(const std::filesystem::path& file,
                                         Changed changed = Changed::refused);

}  // namespace ohmlab::results
