#include <map>

#include <fmt/format.h>
#include <pybind11/stl.h>
#include <pybind11/typing.h>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/lab/result.hpp"
#include "ohmlab/python/numbers.hpp"
#include "ohmlab/python/paths.hpp"
#include "ohmlab/python/pricing.hpp"
#include "ohmlab/python/registers.hpp"
#include "ohmlab/python/tally.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace ohmlab::python {
namespace {

using lab::StoredResult;
using Record = py::typing::Dict<py::str, py::object>;

/// Rows of every system as columns, the system's name first.
template <class Rows>
Record columns_of(const lab::Result& result, Rows lab::System::* member) {
  Rows all;
  py::list names;
  for (const lab::System& system : result.systems) {
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

/// Numbers or texts with their labels.
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

Record groups_of(const lab::Result& result) {
  Record out;
  for (const lab::LabelledGroup& group : result.groups) {
    py::dict axes, cubes;
    for (const lab::Axis& axis : group.axes) axes[py::str(axis.name)] = labelled(axis, !axis.labels.empty());
    for (const lab::Cube& cube : group.cubes) cubes[py::str(cube.name)] = labelled(cube, !cube.texts.empty());
    out[py::str(group.name)] = py::dict("report"_a = group.report, "axes"_a = axes, "cubes"_a = cubes);
  }
  return out;
}

void register_parts(py::module_& module) {
  py::class_<lab::Quantity>(module, "Quantity", "A final figure of a run.")
      .def_readonly("name", &lab::Quantity::name)
      .def_readonly("value", &lab::Quantity::value)
      .def_readonly("unit", &lab::Quantity::unit)
      .def_readonly("meaning", &lab::Quantity::meaning);
  py::class_<lab::Series>(module, "Series", "A figure along the axis of a run, e.g. its epochs.")
      .def_readonly("name", &lab::Series::name)
      .def_property_readonly("values",
                             [](const lab::Series& series) {
    return py::array_t<double>(static_cast<py::ssize_t>(series.values.size()), series.values.data());
  })
      .def_readonly("unit", &lab::Series::unit)
      .def_readonly("meaning", &lab::Series::meaning);
  py::class_<lab::Parameter>(module, "Parameter", "Weights or biases of a trained model.")
      .def_readonly("name", &lab::Parameter::name)
      .def_readonly("dims", &lab::Parameter::dims, "names of its dimensions")
      .def_property_readonly("values",
                             [](const lab::Parameter& parameter) {
    py::array_t<double> values = owned(parameter.values);
    return parameter.dims.size() == 1 ? py::array_t<double>(values.reshape({-1})) : values;
  })
      .def_readonly("unit", &lab::Parameter::unit)
      .def_readonly("meaning", &lab::Parameter::meaning);
  py::class_<lab::PricedSystem>(module, "PricedSystem",
                                "One machine of a comparison at the prices of one place.")
      .def_readonly("system", &lab::PricedSystem::system, "name of the machine")
      .def_readonly("title", &lab::PricedSystem::title, "what it is, for the head of a row")
      .def_readonly("place", &lab::PricedSystem::place, "name of the place")
      .def_readonly("place_title", &lab::PricedSystem::place_title, "what it is priced as")
      .def_readonly("unpriced", &lab::PricedSystem::unpriced, "what keeps it from being billed, or \"\"")
      .def_readonly("parameters", &lab::PricedSystem::parameters, "weights and biases")
      .def_readonly("examples", &lab::PricedSystem::examples, "passes over examples in training")
      .def_readonly("tokens", &lab::PricedSystem::tokens, "pieces of examples seen one by one")
      .def_readonly("flops", &lab::PricedSystem::flops, "float operations of the training")
      .def_property_readonly("bill",
                             [](const lab::PricedSystem& row) -> std::optional<cost::Bill> {
    if (!row.unpriced.empty()) return std::nullopt;
    return row.bill;
  }, "its bill, or None if it cannot be billed")
      .def("__repr__", [](const lab::PricedSystem& row) {
    return row.unpriced.empty()
               ? fmt::format("PricedSystem({:?}, {:?}, {:.4g} J)", row.system, row.place,
                             row.bill.joules.nominal)
               : fmt::format("PricedSystem({:?}, not billed: no {})", row.system, row.unpriced);
  });
}

std::vector<std::tuple<std::string, double, double>> swings_of(const cost::Prices& prices,
                                                               const lab::System& system) {
  cost::Pricer pricer(prices, {.draws = 0});
  const std::vector<lab::PricedSystem> rows = lab::price({system}, pricer);
  std::vector<std::tuple<std::string, double, double>> out;
  for (const cost::Swing& swing : lab::tornado(system, rows[0], pricer).swings) {
    out.emplace_back(swing.price, swing.low, swing.high);
  }
  return out;
}

}  // namespace

std::vector<lab::PricedSystem> bills_of(const lab::Result& result, const std::optional<cost::Prices>& prices,
                                        const Mapping& assume, std::int64_t draws) {
  const std::string source = "argument assume";
  const std::vector<std::string> sets = sets_of(assume, source);
  if (prices && !sets.empty()) {
    throw core::UserError({source, 0}, "", "",
                          "expected nothing beside prices; give it to Prices.load instead");
  }
  if (draws < 0 || draws > 1'000'000) {
    throw core::UserError({"argument draws", 0}, "", std::to_string(draws), "expected 0 to 1000000");
  }
  const py::gil_scoped_release release;
  return lab::price(result, prices ? *prices : cost::default_prices(sets, source), {.draws = draws});
}

void register_result(py::module_& module) {
  register_parts(module);
  py::class_<StoredResult>(module, "StoredResult",
                           "A result file as C++ reads it; `ohmlab.results.load` labels it.")
      .def_property_readonly("id", [](const StoredResult& stored) { return stored.identity.id; })
      .def_property_readonly("config_text", [](const StoredResult& stored) { return stored.identity.config; },
                             "the resolved config as TOML")
      .def_property_readonly("config",
                             [](const StoredResult& stored) {
    return Record(object_of(core::parse_config(stored.identity.config, "stored config")));
  }, "the resolved config")
      .def_property_readonly("quality", [](const StoredResult& stored) { return stored.result.quality; })
      .def_property_readonly("axis", [](const StoredResult& stored) { return stored.result.axis; },
                             "what the metrics are a function of")
      .def_property_readonly("metrics", [](const StoredResult& stored) { return stored.result.metrics; })
      .def_property_readonly("parameters",
                             [](const StoredResult& stored) { return stored.result.parameters; })
      .def_property_readonly(
          "tally", [](const StoredResult& stored) { return columns_of(stored.result, &lab::System::tally); },
          "what every system did, as columns")
      .def_property_readonly("holdings",
                             [](const StoredResult& stored) {
    return columns_of(stored.result, &lab::System::holdings);
  }, "what every system consists of, as columns")
      .def_property_readonly("groups", [](const StoredResult& stored) { return groups_of(stored.result); },
                             "arrays that share axes, by group: `ohmlab.results` labels them")
      .def_property_readonly("run",
                             [](const StoredResult& stored) {
    const lab::RunFacts& facts = stored.facts;
    return Record(py::dict("version"_a = facts.version, "compiler"_a = facts.compiler,
                           "started"_a = facts.started, "cpu"_a = facts.cpu, "threads"_a = facts.threads,
                           "seconds"_a = facts.seconds));
  }, "what differs between equal runs: version, compiler, cpu, threads, started, seconds")
      .def("bills",
           [](const StoredResult& stored, const std::optional<cost::Prices>& prices, const Mapping& assume,
              std::int64_t draws) { return bills_of(stored.result, prices, assume, draws); },
           "prices"_a = py::none(), py::kw_only(), "assume"_a = py::dict(), "draws"_a = 2000,
           "Prices every system: the simulated one first, digital ones once for each accelerator.")
      .def("tornado",
           [](const StoredResult& stored, const std::optional<cost::Prices>& prices) {
    if (stored.result.systems.empty() || !stored.result.systems[0].unpriced.empty()) {
      throw core::UserError(
          {}, "", "",
          "nothing to bill: " + (stored.result.systems.empty() ? std::string("the result has no machine")
                                                               : "no " + stored.result.systems[0].unpriced));
    }
    const py::gil_scoped_release release;
    return swings_of(prices ? *prices : cost::default_prices(), stored.result.systems[0]);
  }, "prices"_a = py::none(),
           "What moves the bill of the simulated machine most, at its node where the list prices one: for "
           "each "
           "price its key and the joules with it alone at its 5th and 95th percentile, widest first.");
  module.def("read_result", [](const PathLike& given) {
    const std::filesystem::path file = path_of(given);
    const py::gil_scoped_release release;
    return lab::read_result(file);
  }, "file"_a, "Reads a result file. UserError if it is none, or one of another schema.");
}

}  // namespace ohmlab::python
