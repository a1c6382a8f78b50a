#include <optional>
#include <vector>

#include <fmt/format.h>
#include <pybind11/pybind11.h>
#include <pybind11/stl.h>

#include "../lab/results/comparison.hpp"
#include "packed_bills.hpp"
#include "registers.hpp"

namespace ohmlab::python {
namespace {

namespace py = pybind11;
using namespace py::literals;

/// A rival that keeps its own row.
struct OwnedRival {
  results::PricedSystem row;
  std::optional<results::Ratio> core, node, without_hosts;
  results::Ratio seconds;
};

}  // namespace

template <>
inline constexpr auto packed_members<OwnedRival> =
    std::tuple(&OwnedRival::row, &OwnedRival::core, &OwnedRival::node, &OwnedRival::without_hosts,
               &OwnedRival::seconds);

namespace {

std::vector<OwnedRival> rivals_of(const std::vector<results::PricedSystem>& rows) {
  std::vector<OwnedRival> out;
  if (const auto comparison = results::compared(rows)) {
    for (const results::Rival& rival : comparison->rivals)
      out.push_back({*rival.row, rival.core, rival.node, rival.without_hosts, rival.seconds});
  }
  return out;
}

}  // namespace

void register_comparison(py::module_& module) {
  py::class_<results::Ratio>(
      module, "Ratio", "Joules or seconds of one machine over those of another, draw by draw.")
      .def_readonly("band", &results::Ratio::band, "nominal, 5th and 95th percentile")
      .def_readonly("above_one", &results::Ratio::above_one,
                    "share of the draws in which it is above 1")
      .def("__repr__", [](const results::Ratio& ratio) {
    return fmt::format("Ratio({:.3g} [{:.3g} to {:.3g}])", ratio.band.nominal, ratio.band.p05,
                       ratio.band.p95);
  }).def(pickle_as_data<results::Ratio>());
  py::class_<OwnedRival>(module, "Rival",
                         "A digital machine that did the same training as the machine that ran.")
      .def_readonly("row", &OwnedRival::row, "the digital machine with its bill")
      .def_readonly("core", &OwnedRival::core,
                    "its joules at the core over those of the machine that ran, or None")
      .def_readonly("node", &OwnedRival::node, "the same at the node, or None")
      .def_readonly("without_hosts", &OwnedRival::without_hosts,
                    "the same at the node, each without its host, or None")
      .def_readonly("seconds", &OwnedRival::seconds, "its seconds over those of the one that ran")
      .def(pickle_as_data<OwnedRival>());
  module.def(
      "rivals", &rivals_of, "rows"_a,
      R"(Digital machines that did the same training as the first row, the cheapest at the node first. Equal
data, not equal quality. Prices that no machine reaches are left out. The list is empty if the first row has no bill
or is digital itself.

>>> import ohmlab
>>> outcome = ohmlab.run({"kind": "train", "data": {"kind": "bars_and_stripes", "size": 3},
...                       "model": {"kind": "rbm", "hidden": 4}, "training": {"epochs": 1, "batch": 4},
...                       "array": {"kind": "analog", "device": {"base": "devices/gokmen_vlasov"}}}, folder=folder)
>>> best, *others = ohmlab.rivals(outcome.bills())
>>> best.row.bill.node.nominal <= others[0].row.bill.node.nominal
True
)");
}

}  // namespace ohmlab::python
