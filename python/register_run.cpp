#include <map>
#include <optional>

#include <fmt/format.h>
#include <pybind11/stl.h>

#include "../core/errors.hpp"
#include "../lab/run.hpp"
#include "packed_results.hpp"
#include "paths.hpp"
#include "pricing.hpp"
#include "registers.hpp"
#include "trees.hpp"
#include "work.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace ohmlab::python {
namespace {

lab::Outcome run(const ConfigLike& config, const Mapping& set, const std::optional<PathLike>& out,
                 const PathLike& folder, std::int64_t threads, bool force,
                 const std::optional<Listener>& listener) {
  if (threads < 0 || threads > 1024) {
    throw core::UserError({"argument threads", 0}, "", std::to_string(threads),
                          "expected 0 to 1024");
  }
  const Config given = config_of(config, set);
  lab::RunOptions options{.out = out ? path_of(*out) : "",
                          .folder = path_of(folder),
                          .threads = threads,
                          .force = force};
  if (!given.stem.empty()) options.stem = given.stem;
  PythonProgress progress(listener);
  lab::Outcome outcome =
      progress.during([&] { return lab::run(lab::plan(given.resolved()), options, progress); });
  warn_of(outcome.stored.result, 1);
  return outcome;
}

std::map<std::string, double> quality_of(const lab::Outcome& outcome) {
  std::map<std::string, double> out;
  for (const results::Quantity& quantity : outcome.stored.result.quality)
    out.emplace(quantity.name, quantity.value);
  return out;
}

}  // namespace

void register_run(py::module_& module) {
  py::class_<lab::Outcome>(module, "Outcome", "Result of a run, read back from its file.")
      .def_readonly("file", &lab::Outcome::file, "result file")
      .def_property_readonly("id",
                             [](const lab::Outcome& outcome) { return outcome.stored.identity.id; },
                             "hash of resolved config and data")
      .def_readonly("ran", &lab::Outcome::ran,
                    "False if a finished result of the same id already existed")
      .def_property_readonly("quality", &quality_of, "final figures by name")
      .def_property_readonly("warnings",
                             [](const lab::Outcome& outcome) {
    return warnings_in(outcome.stored.result);
  }, warnings_doc)
      .def("bills",
           [](const lab::Outcome& outcome, const std::optional<cost::Prices>& prices,
              const Mapping& assume, std::int64_t draws) {
    return bills_of(outcome.stored.result, prices, assume, draws);
  },
           "prices"_a = py::none(), py::kw_only(), "assume"_a = py::dict(), "draws"_a = 2000,
           "Prices every system: the simulated one first, digital ones once for each accelerator.")
      .def("bill_to",
           [](const lab::Outcome& outcome, const std::string& metric, double value,
              const std::optional<cost::Prices>& prices, const std::optional<std::string>& toward,
              const Mapping& assume, std::int64_t draws) {
    return bill_to(outcome.stored.result, metric, value, prices, toward, assume, draws);
  },
           "metric"_a, "value"_a, "prices"_a = py::none(), py::kw_only(), "toward"_a = py::none(),
           "assume"_a = py::dict(), "draws"_a = 2000, bill_to_doc)
      .def("__repr__", [](const lab::Outcome& outcome) {
    std::string figures;
    for (const results::Quantity& q : outcome.stored.result.quality)
      figures += fmt::format(", {}={:.6g}", q.name, q.value);
    return fmt::format("Outcome({:?}{})", outcome.file.string(), figures);
  }).def(py::pickle([](const lab::Outcome& outcome) {
    return Pickle(py::make_tuple(outcome.file.string(), bytes_of(outcome.stored), outcome.ran,
                                 outcome.warnings));
  }, [](const Pickle& from) {
    return lab::Outcome{from[0].cast<std::string>(), result_of(from[1].cast<Pickle>()),
                        from[2].cast<bool>(), from[3].cast<std::vector<std::string>>()};
  }));
  module.def("run", &run, "config"_a, py::kw_only(), "set"_a = py::dict(), "out"_a = py::none(),
             "folder"_a = "results", "threads"_a = 0, "force"_a = false, "progress"_a = py::none(),
             R"(Runs an experiment and stores its result, as the command `ohmlab run` does.

`config` is the path of a TOML file, the name of a preset, or a dict; `set` holds dotted keys, set last. The
result goes to `out`, else to `folder`, named by the config and the run's id. A finished result is kept unless
`force`. `progress` is called with the name of the work, steps done, steps in all, and the newest figure. Ctrl-C,
or an exception of `progress`, stops a run after storing its state; the same call resumes it. Each warning of the
result is raised as a RuntimeWarning.

>>> import ohmlab
>>> outcome = ohmlab.run({"kind": "train", "data": {"kind": "bars_and_stripes", "size": 3},
...                       "model": {"kind": "rbm", "hidden": 4}, "rule": {"kind": "pcd", "chains": 8},
...                       "training": {"epochs": 4, "batch": 4}}, folder=folder)
>>> outcome.quality["test_log_likelihood"] < 0
True
)");
}

}  // namespace ohmlab::python
