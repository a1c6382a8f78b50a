#include "ohmlab/lab/results/result.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <stdexcept>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/io/hdf5.hpp"
#include "ohmlab/io/sandbox.hpp"
#include "ohmlab/lab/results/storable.hpp"
#include "ohmlab/lab/results/warnings.hpp"

namespace ohmlab::results {
namespace {

constexpr const char* format_name = "ohmlab result";

void write_metrics(io::Hdf5Writer& file, const Result& result) {
  file.group("/metrics");
  if (result.axis.values.empty()) return;
  const std::string axis = "/metrics/" + result.axis.name;
  file.scale(axis, result.axis.values, {result.axis.unit, result.axis.meaning});
  file.attribute("/metrics", "axis", result.axis.name);
  for (const Series& series : result.metrics) {
    const std::string path = "/metrics/" + series.name;
    file.dataset(path, series.values, {series.values.size()}, {series.unit, series.meaning});
    file.attach(path, 0, axis);
  }
}

void write_parameters(io::Hdf5Writer& file, const Result& result) {
  file.group("/model");
  std::vector<std::string> scales;
  for (const Parameter& parameter : result.parameters) {
    const core::MatrixD& values = parameter.values;
    io::Hdf5Shape shape{static_cast<std::uint64_t>(values.rows()), static_cast<std::uint64_t>(values.cols())};
    if (parameter.dims.size() == 1) shape.erase(shape.begin());
    const std::string path = "/model/" + parameter.name;
    file.dataset(path, std::span<const double>(values.data(), static_cast<std::size_t>(values.size())), shape,
                 {parameter.unit, parameter.meaning});
    for (std::size_t dim = 0; dim < shape.size(); ++dim) {
      const std::string scale = "/model/" + parameter.dims[dim];
      if (std::find(scales.begin(), scales.end(), scale) == scales.end()) {
        std::vector<std::int64_t> numbers(shape[dim]);
        std::iota(numbers.begin(), numbers.end(), std::int64_t{0});
        file.scale(scale, numbers, {"1", "number of the " + parameter.dims[dim] + " unit"});
        scales.push_back(scale);
      }
      file.attach(path, static_cast<unsigned>(dim), scale);
    }
  }
}

/// Writes columns of one group on one scale, so that a table opens as one labelled whole.
class Table {
 public:
  Table(io::Hdf5Writer& file, std::string group, const std::string& scale, std::size_t rows,
        const char* meaning)
      : file_(file), group_(std::move(group)), scale_(group_ + "/" + scale) {
    std::vector<std::int64_t> numbers(rows);
    std::iota(numbers.begin(), numbers.end(), std::int64_t{0});
    file_.scale(scale_, numbers, {"1", meaning});
  }
  template <class Rows, class Value>
  void column(const char* name, const Rows& rows, const Value& value, const char* unit, const char* meaning) {
    std::vector<std::remove_cvref_t<decltype(value(rows[0]))>> values;
    for (const auto& row : rows) values.push_back(value(row));
    const std::string path = group_ + "/" + name;
    file_.dataset(path, values, {values.size()}, {unit, meaning});
    file_.attach(path, 0, scale_);
  }

