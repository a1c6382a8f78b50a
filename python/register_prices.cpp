#include <map>
#include <optional>
#include <tuple>

#include <fmt/format.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include "../core/errors.hpp"
#include "../core/field_values.hpp"
#include "../cost/bill.hpp"
#include "../cost/prices_tree.hpp"
#include "packed_bills.hpp"
#include "paths.hpp"
#include "registers.hpp"
#include "tally.hpp"
#include "trees.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace ohmlab::python {
namespace {

constexpr const char* assume_source = "argument assume";

std::string text(const cost::Band& band, const char* unit) {
  return fmt::format("{:.4g}{} [{:.3g} to {:.3g}]", band.nominal, unit, band.p05, band.p95);
}

std::map<std::string, cost::Draws> by_label(
    const std::vector<cost::BillLine>& lines,
    cost::Draws cost::BillLine::* figure = &cost::BillLine::joules) {
  std::map<std::string, cost::Draws> out;
  for (const cost::BillLine& line : lines) out.emplace(line.label, line.*figure);
  return out;
}

cost::Draws ratio(const cost::Draws& a, const cost::Draws& b) {
  if (a.values.size() != b.values.size()) {
    throw core::UserError({}, "draws", fmt::format("{} and {}", a.values.size(), b.values.size()),
                          "expected two bills with as many draws each, of one price list and seed");
  }
  return a / b;
}

/// Copy of the tally now: pricing may take long while other threads post.
cost::Tally copy_of(SharedTally& shared) {
  const std::scoped_lock lock(shared.mutex);
  return shared.tally;
}

cost::Boundary boundary_of(const std::string& name) {
  for (const auto boundary : cost::boundaries) {
    if (cost::name(boundary) == name) return boundary;
  }
  throw core::UserError({"argument boundary", 0}, "", "\"" + name + "\"",
                        R"(expected "core", "node" or "facility")");
}

void register_figures(py::module_& module) {
  py::class_<cost::Band>(module, "Band",
                         "A figure at the median of all prices, with its 5th and 95th percentile.")
      .def_readonly("nominal", &cost::Band::nominal, "at the median of all prices")
      .def_readonly("p05", &cost::Band::p05, "5th percentile over draws of the prices")
      .def_readonly("p95", &cost::Band::p95, "95th percentile over draws of the prices")
      .def("__repr__", [](const cost::Band& band) {
    return fmt::format("Band({})", text(band, ""));
  }).def(pickle_as_data<cost::Band>());
  py::class_<cost::Draws>(
      module, "Draws",
      "A figure under each draw of the prices. Two bills of one price list share their draws, so "
      "common uncertainty cancels in the ratio `a / b`.")
      .def_readonly("nominal", &cost::Draws::nominal, "at the median of all prices")
      .def_property_readonly("band", &cost::Draws::band, "nominal, 5th and 95th percentile")
      .def_property_readonly("values",
                             [](const py::object& self) {
    const auto& values = self.cast<const cost::Draws&>().values;
    py::array_t<double> view(static_cast<py::ssize_t>(values.size()), values.data(), self);
    view.attr("setflags")("write"_a = false);
    return view;
  }, "value under each draw; a view, not a copy")
      .def("__truediv__", &ratio, "other"_a)
      .def("__repr__", [](const cost::Draws& draws) {
    return fmt::format("Draws({})", text(draws.band(), ""));
  }).def(pickle_as_data<cost::Draws>());
  py::class_<cost::Bill>(module, "Bill", "Cost of a tally under a price list.")
      .def_property_readonly(
          "boundary", [](const cost::Bill& bill) { return std::string(cost::name(bill.boundary)); },
          "boundary of the place's own prices, and so of components, layers, groups, actions and "
          "stages. \"core\": arrays with their edge, or accelerators with their memory. \"node\": "
          "also host, links, fans and supply")
      .def("at",
           [](const cost::Bill& bill, const std::string& boundary) -> std::optional<cost::Draws> {
    return bill.at(boundary_of(boundary));
  }, "boundary"_a,
           "Energy at \"core\", \"node\" or \"facility\", J, or None if the list has no price.")
      .def_readonly("core", &cost::Bill::core,
                    "energy of the core, J, or None if the list has no price")
      .def_readonly("node", &cost::Bill::node, "energy at the node's plug, J, or None")
      .def_readonly("host", &cost::Bill::host,
                    "energy of the host, J, a part of the node's; None if inside its prices")
      .def_property_readonly("without_host",
                             [](const cost::Bill& bill) -> std::optional<cost::Draws> {
    if (!bill.node || !bill.host) return bill.node;
    return *bill.node - *bill.host;
  }, "energy at the node's plug less that of the host, J, or None")
      .def_readonly("facility", &cost::Bill::facility, "energy at the building's meter, J, or None")
      .def_readonly("dollars", &cost::Bill::dollars,
                    "electricity and hardware paid off, USD, or None")
      .def_readonly("co2", &cost::Bill::co2, "CO2 of operation, kg, or None")
      .def_readonly("seconds", &cost::Bill::seconds, "time along the schedule, s")
      .def_readonly("area", &cost::Bill::area, "area, m2")
      .def_readonly("cells_seconds", &cost::Bill::cells_seconds,
                    "time in which cells are read or pulsed, s; otherwise they wait")
      .def_readonly("launch_seconds", &cost::Bill::launch_seconds,
                    "time in which an accelerator waits for what it starts, s")
      .def_property_readonly("wear",
                             [](const cost::Bill& bill) {
    std::map<std::string, std::pair<double, double>> out;
    for (const cost::Wear& wear : bill.wear) out[wear.component] = {wear.pulses, wear.endurance};
    return out;
  },
                             "by component: mean pulses of a cell so far, and the pulses it "
                             "survives; only of devices that give an endurance")
      .def_property_readonly("components",
                             [](const cost::Bill& bill) { return by_label(bill.components); },
                             "joules at `boundary` by part of the machine")
      .def_property_readonly(
          "layers", [](const cost::Bill& bill) { return by_label(bill.layers); },
          "joules at `boundary` by layer of the model; empty if the model names none")
      .def_property_readonly("groups", [](const cost::Bill& bill) { return by_label(bill.groups); },
                             "joules at `boundary` by kind of work: cells, periphery, updates, "
                             "random numbers, digital, memory, communication, idle")
      .def_property_readonly("actions",
                             [](const cost::Bill& bill) { return by_label(bill.actions); },
                             "joules at `boundary` by action")
      .def_property_readonly("stages", [](const cost::Bill& bill) { return by_label(bill.stages); },
                             "joules at `boundary` by stage of the schedule")
      .def_property_readonly("stage_seconds",
                             [](const cost::Bill& bill) {
    return by_label(bill.stages, &cost::BillLine::seconds);
  }, "seconds on the critical path by stage of the schedule")
      .def("__repr__", [](const cost::Bill& bill) {
    return fmt::format("Bill({} {}, {}, {})", cost::name(bill.boundary),
                       text(bill.lines_total().band(), " J"), text(bill.seconds.band(), " s"),
                       text(bill.area, " m2"));
  }).def(pickle_as_data<cost::Bill>());
}

}  // namespace

