#include <algorithm>
#include <map>
#include <optional>
#include <thread>

#include <fmt/format.h>
#include <pybind11/stl.h>
#include <pybind11/typing.h>

#include "../core/errors.hpp"
#include "../lab/sweep.hpp"
#include "../lab/sweep_jobs.hpp"
#include "paths.hpp"
#include "registers.hpp"
#include "trees.hpp"
#include "work.hpp"

namespace py = pybind11;
using namespace py::literals;

namespace ohmlab::python {
namespace {

/// A sweep and its progress.
struct SweepOutcome {
  lab::SweepPlan plan;
  lab::SweepStatus status;
  std::filesystem::path folder;
};

using Shard = std::pair<std::int64_t, std::int64_t>;

lab::SweepOptions options_of(const PathLike& out, std::int64_t jobs, const Shard& shard,
                             std::int64_t threads, bool force) {
  const auto check = [](const char* argument, std::int64_t value, std::int64_t low,
                        std::int64_t high) {
    if (value >= low && value <= high) return;
    throw core::UserError({std::string("argument ") + argument, 0}, "", std::to_string(value),
                          fmt::format("expected {} to {}", low, high));
  };
  check("jobs", jobs, 1, 4096);
  check("threads", threads, 0, 1024);
  if (shard.first < 1 || shard.first > shard.second) {
    throw core::UserError({"argument shard", 0}, "",
                          fmt::format("({}, {})", shard.first, shard.second),
                          "expected (i, n) with i from 1 to n");
  }
  const std::int64_t cores = std::max(1U, std::thread::hardware_concurrency());
  return {.out = path_of(out),
          .shard = shard.first,
          .shards = shard.second,
          .threads = threads == 0 && jobs > 1 ? std::max<std::int64_t>(1, cores / jobs) : threads,
          .force = force};
}

SweepOutcome sweep(const ConfigLike& config, const PathLike& out, const Mapping& set,
                   std::int64_t jobs, const Shard& shard, std::int64_t threads, bool force,
                   const std::optional<Listener>& listener,
                   const std::vector<std::string>& command) {
  const Config given = config_of(config, set);
  const lab::SweepOptions options = options_of(out, jobs, shard, threads, force);
  PythonProgress progress(listener);
  return progress.during([&] {
    SweepOutcome found{lab::plan_sweep(given.tree, given.folder, given.settings), {}, options.out};
    found.status = jobs > 1 ? lab::sweep_in_jobs(found.plan, options, jobs, command, progress)
                            : lab::sweep(found.plan, options, progress);
    return found;
  });
}

bool work_as_job() {
  const std::optional<Listener> silent;
  PythonProgress progress(silent);
  return progress.during([&] {
    lab::work_as_job(progress);
    return true;
  });
}

/// Id of each point and its label on each dimension.
py::typing::List<py::typing::Dict<py::str, py::str>> points_of(const SweepOutcome& outcome) {
  py::list out;
  for (const lab::SweepPoint& point : outcome.plan.points) {
    py::dict item("id"_a = point.id);
    if (!point.refused.empty()) item["refused"] = point.refused;
    for (std::size_t d = 0; d < point.at.size(); ++d) {
      const lab::SweepDimension& dimension = outcome.plan.dimensions[d];
      item[py::str(dimension.name)] = dimension.coordinates.front().labels[point.at[d]];
    }
    out.append(item);
  }
  return out;
}

}  // namespace

void register_sweep(py::module_& module) {
  py::class_<SweepOutcome>(module, "SweepOutcome",
                           "Progress of a sweep; `ohmlab.results.load_sweep` reads its figures.")
      .def_property_readonly("id", [](const SweepOutcome& outcome) { return outcome.plan.id; },
                             "hash of its points")
      .def_readonly("folder", &SweepOutcome::folder, "folder of its results")
      .def_property_readonly("done",
                             [](const SweepOutcome& outcome) { return outcome.status.done; },
                             "number of finished points of the whole sweep")
      .def_property_readonly("failed",
                             [](const SweepOutcome& outcome) { return outcome.status.failed; },
                             "number of failed points: see ID.error.txt in the folder")
      .def_property_readonly("open",
                             [](const SweepOutcome& outcome) { return outcome.status.open; },
                             "number of points left, e.g. those of other shards")
      .def_property_readonly("refused",
                             [](const SweepOutcome& outcome) { return outcome.status.refused; },
                             "number of points that are left out, since their config is refused")
      .def_property_readonly(
          "points", &points_of,
          "id of each point, its label on each dimension, and why it is left out")
      .def("__repr__", [](const SweepOutcome& outcome) {
    return fmt::format("SweepOutcome({:?}, done={}, failed={}, open={})", outcome.folder.string(),
                       outcome.status.done, outcome.status.failed, outcome.status.open);
  });
  module.def("sweep", &sweep, "config"_a, py::kw_only(), "out"_a, "set"_a, "jobs"_a, "shard"_a,
             "threads"_a, "force"_a, "progress"_a, "command"_a,
             "Runs a sweep; `command` starts a process that calls `work_as_job`.");
  module.def("work_as_job", &work_as_job,
             "Works on the points that a sweep passes on standard input. Stops when the process "
             "that started it ends.");
}

}  // namespace ohmlab::python
