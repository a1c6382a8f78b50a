#include <algorithm>
#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include <fmt/format.h>
#include <pybind11/functional.h>
#include <pybind11/stl.h>
#include <pybind11/typing.h>

#include "../core/errors.hpp"
#include "../lab/results/build.hpp"
#include "../lab/sweep.hpp"
#include "../lab/sweep_costs.hpp"
#include "../lab/sweep_handover.hpp"
#include "../lab/sweep_jobs.hpp"
#include "packed_bills.hpp"
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

}  // namespace

template <>
inline constexpr auto packed_members<lab::SweepDimension::Coordinate> =
    std::tuple(&lab::SweepDimension::Coordinate::key, &lab::SweepDimension::Coordinate::numbers,
               &lab::SweepDimension::Coordinate::labels, &lab::SweepDimension::Coordinate::whole);
template <>
inline constexpr auto packed_members<lab::SweepDimension> =
    std::tuple(&lab::SweepDimension::name, &lab::SweepDimension::coordinates);
/// A pickle keeps no plans: they are configs, which the files hold.
template <>
inline constexpr auto packed_members<lab::SweepPoint> =
    std::tuple(&lab::SweepPoint::at, &lab::SweepPoint::id, &lab::SweepPoint::refused);
template <>
inline constexpr auto packed_members<lab::SweepPlan> =
    std::tuple(&lab::SweepPlan::id, &lab::SweepPlan::dimensions, &lab::SweepPlan::points,
               &lab::SweepPlan::report, &lab::SweepPlan::warnings);
template <>
inline constexpr auto packed_members<lab::SweepStatus> =
    std::tuple(&lab::SweepStatus::done, &lab::SweepStatus::failed, &lab::SweepStatus::open,
               &lab::SweepStatus::refused, &lab::SweepStatus::index);
template <>
inline constexpr auto packed_members<SweepOutcome> =
    std::tuple(&SweepOutcome::plan, &SweepOutcome::status, &SweepOutcome::folder);

namespace {

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

/// A sweep whose points are worked on elsewhere.
struct SweepWork {
  lab::SweepPlan plan;
  lab::SweepOptions options;
};

SweepWork prepare_sweep(const ConfigLike& config, const PathLike& out, const Mapping& set,
                        const Shard& shard, std::int64_t threads, bool force) {
  const Config given = config_of(config, set);
  lab::SweepOptions options = options_of(out, 1, shard, threads, force);
  options.out = std::filesystem::absolute(options.out);  // workers have folders of their own
  const std::optional<Listener> silent;
  PythonProgress progress(silent);
  return progress.during([&] {
    SweepWork work{lab::plan_sweep(given.tree, given.folder, given.settings), options};
    lab::prepare_sweep(work.plan, work.options);
    return work;
  });
}

/// Id of each open point and the bytes that `work_on_point` reads.
std::vector<std::pair<std::string, py::bytes>> handovers_of(const SweepWork& work) {
  std::vector<std::pair<std::string, py::bytes>> out;
  for (const lab::SweepPoint* point : lab::open_points(work.plan, work.options))
    out.emplace_back(point->id, lab::to_bytes(0, work.options, {point}));
  return out;
}

SweepOutcome finish_sweep(const SweepWork& work) {
  const py::gil_scoped_release release;
  return {work.plan, lab::finish_sweep(work.plan, work.options.out), work.options.out};
}

/// Progress of a point in a worker: keeps what is said, asks from time to time whether to stop.
class WorkerProgress final : public results::Progress {
 public:
  WorkerProgress(PythonProgress& signals, const std::function<bool()>& stop)
      : signals_(signals), stop_(stop) {}
  void say(const std::string& line) override { said.push_back(line); }
  [[nodiscard]] bool interrupted() override {
    constexpr auto between_looks = std::chrono::seconds(1);
    if (const auto now = std::chrono::steady_clock::now();
        !stopped_ && now - looked_ > between_looks) {
      looked_ = now;
      try {
        stopped_ = stop_();
      } catch (...) {  // it must not unwind through the run
        raised = std::current_exception();
        stopped_ = true;
      }
    }
    return signals_.interrupted() || stopped_;
  }

  std::vector<std::string> said;
  std::exception_ptr raised;

