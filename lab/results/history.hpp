#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <vector>

#include "../../core/archive.hpp"
#include "../../cost/tally.hpp"
#include "system.hpp"

namespace ohmlab::io {
class Hdf5Reader;
class Hdf5Writer;
}  // namespace ohmlab::io

namespace ohmlab::results {

struct Result;

/// Tally of the machine that ran at each evaluation, counted from the start.
struct History {
  std::string system;  ///< name of the machine among the systems
  /// By evaluation: the entries of the system's tally, in its order, zero until they begin. Empty
  /// if the experiment does not train.
  std::vector<std::vector<cost::Entry>> done;
};

/// One stored amount of an entry.
struct HistoryColumn {
  const char *name, *unit, *meaning;
  double cost::Entry::* amount;
};
inline constexpr std::array history_columns{
    HistoryColumn{"count", "1", "count up to the evaluation", &cost::Entry::count},
    HistoryColumn{"serial", "1", "count on the critical path up to the evaluation",
                  &cost::Entry::serial},
    HistoryColumn{"joules", "J", "dissipation from physics, up to the evaluation",
                  &cost::Entry::joules},
    HistoryColumn{"duration", "s", "time from physics, up to the evaluation",
                  &cost::Entry::seconds}};

/// Records the tally of a machine at each evaluation of its training.
class Snapshots {
 public:
  void take(const cost::Tally& tally) { taken_.push_back(tally.entries()); }
  /// \param tally  tally of the snapshots, already restored
  void state(core::Archive& archive, const cost::Tally& tally);
  /// \param tally  tally at the end of the training
  [[nodiscard]] History of(std::string system, const cost::Tally& tally) const;

 private:
  std::vector<std::vector<cost::Entry>> taken_;
};

/// Row of /tally at which the entries of a system begin: systems follow one another there.
/// \pre there is a system of this name
[[nodiscard]] std::size_t first_row(const std::vector<System>& systems, const std::string& name);

/// Writes /history: amounts by evaluation × entry, where an entry is a row of /tally.
void write_history(io::Hdf5Writer& file, const Result& result);

/// \param result  result whose axis and systems are already read
/// \throws core::UserError if the history does not fit them
[[nodiscard]] History read_history(const io::Hdf5Reader& file, const Result& result);

}  // namespace ohmlab::results
