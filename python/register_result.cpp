#include <cmath>
#include <map>

#include <fmt/format.h>
#include <pybind11/stl.h>
#include <pybind11/typing.h>

#include "../core/errors.hpp"
#include "../io/hdf5.hpp"
#include "../lab/results/result.hpp"
#include "../lab/results/warnings.hpp"
#include "numbers.hpp"
#include "packed_results.hpp"
#include "paths.hpp"
#include "pricing.hpp"
#include "registers.hpp"
#include "tally.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace ohmlab::python {
namespace {

using results::StoredResult;
using Record = py::typing::Dict<py::str, py::object>;

/// Rows of all systems as columns, the system's name first.
template <class Rows>
Record columns_of(const results::Result& result, Rows results::System::* member) {
  Rows all;
  py::list names;
  for (const results::System& system : result.systems) {
    for (const auto& row : system.*member) {
      names.append(py::str(system.name));
      all.push_back(row);
    }
  }
  Record out;
  out["system"] = names;
  put_columns(out, all);
  return out;
}

/// Values, numbers or texts, with unit and meaning.
template <class Item>
py::dict labelled(const Item& item, bool texts) {
  py::dict out("unit"_a = item.unit, "meaning"_a = item.meaning);
  if constexpr (requires { item.texts; }) {
    out["dims"] = item.dims;
    out["values"] = texts ? py::object(py::cast(item.texts)) : py::object(py::cast(item.values));
  } else {
    out["values"] = texts ? py::object(py::cast(item.labels)) : py::object(py::cast(item.values));
  }
  return out;
}

Record groups_of(const results::Result& result) {
  Record out;
  for (const results::LabelledGroup& group : result.groups) {
    py::dict axes, cubes;
    for (const results::Axis& axis : group.axes)
      axes[py::str(axis.name)] = labelled(axis, !axis.labels.empty());
    for (const results::Cube& cube : group.cubes)
      cubes[py::str(cube.name)] = labelled(cube, !cube.texts.empty());
    out[py::str(group.name)] =
        py::dict("report"_a = group.report, "axes"_a = axes, "cubes"_a = cubes);
  }
  return out;
}

/// History of a result: arrays of evaluation × entry with their labels.
Record history_of(const results::Result& result) {
  Record out;
  const results::History& history = result.history;
  if (history.done.empty()) return out;
  const std::size_t entries = history.done[0].size();
  const std::size_t first = results::first_row(result.systems, history.system);
  py::array_t<std::int64_t> rows(static_cast<py::ssize_t>(entries));
  for (std::size_t i = 0; i < entries; ++i) {
    rows.mutable_at(static_cast<py::ssize_t>(i)) = static_cast<std::int64_t>(first + i);
  }
  py::dict amounts;
  for (const results::HistoryColumn& column : results::history_columns) {
    py::array_t<double> values({history.done.size(), entries});
    auto cells = values.mutable_unchecked<2>();
    for (std::size_t i = 0; i < history.done.size(); ++i) {
      for (std::size_t j = 0; j < entries; ++j) {
        cells(static_cast<py::ssize_t>(i), static_cast<py::ssize_t>(j)) =
            history.done[i][j].*column.amount;
      }
    }
    amounts[column.name] =
        py::dict("values"_a = values, "unit"_a = column.unit, "meaning"_a = column.meaning);
  }
  return Record(py::dict("system"_a = history.system, "entry"_a = rows, "amounts"_a = amounts));
}

void register_parts(py::module_& module) {
  py::class_<results::Quantity>(module, "Quantity", "Final figure of a run.")
      .def_readonly("name", &results::Quantity::name)
      .def_readonly("value", &results::Quantity::value)
      .def_readonly("unit", &results::Quantity::unit)
      .def_readonly("meaning", &results::Quantity::meaning)
      .def(pickle_as_data<results::Quantity>());
  py::class_<results::Series>(module, "Series", "Figure along the axis of a run, e.g. its epochs.")
      .def_readonly("name", &results::Series::name)
      .def_property_readonly("values",
                             [](const results::Series& series) {
    return py::array_t<double>(static_cast<py::ssize_t>(series.values.size()),
                               series.values.data());
  })
      .def_readonly("unit", &results::Series::unit)
      .def_readonly("meaning", &results::Series::meaning)
      .def(pickle_as_data<results::Series>());
  py::class_<results::Parameter>(module, "Parameter", "Weights or biases of a trained model.")
      .def_readonly("name", &results::Parameter::name)
      .def_readonly("dims", &results::Parameter::dims, "names of its dimensions")
      .def_property_readonly("values",
                             [](const results::Parameter& parameter) {
    py::array_t<double> values = owned(parameter.values);
    return parameter.dims.size() == 1 ? py::array_t<double>(values.reshape({-1})) : values;
  })
      .def_readonly("unit", &results::Parameter::unit)
      .def_readonly("meaning", &results::Parameter::meaning)
      .def(py::pickle(&tuple_of, &parameter_of));
  py::class_<results::PricedSystem>(module, "PricedSystem",
                                    "One machine of a comparison at the prices of one place.")
      .def_readonly("system", &results::PricedSystem::system, "name of the machine")
      .def_readonly("title", &results::PricedSystem::title,
                    "title of the machine, for the head of a row")
      .def_readonly("place", &results::PricedSystem::place, "name of the place")
      .def_readonly("place_title", &results::PricedSystem::place_title, "title of the place")
      .def_readonly("unpriced", &results::PricedSystem::unpriced,
                    "reason why it cannot be billed, or \"\"")
      .def_readonly("parameters", &results::PricedSystem::parameters, "weights and biases")
      .def_readonly("examples", &results::PricedSystem::examples,
                    "passes over examples in training")
      .def_readonly("tokens", &results::PricedSystem::tokens,
                    "pieces of examples, processed one by one")
      .def_readonly("flops", &results::PricedSystem::flops, "float operations of the training")
      .def_property_readonly("machine",
                             [](const results::PricedSystem& row) {
    return std::string(cost::name(row.machine));
  }, "\"array\", \"chip\" or \"accelerator\"")
      .def_readonly("algorithm", &results::PricedSystem::algorithm,
                    "systems of one algorithm did the same training; \"\" if it did not train")
      .def_readonly("bound", &results::PricedSystem::bound, "True if no machine reaches its prices")
      .def_property_readonly("bill",
                             [](const results::PricedSystem& row) -> std::optional<cost::Bill> {
    if (!row.unpriced.empty()) return std::nullopt;
    return row.bill;
  }, "its bill, or None if it cannot be billed")
      .def("__repr__", [](const results::PricedSystem& row) {
    return row.unpriced.empty()
               ? fmt::format("PricedSystem({:?}, {:?}, {} {:.4g} J)", row.system, row.place,
                             cost::name(row.bill.boundary), row.bill.lines_total().nominal)
               : fmt::format("PricedSystem({:?}, not billed: no {})", row.system, row.unpriced);
  }).def(pickle_as_data<results::PricedSystem>());
}

constexpr const char* assume_source = "argument assume";

/// Keys to be set in the default list.
/// \throws core::UserError if another list is given too, or draws are out of range
std::vector<std::string> sets_beside(const std::optional<cost::Prices>& prices,
                                     const Mapping& assume, std::int64_t draws) {
  std::vector<std::string> sets = sets_of(assume, assume_source);
  if (prices && !sets.empty()) {
    throw core::UserError({assume_source, 0}, "", "",
                          "expected nothing beside prices; give it to Prices.load instead");
  }
  if (draws < 0 || draws > 1'000'000) {
    throw core::UserError({"argument draws", 0}, "", std::to_string(draws),
                          "expected 0 to 1000000");
  }
  return sets;
}

std::vector<std::tuple<std::string, double, double>> swings_of(const cost::Prices& prices,
                                                               const results::System& system) {
  cost::Pricer pricer(prices, {.draws = 0});
  const std::vector<results::PricedSystem> rows = results::price({system}, pricer);
  std::vector<std::tuple<std::string, double, double>> out;
  for (const cost::Swing& swing : results::tornado(system, rows[0], pricer).swings) {
    out.emplace_back(swing.price, swing.low, swing.high);
  }
  return out;
}

}  // namespace