void register_prices(py::module_& module) {
  register_figures(module);
  py::class_<cost::Prices>(module, "Prices",
                           R"(List of prices, each a lognormal law with its source.

>>> import ohmlab
>>> prices = ohmlab.Prices.default(assume={"places.array.energy.adc_convert": "3 pJ"})
>>> "array" in prices.places
True
)")
      .def_static(
          "load",
          [](const PathLike& file, const Mapping& assume) {
    return cost::named_prices(path_of(file).string(), sets_of(assume, assume_source),
                              assume_source);
  }, "file"_a, py::kw_only(), "assume"_a = py::dict(),
          "Reads a price list from a file, or by the name of a list that comes with ohmlab, "
          "then sets dotted keys. A price set to one value has no uncertainty.")
      .def_static("default",
                  [](const Mapping& assume) {
    return cost::default_prices(sets_of(assume, assume_source), assume_source);
  }, py::kw_only(), "assume"_a = py::dict(),
                  "The default list that comes with ohmlab, with dotted keys set.")
      .def_readonly("title", &cost::Prices::title, "title of the list")
      .def_readonly("file", &cost::Prices::file, "file that was read")
      .def_property_readonly("places",
                             [](const cost::Prices& prices) {
    std::map<std::string, std::string> out;
    for (const auto& [name, rates] : prices.places) out.emplace(name, rates.title);
    return out;
  }, "title of each place where work can be done, by name")
      .def("price",
           [](const cost::Prices& prices, SharedTally& shared, const std::string& place,
              std::int64_t draws, std::uint64_t seed) {
    if (draws < 0 || draws > 1'000'000) {
      throw core::UserError({"argument draws", 0}, "", std::to_string(draws),
                            "expected 0 to 1000000");
    }
    const py::gil_scoped_release release;
    const cost::Tally tally = copy_of(shared);
    return cost::price(tally, prices, place, {draws, seed});
  },
           "tally"_a, py::kw_only(), "place"_a = "array", "draws"_a = 2000, "seed"_a = 1,
           "Prices a tally at one place. Raises UserError if the list lacks a price or the tally "
           "has work that cannot be priced: nothing is free by default.")
      .def("tornado",
           [](const cost::Prices& prices, SharedTally& shared, const std::string& place) {
    const py::gil_scoped_release release;
    const cost::Tally tally = copy_of(shared);
    std::vector<std::tuple<std::string, double, double>> out;
    for (const cost::Swing& swing : cost::Pricer(prices).tornado(tally, place)) {
      out.emplace_back(swing.price, swing.low, swing.high);
    }
    return out;
  }, "tally"_a, py::kw_only(), "place"_a = "array",
           "Prices that move a bill most, widest swing first. Each row: key of the price, and "
           "joules at the bill's own boundary with this price alone at its 5th and 95th "
           "percentile.")
      .def("__repr__", [](const cost::Prices& prices) {
    return fmt::format("Prices({:?}, {} places)", prices.title, prices.places.size());
  }).def(py::pickle([](const cost::Prices& prices) {
    return Pickle(py::make_tuple(object_of(core::to_node(prices)), prices.file, prices.warnings));
  }, [](const Pickle& from) {
    cost::Prices out = cost::prices_of(tree_of(from[0], "pickled prices"));
    out.file = from[1].cast<std::string>();
    out.warnings = from[2].cast<std::vector<std::string>>();
    return out;
  }));
}

}  // namespace ohmlab::python
