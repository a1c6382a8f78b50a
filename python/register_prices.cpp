#include <map>
#include <optional>

#include <fmt/format.h>
#include <pybind11/numpy.h>
#include <pybind11/stl.h>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/cost/bill.hpp"
#include "ohmlab/python/paths.hpp"
#include "ohmlab/python/registers.hpp"
#include "ohmlab/python/tally.hpp"
#include "ohmlab/python/trees.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace ohmlab::python {
namespace {

constexpr const char* assume_source = "argument assume";

std::string text(const cost::Band& band, const char* unit) {
  return fmt::format("{:.4g}{} [{:.3g} to {:.3g}]", band.nominal, unit, band.p05, band.p95);
}

std::map<std::string, cost::Draws> by_label(const std::vector<cost::BillLine>& lines,
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
  return cost::ratio(a, b);
}

void register_figures(py::module_& module) {
  py::class_<cost::Band>(module, "Band",
                         "A figure at the median of all prices, with its 5th and 95th percentile.")
      .def_readonly("nominal", &cost::Band::nominal, "at the median of all prices")
      .def_readonly("p05", &cost::Band::p05, "5th percentile over draws of the prices")
      .def_readonly("p95", &cost::Band::p95, "95th percentile over draws of the prices")
      .def("__repr__", [](const cost::Band& band) { return fmt::format("Band({})", text(band, "")); });
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
      .def("__repr__",
           [](const cost::Draws& draws) { return fmt::format("Draws({})", text(draws.band(), "")); });
  py::class_<cost::Bill>(module, "Bill", "What a tally costs under a price list.")
      .def_readonly("joules", &cost::Bill::joules, "energy, J")
      .def_readonly("seconds", &cost::Bill::seconds, "time along the schedule, s")
      .def_readonly("area", &cost::Bill::area, "area, m2")
      .def_property_readonly("components", [](const cost::Bill& bill) { return by_label(bill.components); },
                             "joules by part of the machine")
      .def_property_readonly("actions", [](const cost::Bill& bill) { return by_label(bill.actions); },
                             "joules by what it did")
      .def_property_readonly("stages", [](const cost::Bill& bill) { return by_label(bill.stages); },
                             "joules by stage of the schedule")
      .def_property_readonly("stage_seconds",
                             [](const cost::Bill& bill) {
    return by_label(bill.stages, &cost::BillLine::seconds);
  }, "seconds on the critical path by stage of the schedule")
      .def("__repr__", [](const cost::Bill& bill) {
    return fmt::format("Bill({}, {}, {})", text(bill.joules.band(), " J"), text(bill.seconds.band(), " s"),
                       text(bill.area, " m2"));
  });
}

}  // namespace

void register_prices(py::module_& module) {
  register_figures(module);
  py::class_<cost::Prices>(module, "Prices", R"(A list of prices, each a lognormal law with its source.

>>> import ohmlab
>>> prices = ohmlab.Prices.default(assume={"places.array.energy.adc_convert.median": "3 pJ",
...                                        "places.array.energy.adc_convert.p05": "1 pJ",
...                                        "places.array.energy.adc_convert.p95": "9 pJ"})
>>> "array" in prices.places
True
)")
      .def_static("load",
                  [](const PathLike& file, const Mapping& assume) {
    return cost::load_prices(path_of(file), sets_of(assume, assume_source), assume_source);
  }, "file"_a, py::kw_only(), "assume"_a = py::dict(), "Reads a price list, then sets dotted keys of it.")
      .def_static("default",
                  [](const Mapping& assume) {
    return cost::default_prices(sets_of(assume, assume_source), assume_source);
  }, py::kw_only(), "assume"_a = py::dict(), "The list that comes with ohmlab, with dotted keys of it set.")
      .def_readonly("title", &cost::Prices::title, "what this list is")
      .def_property_readonly("places",
                             [](const cost::Prices& prices) {
    std::map<std::string, std::string> out;
    for (const auto& [name, rates] : prices.places) out.emplace(name, rates.title);
    return out;
  }, "titles of the places where work can be done, by name")
      .def("price",
           [](const cost::Prices& prices, SharedTally& shared, const std::string& place, std::int64_t draws,
              std::uint64_t seed) {
    if (draws < 0 || draws > 1'000'000) {
      throw core::UserError({"argument draws", 0}, "", std::to_string(draws), "expected 0 to 1000000");
    }
    const py::gil_scoped_release release;
    std::unique_lock<std::mutex> lock(shared.mutex);
    const auto entries = shared.tally.entries();
    const auto holdings = shared.tally.holdings();
    lock.unlock();
    return cost::price(entries, holdings, prices, place, {draws, seed});
  },
           "tally"_a, py::kw_only(), "place"_a = "array", "draws"_a = 2000, "seed"_a = 1,
           "Prices a tally at one place. What the list has no price for is an error, never free.")
      .def("__repr__", [](const cost::Prices& prices) {
    return fmt::format("Prices({:?}, {} places)", prices.title, prices.places.size());
  });
}

}  // namespace ohmlab::python