 private:
  io::Hdf5Writer& file_;
  std::string group_, scale_;
};

void write_systems(io::Hdf5Writer& file, const std::vector<System>& systems) {
  Table heads(file, "/systems", "system", systems.size(), "system");
  heads.column("name", systems, [](const System& s) { return s.name; }, "", "name of the system");
  heads.column("title", systems, [](const System& s) { return s.title; }, "", "title of the system");
  heads.column("unpriced", systems, [](const System& s) { return s.unpriced; }, "",
               "what keeps it from being billed");
  heads.column("digital", systems, [](const System& s) { return std::int64_t{s.digital}; }, "1",
               "1 if priced as an accelerator");
  heads.column("parameters", systems, [](const System& s) { return s.parameters; }, "1",
               "weights and biases");
  heads.column("examples", systems, [](const System& s) { return s.examples; }, "1",
               "passes over examples in training");
  heads.column("tokens", systems, [](const System& s) { return s.tokens; }, "1",
               "pieces of examples seen one by one");

  struct Row {
    std::string system;
    cost::Entry entry;
  };
  std::vector<Row> rows;
  struct Held {
    std::string system;
    cost::Holding holding;
  };
  std::vector<Held> held;
  for (const System& system : systems) {
    for (const cost::Entry& entry : system.tally) rows.push_back({system.name, entry});
    for (const cost::Holding& holding : system.holdings) held.push_back({system.name, holding});
  }
  Table tally(file, "/tally", "entry", rows.size(), "entry of the tally");
  tally.column("system", rows, [](const Row& r) { return r.system; }, "", "which machine");
  tally.column("stage", rows, [](const Row& r) { return r.entry.stage; }, "", "stage of the schedule");
  tally.column("component", rows, [](const Row& r) { return r.entry.component; }, "", "part of the machine");
  if (std::any_of(rows.begin(), rows.end(), [](const Row& r) { return !r.entry.layer.empty(); })) {
    tally.column("layer", rows, [](const Row& r) { return r.entry.layer; }, "",
                 "layer of the model, empty for what is of none");
  }
  tally.column("action", rows, [](const Row& r) { return std::string(cost::name(r.entry.action)); }, "",
               "what it did");
  tally.column("parameter", rows, [](const Row& r) { return r.entry.parameter; }, "1",
               "parameter of the action, e.g. bits");
  tally.column("count", rows, [](const Row& r) { return r.entry.count; }, "1", "how often");
  tally.column("serial", rows, [](const Row& r) { return r.entry.serial; }, "1",
               "how often on the critical path");
  tally.column("joules", rows, [](const Row& r) { return r.entry.joules; }, "J",
               "dissipation that is physics");
  tally.column("duration", rows, [](const Row& r) { return r.entry.seconds; }, "s", "time that is physics");
  tally.column("overlapped", rows, [](const Row& r) { return std::int64_t{r.entry.overlapped}; }, "1",
               "1 in a pipeline, where the slowest action of a stage and component alone takes time");
  Table holdings(file, "/holdings", "holding", held.size(), "what is there whether it acts or not");
  holdings.column("system", held, [](const Held& h) { return h.system; }, "", "which machine");
  holdings.column("component", held, [](const Held& h) { return h.holding.component; }, "",
                  "part of the machine");
  if (std::any_of(held.begin(), held.end(), [](const Held& h) { return !h.holding.layer.empty(); })) {
    holdings.column("layer", held, [](const Held& h) { return h.holding.layer; }, "",
                    "layer of the model, empty for what is of none");
  }
  holdings.column("part", held, [](const Held& h) { return std::string(cost::name(h.holding.part)); }, "",
                  "what it consists of");
  holdings.column("parameter", held, [](const Held& h) { return h.holding.parameter; }, "1",
                  "parameter of the part, e.g. bits");
  holdings.column("count", held, [](const Held& h) { return h.holding.count; }, "1", "how many");
}

/// A shape of one dimension; anything else under that name is no result.
io::Hdf5Shape list_shape(const io::Hdf5Reader& file, const std::string& path, io::Hdf5Shape shape) {
  if (shape.size() != 1)
    throw core::UserError(file.path(), "one dimension of " + path, std::to_string(shape.size()));
  return shape;
}

/// Reads columns of one group, all as long as the one that says which system a row is of.
class Columns {
 public:
  Columns(const io::Hdf5Reader& file, std::string group, const char* system)
      : file_(file), group_(std::move(group)) {
    io::Hdf5Array<std::string> found = file_.read_strings(path(system));
    shape_ = list_shape(file_, path(system), std::move(found.shape));
    systems_ = std::move(found.values);
  }
  [[nodiscard]] std::size_t rows() const { return systems_.size(); }
  [[nodiscard]] const std::vector<std::string>& systems() const { return systems_; }
  [[nodiscard]] std::vector<std::string> strings(const char* name) const {
    return file_.read_strings(path(name), shape_).values;
  }
  /// A column that is there only if any of its texts is not empty.
  [[nodiscard]] std::vector<std::string> strings_if_any(const char* name) const {
    return file_.has(path(name)) ? strings(name) : std::vector<std::string>(rows());
  }
  /// Numbers that count something: finite and not negative.
  [[nodiscard]] std::vector<double> amounts(const char* name) const {
    std::vector<double> values = doubles(name);
    for (const double value : values) {
      if (!is_amount(value)) {
        throw core::UserError(file_.path(), "finite numbers from 0 in " + group_ + "/" + name,
                              fmt::format("{}", value));
      }
    }
    return values;
  }
  [[nodiscard]] std::vector<double> doubles(const char* name) const {
    return file_.read_doubles(path(name), shape_).values;
  }
  [[nodiscard]] std::vector<std::int64_t> integers(const char* name) const {
    return file_.read_int64(path(name), shape_).values;
  }

