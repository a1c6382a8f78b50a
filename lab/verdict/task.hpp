#pragma once

#include <cstdint>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "../../core/fields.hpp"
#include "../sweep_plan.hpp"
#include "lever.hpp"

namespace ohmlab::verdict {

/// Settings by dotted key.
using Settings = std::map<std::string, core::Node>;

/// The analog side, or digital machines of one kind: a common config, and ways to learn with it.
struct Side {
  std::string name = "analog", title;
  Settings set;
  std::vector<lab::SweepCase> ways;
  static constexpr auto fields = core::Fields{
      core::field("name", &Side::name, "short name of the side"),
      core::field("title", &Side::title, "name of the side for the reader"),
      core::field("set", &Side::set, "values of all its runs, by dotted key"),
      core::field("ways", &Side::ways, "ways to learn, each tried at each rate",
                  core::Need::required),
  };
};

/// A run as its config stands.
struct FixedRun {
  std::string label;
  double seconds = 60;
  Settings set;
  static constexpr auto fields = core::Fields{
      core::field("label", &FixedRun::label, "name of the machine", core::Need::required),
      core::field("seconds", &FixedRun::seconds, "s", core::at_least(0),
                  "time of the run on one core"),
      core::field("set", &FixedRun::set, "values of the run by dotted key", core::Need::required),
  };
};

/// Plan of a verdict: a file of `configs/verdicts`.
struct Task {
  std::string title, metric;
  std::vector<double> levels, rates;
  std::vector<std::string> rate_keys;
  std::int64_t validation = 1, repeats = 3;
  double slack = 1, unit_seconds = 10;
  Side analog;
  std::vector<Side> digital;
  std::vector<FixedRun> fixed;
  std::vector<lab::SweepCase> removed;
  std::vector<Lever> levers;

  static constexpr auto fields = core::Fields{
      core::field("title", &Task::title, "name of the task for the reader", core::Need::required),
      core::field("metric", &Task::metric, "metric of quality; larger is better",
                  core::Need::required),
      core::field("levels", &Task::levels, "", core::any,
                  "levels of quality, in the unit of the metric", core::Need::required),
      core::field("rates", &Task::rates, "", core::above(0), "rates at which each way is tried",
                  core::Need::required),
      core::field("rate_keys", &Task::rate_keys, "keys that take the rate", core::Need::required),
      core::field("validation", &Task::validation, "", core::at_least(1),
                  "number of training images, the last ones, on which settings are chosen"),
      core::field("repeats", &Task::repeats, "", core::between(1, 100),
                  "instances of each setting that goes on: other devices, other draws"),
      core::field("slack", &Task::slack, "", core::at_least(0),
                  "the quickest setting is the first within this distance of the best quality"),
      core::field("unit_seconds", &Task::unit_seconds, "s", core::at_least(0),
                  "time of one run on one core, for the time that is announced"),
      core::field("analog", &Task::analog, "the analog side", core::Need::required),
      core::field("digital", &Task::digital, "digital sides", core::Need::required),
      core::field("fixed", &Task::fixed, "runs without rates and validation"),
      core::field("removed", &Task::removed,
                  "properties removed from the best analog setting, one at a time"),
      core::field("levers", &Task::levers,
                  "changes up to a limit that are tried on the analog setting that is compared"),
  };
  [[nodiscard]] std::string problem() const;
};

/// A task with the file that it was read from.
struct FoundTask {
  std::string name;
  std::filesystem::path file;
  Task task;
};

/// The task of a name: `verdicts/NAME` among the presets, or a file. Settings of keys "verdict.…"
/// override it.
/// \throws core::UserError that lists the known tasks
[[nodiscard]] FoundTask find_task(const std::string& name, const std::vector<core::Setting>& sets);

}  // namespace ohmlab::verdict
