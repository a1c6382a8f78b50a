#include <algorithm>
#include <optional>
#include <thread>

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <pybind11/stl.h>
#include <pybind11/typing.h>

#include "../lab/verdict/report.hpp"
#include "../lab/verdict/store.hpp"
#include "../lab/verdict/verdict.hpp"
#include "paths.hpp"
#include "registers.hpp"
#include "trees.hpp"
#include "work.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace ohmlab::python {
namespace {

verdict::Verdict judge(const PathLike& device, const std::string& task, const PathLike& out,
                       const Mapping& set, std::int64_t jobs, std::int64_t threads,
                       const std::string& prices, const std::optional<Listener>& listener,
                       const std::vector<std::string>& command) {
  verdict::Question question{path_of(device).string(), task, config_of(py::dict(), set).settings};
  const std::int64_t cores = std::max(1U, std::thread::hardware_concurrency());
  const verdict::Options options{
      {path_of(out), jobs == 0 ? cores : jobs, threads, command}, {}, {}};
  PythonProgress progress(listener);
  return progress.during([&] {
    verdict::Verdict found =
        verdict::judge(question, options, cost::named_prices(prices), progress);
    verdict::write_verdict(options.run.out / "verdict.h5", found);
    return found;
  });
}

using Numbers = py::typing::Dict<py::str, py::float_>;
using Moves = py::typing::Dict<py::str, py::typing::Tuple<py::str, py::str>>;
using Lists = py::typing::Dict<py::str, py::typing::List<py::float_>>;

/// Values by the name of their measure, without those that are missing.
template <class T>
py::typing::Dict<py::str, T> by_measure(const verdict::ByMeasure<std::optional<T>>& values) {
  py::dict out;
  for (const verdict::Measure measure : verdict::measures) {
    if (const auto& value = values[static_cast<std::size_t>(measure)])
      out[py::str(std::string(verdict::name(measure)))] = *value;
  }
  return out;
}

void register_parts(py::module_& module) {
  py::class_<verdict::Versus>(module, "Versus", "The analog machine beside a digital one.")
      .def_readonly("factor", &verdict::Versus::factor,
                    "cost of the digital machine over that of the analog one")
      .def_readonly("ahead", &verdict::Versus::ahead,
                    "probability that the analog machine pays less")
      .def_readonly("error", &verdict::Versus::error, "standard error of `ahead`")
      .def_readonly("prices_alone", &verdict::Versus::prices_alone,
                    "the same probability if prices alone are uncertain")
      .def_readonly("instances_alone", &verdict::Versus::instances_alone,
                    "the same if instances and arrivals alone are uncertain")
      .def_property_readonly("word", [](const verdict::Versus& versus) {
    return verdict::word_of(versus.factor);
  }, "\"WINS\", \"LOSES\" or \"undecided\"");
  py::class_<verdict::AtLevel>(module, "AtLevel", "One machine at one level of quality.")
      .def_readonly("side", &verdict::AtLevel::group, "\"analog\", or the name of a digital side")
      .def_readonly("title", &verdict::AtLevel::title, "title of the place that prices it")
      .def_readonly("setting", &verdict::AtLevel::setting, "its cheapest setting")
      .def_readonly("reached", &verdict::AtLevel::reached, "instances that reach the level")
      .def_readonly("instances", &verdict::AtLevel::instances, "number of instances")
      .def_property_readonly("cost",
                             [](const verdict::AtLevel& row) { return by_measure(row.cost); },
                             "`Band` of J by boundary and of \"seconds\"")
      .def_property_readonly("against", [](const verdict::AtLevel& row) {
    return by_measure(row.against);
  }, "`Versus` by boundary, and of \"seconds\"");
  py::class_<verdict::Rung>(module, "Rung", "All machines at one level of quality.")
      .def_readonly("level", &verdict::Rung::level, "the level, in the unit of the metric")
      .def_readonly("machines", &verdict::Rung::machines, "machines, the analog one first")
      .def_property_readonly("parts",
                             [](const verdict::Rung& rung) -> Numbers {
    py::dict out;
    for (const verdict::Part& part : rung.parts) out[py::str(part.label)] = part.share;
    return out;
  }, "shares of the analog joules by part, largest first")
      .def("cheapest", [](const verdict::Rung& rung, const std::string& measure) {
    for (const verdict::Measure known : verdict::measures) {
      const auto& found = rung.cheapest[static_cast<std::size_t>(known)];
      if (verdict::name(known) == measure && found)
        return std::optional<verdict::AtLevel>(rung.machines[*found]);
    }
    return std::optional<verdict::AtLevel>();
  }, "measure"_a, "The cheapest digital machine by a measure, or None.");
}

void register_improvement(py::module_& module) {
  using verdict::Improvement;
  using verdict::Pulled;
  using verdict::Trial;
  py::class_<Trial>(module, "Trial", "One instance trained with some values changed.")
      .def_readonly("best", &Trial::best, "best quality on the test examples")
      .def_readonly("arrives", &Trial::arrives, "it reaches the compared level")
      .def_readonly("failed", &Trial::failed,
                    "reason why it could not be trained or billed, or \"\"")
      .def_property_readonly("against",
                             [](const Trial& trial) { return by_measure(trial.against); },
                             "`Versus` of the cheapest digital machine by boundary, and of "
                             "\"seconds\"");
  py::class_<Pulled>(module, "Lever", "A change with its limit.")
      .def_property_readonly("label", [](const Pulled& pulled) { return pulled.lever.label; },
                             "name of the change")
      .def_property_readonly("room", [](const Pulled& pulled) { return pulled.lever.room; },
                             "\"device\", \"array\" or \"system\"")
      .def_property_readonly("limit", [](const Pulled& pulled) { return pulled.lever.limit; },
                             "what sets the limit, with its source")
      .def_property_readonly("both", [](const Pulled& pulled) { return pulled.lever.both; },
                             "digital machines were changed in the same way")
      .def_property_readonly("moves",
                             [](const Pulled& pulled) -> Moves {
    py::dict out;
    for (const verdict::Move& move : pulled.moves)
      out[py::str(move.key)] = py::make_tuple(move.from.text(), move.to.text());
    return out;
  }, "value now and at the limit, as TOML, by key")
      .def_readonly("at_limit", &Pulled::at_limit, "`Trial` of it alone, at its limit")
      .def_readonly("enough", &Pulled::enough,
                    "least share of its way that meets the goal alone, or None");
  py::class_<Improvement>(module, "Improvement", "What would have to improve.")
      .def_property_readonly("goal",
                             [](const Improvement& search) {
    return std::string(search.goal == verdict::Goal::cost ? "cost" : "quality");
  }, "\"cost\": to pay less; \"quality\": to learn nearly as well as exact arithmetic")
      .def_property_readonly("measure",
                             [](const Improvement& search) {
    return std::string(verdict::name(search.measure));
  }, "boundary of a goal of cost")
      .def_readonly("target", &Improvement::target, "least quality of a goal of quality")
      .def_readonly("setting", &Improvement::setting, "analog setting that is changed")
      .def_readonly("now", &Improvement::now, "`Trial` without any change")
      .def_readonly("levers", &Improvement::levers, "levers, the one that helps most first")
      .def_readonly("level", &Improvement::level, "level of quality at which trials are billed")
      .def_readonly("helpful", &Improvement::helpful,
                    "number of levers, from the first, that help alone")
      .def_readonly("all", &Improvement::all, "`Trial` of these together at their limits")
      .def_readonly("all_enough", &Improvement::all_enough,
                    "least share of all ways that meets the goal, or None")
      .def_readonly("fewest", &Improvement::fewest,
                    "number of levers, from the first, that together meet it, or None")
      .def_readonly("trials", &Improvement::trials, "number of trials");
}

}  // namespace

