#include <map>
#include <optional>
#include <tuple>

#include <fmt/format.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include "../core/errors.hpp"
#include "../cost/bill.hpp"
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

/// The tally as it stands: pricing may take long, and others post meanwhile.
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
      .def("__repr__",
           [](const cost::Band& band) { return fmt::format("Band({})", text(band, "")); });
  py::class_<cost::Draws>(
      module, "Draws",
      "A figure under every draw of the prices. Two bills of one price list share their draws, so "
      "`a / b` is a ratio that carries what they have in common.")
      .def_readonly("nominal", &cost::Draws::nominal, "at the median of all prices")
      .def_property_readonly("band", &cost::Draws::band, "nominal, 5th and 95th percentile")
      .def_property_readonly("values",
                             [](const py::object& self) {
    const auto& values = self.cast<const cost::Draws&>().values;
    py::array_t<double> view(static_cast<py::ssize_t>(values.size()), values.data(), self);
    view.attr("setflags")("write"_a = false);
    return view;
  }, "every draw, in place")
      .def("__truediv__", &ratio, "other"_a)
      .def("__repr__", [](const cost::Draws& draws) {
    return fmt::format("Draws({})", text(draws.band(), ""));
  });
  py::class_<cost::Bill>(module, "Bill", "What a tally costs under a price list.")
      .def_property_readonly(
          "boundary", [](const cost::Bill& bill) { return std::string(cost::name(bill.boundary)); },
          "the boundary of components, layers, groups, actions and stages, that of the place's own "
          "prices: \"core\", the arrays with their edge or accelerators with their memory, or "
          "\"node\", and host, links, fans and supply")
      .def("at",
           [](const cost::Bill& bill, const std::string& boundary) -> std::optional<cost::Draws> {
    return bill.at(boundary_of(boundary));
  }, "boundary"_a,
           "Energy at \"core\", \"node\" or \"facility\", J, or None if the list cannot say.")
      .def_readonly("core", &cost::Bill::core,
                    "energy of the core, J, or None if the list cannot say")
      .def_readonly("node", &cost::Bill::node, "energy at the node's plug, J, or None")
      .def_readonly("facility", &cost::Bill::facility, "energy at the building's meter, J, or None")
      .def_readonly("dollars", &cost::Bill::dollars,
                    "electricity and hardware paid off, USD, or None")
      .def_readonly("co2", &cost::Bill::co2, "CO2 of operation, kg, or None")
      .def_readonly("seconds", &cost::Bill::seconds, "time along the schedule, s")
      .def_readonly("area", &cost::Bill::area, "area, m2")
      .def_readonly("cells_seconds", &cost::Bill::cells_seconds,
                    "time in which cells are read or pulsed, s; the rest they wait")
      .def_property_readonly("wear",
                             [](const cost::Bill& bill) {
    std::map<std::string, std::pair<double, double>> out;
    for (const cost::Wear& wear : bill.wear) out[wear.component] = {wear.pulses, wear.endurance};
    return out;
  },
                             "by component: pulses a cell has had in the mean, and how many it "
                             "survives; of devices that say the latter")
      .def_property_readonly("components",
                             [](const cost::Bill& bill) { return by_label(bill.components); },
                             "joules at `boundary` by part of the machine")
      .def_property_readonly("layers", [](const cost::Bill& bill) { return by_label(bill.layers); },
                             "joules at `boundary` by layer of the model; empty if it names none")
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
  });
}

}  // namespace

void register_prices(py::module_& module) {
  register_figures(module);
  py::class_<cost::Prices>(module, "Prices",
                           R"(A list of prices, each a lognormal law with its source.

>>> import ohmlab
>>> prices = ohmlab.Prices.default(assume={"places.array.energy.adc_convert": "3 pJ"})
>>> "array" in prices.places
True
)")
      .def_static("load",
                  [](const PathLike& file, const Mapping& assume) {
    return cost::named_prices(path_of(file).string(), sets_of(assume, assume_source),
                              assume_source);
  }, "file"_a, py::kw_only(), "assume"_a = py::dict(),
                  "Reads a price list, a file or the name of one that comes with ohmlab, then sets "
                  "dotted keys of it. A price that is set to one value is that value for certain.")
      .def_static("default",
                  [](const Mapping& assume) {
    return cost::default_prices(sets_of(assume, assume_source), assume_source);
  }, py::kw_only(), "assume"_a = py::dict(),
                  "The list that comes with ohmlab, with dotted keys of it set.")
      .def_readonly("title", &cost::Prices::title, "what this list is")
      .def_property_readonly("places",
                             [](const cost::Prices& prices) {
    std::map<std::string, std::string> out;
    for (const auto& [name, rates] : prices.places) out.emplace(name, rates.title);
    return out;
  }, "titles of the places where work can be done, by name")
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
           "Prices a tally at one place. What the list has no price for is an error, never free, "
           "and so is a tally with work that cannot be priced.")
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
           "What moves a bill most: for each price its key and the joules at the bill's own "
           "boundary with it alone at its 5th and 95th percentile, widest first.")
      .def("__repr__", [](const cost::Prices& prices) {
    return fmt::format("Prices({:?}, {} places)", prices.title, prices.places.size());
  });
}

}  // namespace ohmlab::python
