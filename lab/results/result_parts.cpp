#include "result_parts.hpp"

#include <algorithm>
#include <numeric>
#include <span>
#include <utility>

#include "history.hpp"
#include "labelled_group.hpp"

namespace ohmlab::results {
namespace {

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
    io::Hdf5Shape shape{static_cast<std::uint64_t>(values.rows()),
                        static_cast<std::uint64_t>(values.cols())};
    if (parameter.dims.size() == 1) shape.erase(shape.begin());
    const std::string path = "/model/" + parameter.name;
    file.dataset(path,
                 std::span<const double>(values.data(), static_cast<std::size_t>(values.size())),
                 shape, {parameter.unit, parameter.meaning});
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

/// Writes columns of one group on one scale, so that they open as one labelled table.
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
  void column(const char* name, const Rows& rows, const Value& value, const char* unit,
              const char* meaning) {
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
  heads.column("title", systems, [](const System& s) { return s.title; }, "",
               "title of the system");
  heads.column("unpriced", systems, [](const System& s) { return s.unpriced; }, "",
               "reason why it cannot be billed");
  heads.column("machine", systems, [](const System& s) { return std::string(name(s.machine)); }, "",
               "kind of the machine: array, chip or accelerator");
  heads.column("algorithm", systems, [](const System& s) { return s.algorithm; }, "",
               "systems of one algorithm did the same training");
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
  tally.column("stage", rows, [](const Row& r) { return r.entry.stage; }, "",
               "stage of the schedule");
  tally.column("component", rows, [](const Row& r) { return r.entry.component; }, "",
               "part of the machine");
  if (std::any_of(rows.begin(), rows.end(), [](const Row& r) { return !r.entry.layer.empty(); })) {
    tally.column("layer", rows, [](const Row& r) { return r.entry.layer; }, "",
                 "layer of the model, empty for what is of none");
  }
  tally.column("action", rows, [](const Row& r) { return std::string(cost::name(r.entry.action)); },
               "", "what it did");
  tally.column("parameter", rows, [](const Row& r) { return r.entry.parameter; }, "1",
               "parameter of the action, e.g. bits");
  tally.column("count", rows, [](const Row& r) { return r.entry.count; }, "1", "how often");
  tally.column("serial", rows, [](const Row& r) { return r.entry.serial; }, "1",
               "how often on the critical path");
  tally.column("joules", rows, [](const Row& r) { return r.entry.joules; }, "J",
               "dissipation from physics, without a price");
  tally.column("duration", rows, [](const Row& r) { return r.entry.seconds; }, "s",
               "time from physics, without a price");
  tally.column("overlapped", rows, [](const Row& r) {
    return std::int64_t{r.entry.overlapped};
  }, "1", "1 in a pipeline, where the slowest action of a stage and component alone takes time");
  Table holdings(file, "/holdings", "holding", held.size(), "what is there whether it acts or not");
  holdings.column("system", held, [](const Held& h) { return h.system; }, "", "which machine");
  holdings.column("component", held, [](const Held& h) { return h.holding.component; }, "",
                  "part of the machine");
  if (std::any_of(held.begin(), held.end(),
                  [](const Held& h) { return !h.holding.layer.empty(); })) {
    holdings.column("layer", held, [](const Held& h) { return h.holding.layer; }, "",
                    "layer of the model, empty for what is of none");
  }
  holdings.column("part", held, [](const Held& h) {
    return std::string(cost::name(h.holding.part));
  }, "", "what it consists of");
  holdings.column("parameter", held, [](const Held& h) { return h.holding.parameter; }, "1",
                  "parameter of the part, e.g. bits");
  holdings.column("count", held, [](const Held& h) { return h.holding.count; }, "1", "how many");
}

}  // namespace

void write_parts(io::Hdf5Writer& file, const Identity& identity, const Result& result,
                 const RunFacts& facts) {
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
  file.attribute("/run", "commit", facts.commit);
  file.attribute("/run", "compiler", facts.compiler);
  file.attribute("/run", "cpu", facts.cpu);
  file.attribute("/run", "started", facts.started);
  file.attribute("/run", "threads", facts.threads);
  file.attribute("/run", "seconds", facts.seconds);
}

}  // namespace ohmlab::results