 private:
  [[nodiscard]] std::string path(const char* name) const { return group_ + "/" + name; }
  const io::Hdf5Reader& file_;
  std::string group_;
  io::Hdf5Shape shape_;
  std::vector<std::string> systems_;
};

System& system_called(std::vector<System>& systems, const std::string& name, const io::Hdf5Reader& file) {
  const auto found =
      std::find_if(systems.begin(), systems.end(), [&](const System& s) { return s.name == name; });
  if (found == systems.end())
    throw core::UserError(file.path(), "systems listed in /systems", "\"" + name + "\"");
  return *found;
}

std::vector<System> systems_in(const io::Hdf5Reader& file) {
  std::vector<System> systems;
  const Columns heads(file, "/systems", "name");
  const auto titles = heads.strings("title"), unpriced = heads.strings("unpriced");
  const auto digital = heads.integers("digital");
  const auto parameters = heads.amounts("parameters"), examples = heads.amounts("examples"),
             tokens = heads.amounts("tokens");
  for (std::size_t i = 0; i < heads.rows(); ++i) {
    systems.push_back({heads.systems()[i],
                       titles[i],
                       unpriced[i],
                       digital[i] != 0,
                       parameters[i],
                       examples[i],
                       tokens[i],
                       {},
                       {}});
  }
  if (const Columns tally(file, "/tally", "system"); tally.rows() > 0) {
    const auto stages = tally.strings("stage"), components = tally.strings("component"),
               layers = tally.strings_if_any("layer"), actions = tally.strings("action");
    const auto parameter = tally.amounts("parameter"), counts = tally.amounts("count"),
               serials = tally.amounts("serial"), joules = tally.amounts("joules"),
               seconds = tally.amounts("duration");
    const auto overlapped = tally.integers("overlapped");
    for (std::size_t i = 0; i < tally.rows(); ++i) {
      const auto action = cost::find_action(actions[i]);
      if (!action) throw core::UserError(file.path(), "actions this version knows", "\"" + actions[i] + "\"");
      system_called(systems, tally.systems()[i], file)
          .tally.push_back({stages[i], components[i], *action, parameter[i], counts[i], serials[i], joules[i],
                            seconds[i], overlapped[i] != 0, layers[i]});
    }
  }
  if (const Columns held(file, "/holdings", "system"); held.rows() > 0) {
    const auto components = held.strings("component"), layers = held.strings_if_any("layer"),
               parts = held.strings("part");
    const auto parameter = held.amounts("parameter"), counts = held.amounts("count");
    for (std::size_t i = 0; i < held.rows(); ++i) {
      const auto part = cost::find_part(parts[i]);
      if (!part) throw core::UserError(file.path(), "parts this version knows", "\"" + parts[i] + "\"");
      system_called(systems, held.systems()[i], file)
          .holdings.push_back({components[i], *part, parameter[i], counts[i], layers[i]});
    }
  }
  return systems;
}

/// \throws core::UserError if the file is not a result, or one of another schema
void check_kind(const io::Hdf5Reader& file) {
  if (!file.has_attribute("/", "format") || file.attribute_text("/", "format") != format_name) {
    throw core::UserError(file.path(), "a result file of ohmlab", "an HDF5 file of another kind");
  }
  const std::int64_t found = file.attribute_int64("/", "schema");
  if (found != schema) {
    throw core::UserError(file.path(), fmt::format("schema {}", schema),
                          fmt::format("schema {}; run it again", found));
  }
}

/// Unit and meaning of a dataset.
std::pair<std::string, std::string> labels_of(const io::Hdf5Reader& file, const std::string& object) {
  return {file.attribute_text(object, "units"), file.attribute_text(object, "long_name")};
}

void read_metrics(const io::Hdf5Reader& file, Result& result) {
  const std::vector<std::string> metrics = file.names("/metrics");
  if (metrics.empty()) return;
  result.axis.name = file.attribute_text("/metrics", "axis");
  const std::string axis = "/metrics/" + result.axis.name;
  const io::Hdf5Shape shape = list_shape(file, axis, file.shape(axis));
  for (const std::string& name : metrics) {
    const auto [unit, meaning] = labels_of(file, "/metrics/" + name);
    Series series{name, file.read_doubles("/metrics/" + name, shape).values, unit, meaning};
    if (name == result.axis.name) {
      result.axis = std::move(series);
    } else {
      result.metrics.push_back(std::move(series));
    }
  }
}

void read_parameters(const io::Hdf5Reader& file, Result& result) {
  for (const std::string& name : file.names("/model")) {
    const std::string object = "/model/" + name;
    const io::Hdf5Shape shape = file.shape(object);
    if (shape.empty() || shape.size() > 2) {
      throw core::UserError(file.path(), "1 or 2 dimensions of " + object, std::to_string(shape.size()));
    }
    std::vector<std::string> dims;
    for (unsigned dim = 0; dim < shape.size(); ++dim) {
      dims.push_back(std::filesystem::path(file.scale_name(object, dim)).filename().string());
    }
    if (dims[0].empty()) continue;  // a scale itself
    const auto array = file.read_doubles(object);
    const auto cols = static_cast<core::Index>(shape.back());
    const auto rows = shape.size() == 2 ? static_cast<core::Index>(shape[0]) : core::Index{1};
    const auto [unit, meaning] = labels_of(file, object);
    result.parameters.push_back(
        {name, dims, Eigen::Map<const core::MatrixD>(array.values.data(), rows, cols), unit, meaning});
  }
}

/// The final figures that warnings are a function of. A bill needs none of them: one that cannot be read is
/// as if it were not there.
void read_warned(const io::Hdf5Reader& file, Result& result) {
  for (const std::string_view name : warned_figures()) {
    const std::string path = "/quality/" + std::string(name);
    try {
      if (file.has(path)) result.quality.push_back({std::string(name), file.read_scalar(path), "", ""});
    } catch (const core::UserError&) {
      continue;
    }
  }
}

StoredResult everything(const io::Hdf5Reader& file) {
  check_kind(file);
  StoredResult out;
  out.identity = {file.attribute_text("/", "id"), file.read_text("/config")};
  for (const std::string& name : file.names("/quality")) {
    const auto [unit, meaning] = labels_of(file, "/quality/" + name);
    out.result.quality.push_back({name, file.read_scalar("/quality/" + name), unit, meaning});
  }
  read_metrics(file, out.result);
  read_parameters(file, out.result);
  out.result.systems = systems_in(file);
  out.result.history = read_history(file, out.result);
  out.result.groups = read_labelled(file);
  out.facts = {file.attribute_text("/run", "version"),  file.attribute_text("/run", "compiler"),
               file.attribute_text("/run", "started"),  file.attribute_text("/run", "cpu"),
               file.attribute_int64("/run", "threads"), file.attribute_double("/run", "seconds")};
  return out;
}

StoredResult billed(const io::Hdf5Reader& file) {
  check_kind(file);
  StoredResult out;
  out.result.systems = systems_in(file);
  read_warned(file, out.result);
  return out;
}

StoredResult trained(const io::Hdf5Reader& file) {
  check_kind(file);
  StoredResult out;
  read_metrics(file, out.result);
  out.result.systems = systems_in(file);
  out.result.history = read_history(file, out.result);
  read_warned(file, out.result);
  return out;
}

void write(io::Hdf5Writer& file, const Identity& identity, const Result& result, const RunFacts& facts) {
  file.attribute("/", "format", std::string(format_name));
  file.attribute("/", "schema", schema);
  file.attribute("/", "id", identity.id);
  file.text("/config", identity.config);
  file.group("/quality");
  for (const Quantity& quantity : result.quality) {
    file.scalar("/quality/" + quantity.name, quantity.value, {quantity.unit, quantity.meaning});
  }
  write_metrics(file, result);
  write_parameters(file, result);
  write_systems(file, result.systems);
  write_history(file, result);
  for (const LabelledGroup& group : result.groups) write_labelled(file, group);
  file.group("/run");
  file.attribute("/run", "version", facts.version);
  file.attribute("/run", "compiler", facts.compiler);
  file.attribute("/run", "cpu", facts.cpu);
  file.attribute("/run", "started", facts.started);
  file.attribute("/run", "threads", facts.threads);
  file.attribute("/run", "seconds", facts.seconds);
}

using Part = StoredResult (*)(const io::Hdf5Reader&);

/// HDF5 sees the bytes of a changed file in a process of its own alone, which writes down what it found
/// there.
StoredResult read_changed(const std::filesystem::path& path, Part part) {
  std::vector<std::byte> found = io::in_sandbox(path, [&] {
    const StoredResult stored = part(io::Hdf5Reader(path, io::Trust::any));
    io::Hdf5Writer copy;
    write(copy, stored.identity, stored.result, stored.facts);
    return copy.bytes();
  });
  return part(io::Hdf5Reader(std::move(found), path));
}

StoredResult read(const std::filesystem::path& path, Changed changed, Part part) {
  try {
    return part(io::Hdf5Reader(path));
  } catch (const io::ChangedFile& error) {
    if (changed == Changed::refused) throw;
    StoredResult out = read_changed(path, part);
    out.changed = error.what();
    return out;
  }
}

}  // namespace

void write_result(const std::filesystem::path& path, const Identity& identity, const Result& result,
                  const RunFacts& facts) {
  require_storable(path, result);
  io::Hdf5Writer file(path);
  write(file, identity, result, facts);
  file.commit([](const io::Hdf5Reader& back) { static_cast<void>(everything(back)); });
}

StoredResult read_result(const std::filesystem::path& path, Changed changed) {
  return read(path, changed, everything);
}

StoredResult read_billed(const std::filesystem::path& path, Changed changed) {
  return read(path, changed, billed);
}

StoredResult read_training(const std::filesystem::path& path, Changed changed) {
  return read(path, changed, trained);
}

}  // namespace ohmlab::results
