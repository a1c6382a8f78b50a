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

/// Changes whenever what a result file holds changes its meaning; part of a run's id.
constexpr std::int64_t schema = 3;

struct Quantity {
  std::string name;
  double value = 0;
  std::string unit;     ///< "nat", "1", …
  std::string meaning;  ///< as an axis of a plot would say it
};

struct Series {
  std::string name;
  std::vector<double> values;  ///< one for each value of the axis they stand on
  std::string unit, meaning;
};

struct Parameter {
  std::string name;
  std::vector<std::string> dims;  ///< names of its one or two dimensions, e.g. visible, hidden
  core::MatrixD values;
  std::string unit, meaning;
};

/// What an experiment found. Everything here is a function of the config and the data alone.
struct Result {
  std::vector<Quantity> quality;
  Series axis{"epoch", {}, "1", "epochs done"};  ///< what the metrics are a function of
  std::vector<Series> metrics;
  std::vector<Parameter> parameters;
  std::vector<System> systems;  ///< the one that was simulated first, then what it is compared with
  std::vector<LabelledGroup> groups;
  History history;  ///< what the machine that ran had done at each value of the axis
};

/// What names a run: its resolved config, and the id made of it and of the data it read.
struct Identity {
  std::string id;      ///< 16 hexadecimal digits
  std::string config;  ///< resolved text
};

/// What differs between equal runs; stored as attributes of /run and nowhere else.
struct RunFacts {
  std::string version, compiler, started, cpu;
  std::int64_t threads = 1;
  double seconds = 0;
};

/// Writes a result file, whole or not at all; it is read back before it has its name.
/// \throws core::UserError naming the figure if there is one that no reader would take; see
/// `storable.hpp`
void write_result(const std::filesystem::path& file, const Identity& identity, const Result& result,
                  const RunFacts& facts);

struct StoredResult {
  Identity identity;
  Result result;
  RunFacts facts;
  /// In which way it is not the file that ohmlab wrote; "" if it is that file
  std::string changed;
};

/// A file that is not as ohmlab wrote it: damaged, changed by another program, or never sealed with
/// a digest.
using ChangedFile = io::ChangedFile;

/// What becomes of such a file.
enum class Changed {
  refused,
  read  ///< in a process of its own, since HDF5 may crash on it; figures may be wrong
};

/// Reads a result file back.
/// \throws core::UserError if it is no result file, or one of another schema; ChangedFile
[[nodiscard]] StoredResult read_result(const std::filesystem::path& file,
                                       Changed changed = Changed::refused);

/// Reads only what is billed, which has to be whole: a bill is a function of nothing else in the
/// file. Of the final figures it reads those that warnings are a function of, as far as they can be
/// read.
/// \throws core::UserError if it is no result file, or one of another schema; ChangedFile
[[nodiscard]] StoredResult read_billed(const std::filesystem::path& file,
                                       Changed changed = Changed::refused);

/// Reads only what a training came to and what it had done by then: axis, metrics, systems and
/// history, and the figures that warnings are a function of.
/// \throws core::UserError if it is no result file, or one of another schema; ChangedFile
[[nodiscard]] StoredResult read_training(const std::filesystem::path& file,
                                         Changed changed = Changed::refused);

}  // namespace ohmlab::results