void register_verdict(py::module_& module) {
  register_parts(module);
  register_improvement(module);
  using verdict::Verdict;
  py::class_<Verdict>(module, "Verdict", "Answer of `ohmlab.verdict`.")
      .def_readonly("device", &Verdict::device, "device as given")
      .def_readonly("task", &Verdict::task, "name of the task")
      .def_readonly("metric", &Verdict::metric, "metric of quality")
      .def_readonly("unit", &Verdict::unit, "unit of the metric")
      .def_readonly("level", &Verdict::level,
                    "highest level that most analog instances reach; None: it does not learn")
      .def_readonly("levels", &Verdict::rungs, "all levels, lowest first")
      .def_property_readonly("compared",
                             [](const Verdict& v) {
    const verdict::Rung* found = verdict::compared_rung(v);
    return found ? std::optional<verdict::Rung>(*found) : std::nullopt;
  }, "the level that is compared, or None")
      .def_property_readonly("analog",
                             [](const Verdict& v) -> Lists {
    py::dict out;
    for (const verdict::Reach& reach : v.analog) out[py::str(reach.setting)] = reach.best;
    return out;
  }, "best quality on the test by setting, one number per instance")
      .def_property_readonly("ideal", [](const Verdict& v) { return v.ideal.best; },
                             "the same by exact arithmetic")
      .def_readonly("untrained", &Verdict::untrained, "quality before training")
      .def_property_readonly("causes",
                             [](const Verdict& v) -> Numbers {
    py::dict out;
    for (const verdict::Cause& cause : v.causes) out[py::str(cause.removed)] = cause.gain;
    return out;
  }, "gain of quality on validation by removed property, largest first")
      .def_readonly("improvement", &Verdict::improvement,
                    "`Improvement`, or None if the task has no levers")
      .def_readonly("refused", &Verdict::refused, "ways that cannot be built or run, with reasons")
      .def_readonly("unpriced", &Verdict::unpriced,
                    "reason why the analog machine has no bill, or \"\"")
      .def("__str__",
           [](const Verdict& v) { return fmt::format("{}", fmt::join(verdict::report(v), "\n")); });
  module.def("verdict", &judge, "device"_a, py::kw_only(), "task"_a, "out"_a, "set"_a, "jobs"_a,
             "threads"_a, "prices"_a, "progress"_a, "command"_a,
             "Judges a device; `command` starts a process that calls `work_as_job`.");
}

}  // namespace ohmlab::python