std::vector<results::PricedSystem> bills_of(const results::Result& result,
                                            const std::optional<cost::Prices>& prices,
                                            const Mapping& assume, std::int64_t draws) {
  const std::vector<std::string> sets = sets_beside(prices, assume, draws);
  const py::gil_scoped_release release;
  return results::price(result, prices ? *prices : cost::default_prices(sets, assume_source),
                        {.draws = draws});
}

results::QualityBill bill_to(const results::Result& result, const std::string& metric, double value,
                             const std::optional<cost::Prices>& prices,
                             const std::optional<std::string>& toward, const Mapping& assume,
                             std::int64_t draws) {
  const std::vector<std::string> sets = sets_beside(prices, assume, draws);
  if (!std::isfinite(value)) {
    throw core::UserError({"argument value", 0}, "", fmt::format("{}", value),
                          "expected a finite number");
  }
  results::Goal goal{metric, value, {}};
  if (toward) {
    if (*toward != "up" && *toward != "down") {
      throw core::UserError({"argument toward", 0}, "", *toward, "expected \"up\" or \"down\"");
    }
    goal.toward = *toward == "up" ? results::Toward::up : results::Toward::down;
  }
  const py::gil_scoped_release release;
  const cost::Prices list = prices ? *prices : cost::default_prices(sets, assume_source);
  cost::Pricer pricer(list, {.draws = draws});
  return results::bill_to(results::approach(result, goal), pricer);
}

