#include <algorithm>
#include <optional>
#include <string_view>

#include <fmt/format.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>
#include <pybind11/typing.h>

#include "../core/errors.hpp"
#include "../core/suggest.hpp"
#include "numbers.hpp"
#include "packed_bills.hpp"
#include "registers.hpp"
#include "tally.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace ohmlab::python {
namespace {

using Lock = std::scoped_lock<std::mutex>;

template <class Infos>
[[noreturn]] void unknown(const char* argument, const std::string& given, const Infos& infos) {
  std::vector<std::string_view> names;
  for (const auto& info : infos) names.push_back(info.name);
  throw core::UserError({std::string("argument ") + argument, 0}, "", "\"" + given + "\"",
                        fmt::format("expected one of {}{}", fmt::join(names, ", "),
                                    core::did_you_mean(given, names)));
}

cost::Action action_of(const std::string& name) {
  const auto found = cost::find_action(name);
  if (!found) unknown("action", name, cost::actions());
  return *found;
}

cost::Part part_of(const std::string& name) {
  const auto found = cost::find_part(name);
  if (!found) unknown("part", name, cost::parts());
  return *found;
}

template <class Row, class Value>
void put(py::dict& out, const char* name, const std::vector<Row>& rows, const Value& value) {
  using Cell = std::remove_cvref_t<decltype(value(rows[0]))>;
  if constexpr (std::same_as<Cell, double>) {
    py::array_t<double> column(static_cast<py::ssize_t>(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) column.mutable_data()[i] = value(rows[i]);
    out[name] = column;
  } else if constexpr (std::same_as<Cell, bool>) {
    py::array_t<bool> column(static_cast<py::ssize_t>(rows.size()));
    for (std::size_t i = 0; i < rows.size(); ++i) column.mutable_data()[i] = value(rows[i]);
    out[name] = column;
  } else {
    py::list column;
    for (const Row& row : rows) column.append(py::str(std::string(value(row))));
    out[name] = column;
  }
}

/// `with tally.stage("train"):`
class StageScope {
 public:
  StageScope(std::shared_ptr<SharedTally> shared, std::string name)
      : shared_(std::move(shared)), name_(std::move(name)) {}
  void enter() {
    const Lock lock(shared_->mutex);
    if (shared_->stage) {
      throw core::UserError({"argument stage", 0}, "", "\"" + name_ + "\"",
                            "expected no open stage: stages follow one another and do not nest");
    }
    shared_->stage = std::make_unique<cost::Tally::Stage>(shared_->tally, name_);
  }
  void leave() {
    const Lock lock(shared_->mutex);
    shared_->stage.reset();
  }

 private:
  std::shared_ptr<SharedTally> shared_;
  std::string name_;
};

void register_entries(py::module_& module) {
  py::class_<cost::Entry>(module, "Entry",
                          "Work of one part of a machine in one stage of the schedule.")
      .def_readonly("stage", &cost::Entry::stage,
                    "stage of the schedule; stages follow one another in time")
      .def_readonly("component", &cost::Entry::component, "part of the machine")
      .def_readonly("layer", &cost::Entry::layer,
                    "layer of the model, or \"\" if it belongs to none")
      .def_property_readonly(
          "action", [](const cost::Entry& entry) { return std::string(cost::name(entry.action)); },
          "action done")
      .def_readonly("parameter", &cost::Entry::parameter, "parameter of the action, e.g. bits")
      .def_readonly("count", &cost::Entry::count, "count of the action")
      .def_readonly("serial", &cost::Entry::serial, "count on the critical path")
      .def_readonly("joules", &cost::Entry::joules, "dissipation from physics, without a price, J")
      .def_readonly("seconds", &cost::Entry::seconds, "time from physics, without a price, s")
      .def_readonly("overlapped", &cost::Entry::overlapped,
                    "true in a pipeline, where only the slowest action takes time")
      .def("__repr__", [](const cost::Entry& entry) {
    return fmt::format("Entry(stage={:?}, component={:?}, action={:?}, count={:g})", entry.stage,
                       entry.component, cost::name(entry.action), entry.count);
  }).def(pickle_as_data<cost::Entry>());
  py::class_<cost::Holding>(module, "Holding", "Parts that a machine has, active or idle.")
      .def_readonly("component", &cost::Holding::component, "part of the machine")
      .def_readonly("layer", &cost::Holding::layer,
                    "layer of the model, or \"\" if it belongs to none")
      .def_property_readonly("part",
                             [](const cost::Holding& holding) {
    return std::string(cost::name(holding.part));
  }, "kind of the part")
      .def_readonly("parameter", &cost::Holding::parameter, "parameter of the part, e.g. bits")
      .def_readonly("count", &cost::Holding::count, "number of parts")
      .def("__repr__", [](const cost::Holding& holding) {
    return fmt::format("Holding(component={:?}, part={:?}, count={:g})", holding.component,
                       cost::name(holding.part), holding.count);
  }).def(pickle_as_data<cost::Holding>());
}

}  // namespace

void add_missing(cost::Tally& tally, const std::vector<cost::Holding>& holdings,
                 const std::vector<cost::Unpriced>& unpriced) {
  std::vector<cost::Holding> there = tally.holdings();
  for (const cost::Holding& held : holdings) {
    const auto known = std::find_if(there.begin(), there.end(), [&](const cost::Holding& other) {
      return packed_members_equal(held, other);
    });
    if (known != there.end()) {
      there.erase(known);
    } else {
      tally.hold(tally.component(held.component, held.layer), held.part, held.count,
                 held.parameter);
    }
  }
  for (const cost::Unpriced& one : unpriced)
    tally.cannot_price(tally.component(one.component, one.layer), one.missing);
}

void put_columns(py::dict& out, const std::vector<cost::Entry>& entries) {
  using E = cost::Entry;
  put(out, "stage", entries, [](const E& e) { return std::string_view(e.stage); });
  put(out, "component", entries, [](const E& e) { return std::string_view(e.component); });
  put(out, "layer", entries, [](const E& e) { return std::string_view(e.layer); });
  put(out, "action", entries, [](const E& e) { return cost::name(e.action); });
  put(out, "parameter", entries, [](const E& e) { return e.parameter; });
  put(out, "count", entries, [](const E& e) { return e.count; });
  put(out, "serial", entries, [](const E& e) { return e.serial; });
  put(out, "joules", entries, [](const E& e) { return e.joules; });
  put(out, "seconds", entries, [](const E& e) { return e.seconds; });
  put(out, "overlapped", entries, [](const E& e) { return e.overlapped; });
}

void put_columns(py::dict& out, const std::vector<cost::Holding>& holdings) {
  using H = cost::Holding;
  put(out, "component", holdings, [](const H& h) { return std::string_view(h.component); });
  put(out, "layer", holdings, [](const H& h) { return std::string_view(h.layer); });
  put(out, "part", holdings, [](const H& h) { return cost::name(h.part); });
  put(out, "parameter", holdings, [](const H& h) { return h.parameter; });
  put(out, "count", holdings, [](const H& h) { return h.count; });
}

void register_tally(py::module_& module) {
  register_entries(module);
  py::class_<StageScope>(module, "StageScope", "Stage of all postings within a `with` block.")
      .def("__enter__", &StageScope::enter)
      .def("__exit__", [](StageScope& scope, const py::Args<py::object>&) { scope.leave(); });

  using Shared = std::shared_ptr<SharedTally>;
  py::class_<SharedTally, Shared>(module, "Tally",
                                  R"(Counts of all work that costs energy or time, without prices.

>>> import ohmlab
>>> tally = ohmlab.Tally()
>>> with tally.stage("train"):
...     tally.post("weights", "adc_convert", count=1e6, serial=1e4, parameter=8)
>>> tally.hold("weights", "adc", 100, parameter=8)
>>> tally.entries
[Entry(stage="train", component="weights", action="adc_convert", count=1e+06)]
)")
      .def(py::init<>())
      .def("stage",
           [](const Shared& shared, const std::string& name) { return StageScope(shared, name); },
           "name"_a, "Names the stage of all postings within a `with` block; stages do not nest.")
      .def("post",
           [](SharedTally& shared, const std::string& component, const std::string& action,
              double count, double serial, double parameter, double joules, double seconds,
              bool overlapped, const std::string& layer) {
    const cost::Posting posting{amount_of(count, "count"),         amount_of(serial, "serial"),
                                amount_of(parameter, "parameter"), amount_of(joules, "joules"),
                                amount_of(seconds, "seconds"),     overlapped};
    const cost::Action done = action_of(action);
    const Lock lock(shared.mutex);
    shared.tally.post(shared.tally.component(component, layer), done, posting);
  },
           "component"_a, "action"_a, py::kw_only(), "count"_a, "serial"_a = 0.0,
           "parameter"_a = 0.0, "joules"_a = 0.0, "seconds"_a = 0.0, "overlapped"_a = false,
           "layer"_a = "",
           "Adds work of a component: count, count on the critical path (`serial`), and joules and "
           "seconds from physics. Of the overlapped actions of a component in a stage, only the "
           "slowest takes time.")
      .def("hold",
           [](SharedTally& shared, const std::string& component, const std::string& part,
              double count, double parameter, const std::string& layer) {
    const cost::Part kind = part_of(part);
    const double amount_held = amount_of(count, "count"), value = amount_of(parameter, "parameter");
    const Lock lock(shared.mutex);
    shared.tally.hold(shared.tally.component(component, layer), kind, amount_held, value);
  },
           "component"_a, "part"_a, "count"_a, py::kw_only(), "parameter"_a = 0.0, "layer"_a = "",
           "Adds `count` of a part to a component.")
      .def("cannot_price",
           [](SharedTally& shared, const std::string& component, const std::string& missing,
              const std::string& layer) {
    const Lock lock(shared.mutex);
    shared.tally.cannot_price(shared.tally.component(component, layer), missing);
  },
           "component"_a, "missing"_a, py::kw_only(), "layer"_a = "",
           "Marks the work of a component as impossible to price, and names the missing value. "
           "Pricing this tally raises UserError from then on.")
      .def_property_readonly("unpriced",
                             [](SharedTally& shared) {
    const Lock lock(shared.mutex);
    std::vector<std::pair<std::string, std::string>> out;
    for (const cost::Unpriced& one : shared.tally.unpriced()) {
      out.emplace_back(one.layer.empty() ? one.component : one.component + ", " + one.layer,
                       one.missing);
    }
    return out;
  }, "components that cannot be priced, with their layer, and the missing value of each")
      .def_property_readonly("entries",
                             [](SharedTally& shared) {
    const Lock lock(shared.mutex);
    return shared.tally.entries();
  }, "all work, sorted by stage, component, action and parameter")
      .def_property_readonly("holdings",
                             [](SharedTally& shared) {
    const Lock lock(shared.mutex);
    return shared.tally.holdings();
  }, "all parts")
      .def("columns",
           [](SharedTally& shared) {
    const Lock lock(shared.mutex);
    py::typing::Dict<py::str, py::object> out;
    put_columns(out, shared.tally.entries());
    return out;
  }, "The entries as columns by name: lists of text, arrays of numbers.")
      .def("__repr__", [](SharedTally& shared) {
    const Lock lock(shared.mutex);
    return fmt::format("Tally({} entries, {} holdings)", shared.tally.entries().size(),
                       shared.tally.holdings().size());
  }).def(py::pickle([](SharedTally& shared) {
    const Lock lock(shared.mutex);
    if (shared.stage) {
      throw core::UserError({"tally", 0}, "", "",
                            "expected no open stage: a pickle is made between stages");
    }
    return Pickle(py::make_tuple(packed(shared.tally.entries()), packed(shared.tally.holdings()),
                                 packed(shared.tally.unpriced())));
  }, [](const Pickle& from) {
    auto shared = std::make_shared<SharedTally>();
    shared->tally.add(unpacked<std::vector<cost::Entry>>(from[0]));
    add_missing(shared->tally, unpacked<std::vector<cost::Holding>>(from[1]),
                unpacked<std::vector<cost::Unpriced>>(from[2]));
    return shared;
  }));
}

}  // namespace ohmlab::python
