#include <optional>
#include <string>
#include <utility>

#include <fmt/format.h>
#include <pybind11/stl.h>

#include "../lab/results/to_quality.hpp"
#include "packed_results.hpp"
#include "registers.hpp"

namespace py = pybind11;

namespace ohmlab::python {
namespace {

using Pair = std::pair<double, double>;

}  // namespace

void register_quality_bill(py::module_& module) {
  const auto of = [](auto get) {
    return [get](const results::QualityBill& bill) { return get(bill.approach); };
  };
  py::class_<results::QualityBill>(module, "QualityBill", "Cost to reach a quality.")
      .def_property_readonly("metric",
                             of([](const results::Approach& run) { return run.goal.metric; }))
      .def_property_readonly("target",
                             of([](const results::Approach& run) { return run.goal.value; }),
                             "target of the metric, in `unit`")
      .def_property_readonly("unit", of([](const results::Approach& run) { return run.unit; }),
                             "unit of the metric, its target and its values")
      .def_property_readonly("toward", of([](const results::Approach& run) {
    return std::string(run.toward == results::Toward::up ? "up" : "down");
  }),
                             "\"up\" or \"down\"")
      .def_property_readonly("axis", of([](const results::Approach& run) { return run.axis; }),
                             "axis of the evaluations, e.g. \"epoch\"")
      .def_property_readonly("system",
                             of([](const results::Approach& run) { return run.system.name; }),
                             "name of the machine that ran")
      .def_property_readonly("reached",
                             of([](const results::Approach& run) { return run.reached; }))
      .def_property_readonly(
          "there", of([](const results::Approach& run) -> std::optional<Pair> {
    if (!run.reached) return std::nullopt;
    return Pair{run.sight.at, run.sight.value};
  }),
          "first evaluation at the target or beyond it: place on the axis and metric; or None")
      .def_property_readonly("before", of([](const results::Approach& run) -> std::optional<Pair> {
    if (!run.before) return std::nullopt;
    return Pair{run.before->at, run.before->value};
  }),
                             "evaluation before `there`, the other end of the bracket; None if the "
                             "first evaluation is at the target, or none is")
      .def_property_readonly(
          "stays", of([](const results::Approach& run) -> std::optional<Pair> {
    if (!run.stays) return std::nullopt;
    return Pair{run.stays->at, run.stays->value};
  }),
          "evaluation from which the metric stays at the target to the end of the run, or None")
      .def_property_readonly("best", of([](const results::Approach& run) -> std::optional<Pair> {
    if (run.reached) return std::nullopt;
    return Pair{run.sight.at, run.sight.value};
  }),
                             "evaluation nearest to a target that was not reached, or None")
      .def_readonly(
          "bills", &results::QualityBill::bills,
          "bills of the machine that ran, up to `there`, at each place; empty if not reached")
      .def_readonly("bills_before", &results::QualityBill::bills_before,
                    "bills up to `before`, at the same places")
      .def_property_readonly("quality_unknown",
                             of([](const results::Approach& run) { return run.unknown; }),
                             "titles of systems that were only counted")
      .def("__repr__", [](const results::QualityBill& bill) {
    const results::Approach& run = bill.approach;
    const std::string goal =
        fmt::format("{} {} {}", run.goal.metric,
                    run.toward == results::Toward::up ? ">=" : "<=", run.goal.value);
    if (run.reached) return fmt::format("QualityBill({}, at {} {})", goal, run.axis, run.sight.at);
    return fmt::format("QualityBill({}, not reached, best {:.6g} at {} {})", goal, run.sight.value,
                       run.axis, run.sight.at);
  }).def(pickle_as_data<results::QualityBill>());
}

}  // namespace ohmlab::python