std::vector<std::string> warnings_in(const results::Result& result) {
  std::vector<std::string> out;
  for (const results::Warning& warning : results::warnings_of(result)) out.push_back(warning.text);
  return out;
}

void warn_of(const results::Result& result, int level) {
  for (const std::string& text : warnings_in(result)) {
    if (PyErr_WarnEx(PyExc_RuntimeWarning, text.c_str(), level) != 0) throw py::error_already_set();
  }
}

void register_result(py::module_& module) {
  register_parts(module);
  register_quality_bill(module);
  py::class_<StoredResult>(module, "StoredResult",
                           "Result file as read by C++; `ohmlab.results.load` adds labels.")
      .def_property_readonly("id", [](const StoredResult& stored) { return stored.identity.id; })
      .def_property_readonly("changed", [](const StoredResult& stored) { return stored.changed; },
                             "difference from the file that ohmlab wrote, or \"\"")
      .def_property_readonly("config_text",
                             [](const StoredResult& stored) { return stored.identity.config; },
                             "the resolved config as TOML")
      .def_property_readonly("config",
                             [](const StoredResult& stored) {
    return Record(object_of(core::parse_config(stored.identity.config, "stored config")));
  }, "the resolved config")
      .def_property_readonly("quality",
                             [](const StoredResult& stored) { return stored.result.quality; })
      .def_property_readonly("warnings",
                             [](const StoredResult& stored) { return warnings_in(stored.result); },
                             warnings_doc)
      .def_property_readonly("axis", [](const StoredResult& stored) { return stored.result.axis; },
                             "axis of the metrics")
      .def_property_readonly("metrics",
                             [](const StoredResult& stored) { return stored.result.metrics; })
      .def_property_readonly("parameters",
                             [](const StoredResult& stored) { return stored.result.parameters; })
      .def_property_readonly("tally",
                             [](const StoredResult& stored) {
    return columns_of(stored.result, &results::System::tally);
  }, "work of every system, as columns")
      .def_property_readonly("holdings",
                             [](const StoredResult& stored) {
    return columns_of(stored.result, &results::System::holdings);
  }, "parts of every system, as columns")
      .def_property_readonly(
          "history", [](const StoredResult& stored) { return history_of(stored.result); },
          "work of the machine that ran, up to each evaluation: its name, the row of the tally of "
          "each entry, amounts as evaluation x entry; empty if it did not train")
      .def_property_readonly("groups",
                             [](const StoredResult& stored) { return groups_of(stored.result); },
                             "arrays that share axes, by group; `ohmlab.results` adds labels")
      .def_property_readonly("run",
                             [](const StoredResult& stored) {
    const results::RunFacts& facts = stored.facts;
    return Record(py::dict("version"_a = facts.version, "commit"_a = facts.commit,
                           "compiler"_a = facts.compiler, "started"_a = facts.started,
                           "cpu"_a = facts.cpu, "threads"_a = facts.threads,
                           "seconds"_a = facts.seconds));
  }, "facts that differ between equal runs, e.g. commit, cpu, seconds")
      .def("bills",
           [](const StoredResult& stored, const std::optional<cost::Prices>& prices,
              const Mapping& assume,
              std::int64_t draws) { return bills_of(stored.result, prices, assume, draws); },
           "prices"_a = py::none(), py::kw_only(), "assume"_a = py::dict(), "draws"_a = 2000,
           "Prices every system: the simulated one first, digital ones once for each accelerator.")
      .def("bill_to",
           [](const StoredResult& stored, const std::string& metric, double value,
              const std::optional<cost::Prices>& prices, const std::optional<std::string>& toward,
              const Mapping& assume, std::int64_t draws) {
    return bill_to(stored.result, metric, value, prices, toward, assume, draws);
  },
           "metric"_a, "value"_a, "prices"_a = py::none(), py::kw_only(), "toward"_a = py::none(),
           "assume"_a = py::dict(), "draws"_a = 2000, bill_to_doc)
      .def("bills_along",
           [](const StoredResult& stored, const std::optional<cost::Prices>& prices,
              std::int64_t draws) {
    static_cast<void>(sets_beside(prices, Mapping(py::dict()), draws));
    const py::gil_scoped_release release;
    const cost::Prices list = prices ? *prices : cost::default_prices();
    cost::Pricer pricer(list, {.draws = draws});
    return results::bills_along(stored.result, pricer);
  },
           "prices"_a = py::none(), py::kw_only(), "draws"_a = 0,
           "Bills of the machine that ran up to each evaluation, at each place. Empty if the "
           "experiment keeps no history.")
      .def("tornado",
           [](const StoredResult& stored, const std::optional<cost::Prices>& prices) {
    if (stored.result.systems.empty() || !stored.result.systems[0].unpriced.empty()) {
      throw core::UserError(
          {}, "", "",
          "nothing to bill: " + (stored.result.systems.empty()
                                     ? std::string("the result has no machine")
                                     : "no " + stored.result.systems[0].unpriced));
    }
    const py::gil_scoped_release release;
    return swings_of(prices ? *prices : cost::default_prices(), stored.result.systems[0]);
  }, "prices"_a = py::none(),
           "Prices that move the bill of the simulated machine most, widest swing first. Each row: "
           "key of the price, and joules with this price alone at its 5th and 95th percentile. "
           "Joules are at the node if the list prices it, else at the core.")
      .def(py::pickle(&bytes_of, &result_of));
  module.def("format_of",
             [](const PathLike& given) {
    const std::filesystem::path file = path_of(given);
    const py::gil_scoped_release release;
    const io::Hdf5Reader reader(file);
    return reader.has_attribute("/", "format") ? reader.attribute_text("/", "format")
                                               : std::string();
  }, "file"_a,
             "Format of a file that ohmlab wrote: \"ohmlab result\", \"ohmlab sweep\" or \"ohmlab "
             "verdict\". Raises UserError if the file is damaged, changed, or of another program.");
  module.def("read_result",
             [](const PathLike& given, bool changed) {
    const std::filesystem::path file = path_of(given);
    StoredResult out = [&] {
      const py::gil_scoped_release release;
      try {
        return results::read_result(file,
                                    changed ? results::Changed::read : results::Changed::refused);
      } catch (const results::ChangedFile& error) {
        throw core::UserError(fmt::format("{} (changed=True reads it all the same)", error.what()));
      }
    }();
    warn_of(out.result, 2);
    return out;
  }, "file"_a, py::kw_only(), "changed"_a = false,
             "Reads a result file and raises its warnings. Raises UserError if it is not a result "
             "file, has another schema, or is not as ohmlab wrote it.");
}

}  // namespace ohmlab::python
