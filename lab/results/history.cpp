#include "history.hpp"

#include <algorithm>
#include <cassert>
#include <numeric>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../io/hdf5.hpp"
#include "result.hpp"
#include "storable.hpp"

namespace ohmlab::results {
namespace {

constexpr const char *folder = "/history", *scale = "/history/entry";

std::string path_of(const std::string& name) { return fmt::format("{}/{}", folder, name); }

/// Entries of `done` in the order of `all`; zero for entries that `done` lacks.
std::vector<cost::Entry> among(const std::vector<cost::Entry>& done,
                               const std::vector<cost::Entry>& all) {
  cost::Tally tally;
  tally.add(all, 0);
  tally.add(done);
  return tally.entries();
}

/// Amounts by evaluation × entry, entries fastest.
std::vector<double> flat(const std::vector<std::vector<cost::Entry>>& done,
                         double cost::Entry::* amount) {
  std::vector<double> out;
  for (const auto& entries : done) {
    for (const cost::Entry& entry : entries) out.push_back(entry.*amount);
  }
  return out;
}

/// Reverse of `flat`, for evaluations that all have these entries.
void set_flat(const std::vector<double>& values, const std::vector<cost::Entry>& entries,
              double cost::Entry::* amount, std::vector<std::vector<cost::Entry>>& done) {
  for (std::size_t i = 0; i < values.size(); ++i) {
    done[i / entries.size()][i % entries.size()].*amount = values[i];
  }
}

}  // namespace

void Snapshots::state(core::Archive& archive, const cost::Tally& tally) {
  const std::vector<cost::Entry> entries = tally.entries();
  const core::Archive::Part part(archive, "history");
  std::uint64_t evaluations = taken_.size();
  archive.item("evaluations", evaluations);
  if (archive.restores()) taken_.assign(evaluations, entries);
  for (auto& done : taken_) done = among(done, entries);
  for (const HistoryColumn& column : history_columns) {
    std::vector<double> values = flat(taken_, column.amount);
    const std::size_t size = values.size();
    archive.item(column.name, values);
    if (values.size() != size)
      throw std::runtime_error(fmt::format("history of {}: another size", column.name));
    set_flat(values, entries, column.amount, taken_);
  }
}

History Snapshots::of(std::string system, const cost::Tally& tally) const {
  History out{std::move(system), {}};
  const std::vector<cost::Entry> entries = tally.entries();
  for (const auto& done : taken_) out.done.push_back(among(done, entries));
  return out;
}

std::size_t first_row(const std::vector<System>& systems, const std::string& name) {
  std::size_t row = 0;
  for (const System& system : systems) {
    if (system.name == name) return row;
    row += system.tally.size();
  }
  assert(false);
  return row;
}

void write_history(io::Hdf5Writer& file, const Result& result) {
  const History& history = result.history;
  if (history.done.empty()) return;
  const std::string axis = path_of(result.axis.name);
  const std::size_t entries = history.done[0].size();
  std::vector<std::int64_t> rows(entries);
  std::iota(rows.begin(), rows.end(),
            static_cast<std::int64_t>(first_row(result.systems, history.system)));
  file.scale(axis, result.axis.values, {result.axis.unit, result.axis.meaning});
  file.scale(scale, rows, {"1", "row of /tally"});
  file.attribute(folder, "system", history.system);
  for (const HistoryColumn& column : history_columns) {
    const std::string path = path_of(column.name);
    file.dataset(path, flat(history.done, column.amount), {history.done.size(), entries},
                 {column.unit, column.meaning});
    file.attach(path, 0, axis);
    file.attach(path, 1, scale);
  }
}

History read_history(const io::Hdf5Reader& file, const Result& result) {
  if (!file.has(folder)) return {};
  History out{file.attribute_text(folder, "system"), {}};
  const auto system = std::find_if(result.systems.begin(), result.systems.end(),
                                   [&](const System& s) { return s.name == out.system; });
  if (system == result.systems.end())
    throw core::UserError(
        file.path(), fmt::format("a system listed in /systems in attribute system of {}", folder),
        "\"" + out.system + "\"");
  const std::uint64_t evaluations = result.axis.values.size(), entries = system->tally.size();
  const std::string axis = path_of(result.axis.name);
  if (file.read_doubles(axis, io::Hdf5Shape{evaluations}).values != result.axis.values)
    throw core::UserError(file.path(), "the values of /metrics/" + result.axis.name + " in " + axis,
                          "others");
  const std::vector<std::int64_t> rows = file.read_int64(scale, io::Hdf5Shape{entries}).values;
  const auto first = static_cast<std::int64_t>(first_row(result.systems, out.system));
  for (std::size_t i = 0; i < rows.size(); ++i) {
    if (const std::int64_t row = first + static_cast<std::int64_t>(i); rows[i] != row)
      throw core::UserError(file.path(), fmt::format("row {} of /tally in {}", row, scale),
                            std::to_string(rows[i]));
  }
  out.done.assign(evaluations, system->tally);
  for (const HistoryColumn& column : history_columns) {
    const std::string path = path_of(column.name);
    const std::vector<double> values =
        file.read_doubles(path, io::Hdf5Shape{evaluations, entries}).values;
    for (const double value : values) {
      if (!is_amount(value))
        throw core::UserError(file.path(), "finite numbers from 0 in " + path,
                              fmt::format("{}", value));
    }
    set_flat(values, system->tally, column.amount, out.done);
  }
  return out;
}

}  // namespace ohmlab::results