 private:
  PythonProgress& signals_;
  const std::function<bool()>& stop_;
  std::chrono::steady_clock::time_point looked_;
  bool stopped_ = false;
};

std::optional<std::vector<std::string>> work_on_point(const py::bytes& handover,
                                                      const std::function<bool()>& stop) {
  const auto bytes = static_cast<std::string>(handover);
  const std::optional<Listener> silent;
  PythonProgress signals(silent);
  WorkerProgress progress(signals, stop);
  try {
    return signals.during([&] {
      const lab::SweepHandover work = lab::handover_of(bytes);
      std::vector<const lab::SweepPoint*> points;
      for (const lab::SweepPoint& point : work.points) points.push_back(&point);
      lab::work_on_points(std::move(points), work.options, progress);
      return progress.said;
    });
  } catch (const results::Interrupted&) {
    if (progress.raised) std::rethrow_exception(progress.raised);
    return std::nullopt;
  }
}

bool work_as_job() {
  const std::optional<Listener> silent;
  PythonProgress progress(silent);
  return progress.during([&] {
    lab::work_as_job(progress);
    return true;
  });
}

/// Bands of all points and machines in a row: nominal, p05, p95.
template <class Get>
py::array_t<double> bands_of(const lab::SweepCosts& costs, const Get& get) {
  std::vector<double> out;
  for (const auto& row : costs.rows) {
    for (const lab::SweepCost& cost : row) {
      for (const cost::Band& band : get(cost))
        out.insert(out.end(), {band.nominal, band.p05, band.p95});
    }
  }
  return py::array_t<double>(static_cast<py::ssize_t>(out.size()), out.data());
}

py::typing::Dict<py::str, py::object> price_sweep(const PathLike& folder,
                                                  const cost::Prices& prices, std::int64_t draws) {
  if (draws < 0 || draws > 1'000'000) {
    throw core::UserError({"argument draws", 0}, "", std::to_string(draws),
                          "expected 0 to 1000000");
  }
  const std::filesystem::path path = path_of(folder);
  const lab::SweepCosts costs = [&] {
    const py::gil_scoped_release release;
    cost::Pricer pricer(prices, {.draws = draws});
    return lab::price_sweep(path, pricer);
  }();
  std::vector<std::string> machines, titles, unpriced, boundaries;
  for (const lab::SweepMachine& machine : costs.machines) {
    machines.push_back(machine.system + " @ " + machine.place);
    titles.push_back(machine.title);
  }
  for (const auto& row : costs.rows) {
    for (const lab::SweepCost& cost : row) unpriced.push_back(cost.unpriced);
  }
  std::vector<std::string> ran;
  for (const std::size_t number : costs.ran)
    ran.push_back(number < machines.size() ? machines[number] : "");
  for (const cost::Boundary boundary : cost::boundaries)
    boundaries.emplace_back(cost::name(boundary));
  using Bands = std::vector<cost::Band>;
  return py::dict(
      "machine"_a = machines, "title"_a = titles, "boundary"_a = boundaries, "ran"_a = ran,
      "unpriced"_a = unpriced,
      "joules"_a = bands_of(
          costs,
          [](const lab::SweepCost& cost) { return Bands(cost.joules.begin(), cost.joules.end()); }),
      "seconds"_a = bands_of(costs, [](const lab::SweepCost& cost) { return Bands{cost.seconds}; }),
      "area"_a = bands_of(costs, [](const lab::SweepCost& cost) { return Bands{cost.area}; }));
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
  }).def(pickle_as_data<SweepOutcome>());
  module.def("price_sweep", &price_sweep, "folder"_a, "prices"_a, "draws"_a,
             "Costs of all points of a finished sweep, as flat arrays over point, machine, "
             "boundary and band. `ohmlab.load_sweep` adds labels.");
  module.def("sweep", &sweep, "config"_a, py::kw_only(), "out"_a, "set"_a, "jobs"_a, "shard"_a,
             "threads"_a, "force"_a, "progress"_a, "command"_a,
             "Runs a sweep; `command` starts a process that calls `work_as_job`.");
  py::class_<SweepWork>(module, "SweepWork", "A sweep whose points are worked on elsewhere.")
      .def("handovers", &handovers_of, "id of each open point and the bytes for `work_on_point`")
      .def("is_open",
           [](const SweepWork& work, const std::string& id) {
    lab::SweepPoint point;
    point.id = id;
    return lab::is_open(point, work.options.out);
  }, "id"_a, "whether a point is neither done, nor failed, nor refused")
      .def("finish", &finish_sweep, "writes the index if no point is open");
  module.def("prepare_sweep", &prepare_sweep, "config"_a, py::kw_only(), "out"_a, "set"_a,
             "shard"_a, "threads"_a, "force"_a,
             "Plans a sweep and makes its folder; runs nothing.");
  module.def(
      "work_on_point", &work_on_point, "handover"_a, "stop"_a,
      "Runs one point in this process. Returns what it said, or None if `stop` returned true "
      "and the state is stored.");
  module.def("build", &results::build,
             "Version, commit, compiler, kernels and processor: what decides the bits of a result "
             "besides config and data.");
  module.def("work_as_job", &work_as_job,
             "Works on the points that a sweep passes on standard input. Stops when the process "
             "that started it ends.");
}

}  // namespace ohmlab::python
