#include "candidates.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../core/presets.hpp"

namespace ohmlab::verdict {
namespace {

void append(const Settings& from, std::vector<core::Setting>& to) {
  for (const auto& [key, value] : from) to.push_back({key, value});
}

core::Setting text_setting(const std::string& key, const std::string& text,
                           const core::Location& where) {
  core::Node node;
  node.value = text;
  node.where = where;
  return {key, node};
}

/// Values of a way at a rate, the later ones taking precedence.
std::vector<core::Setting> settings_of(const FoundTask& task, const Side& side,
                                       const lab::SweepCase& way, double rate,
                                       const std::vector<core::Setting>& of_user) {
  std::vector<core::Setting> out;
  append(side.set, out);
  append(way.set, out);
  for (const std::string& key : task.task.rate_keys) {
    core::Node node;
    node.value = rate;
    node.where.source = task.file.string();
    out.push_back({key, node});
  }
  out.insert(out.end(), of_user.begin(), of_user.end());
  return out;
}

Candidates of_side(const FoundTask& task, const Side& side,
                   const std::vector<core::Setting>& of_user) {
  Candidates out{side.name, side.title, {}, {}};
  std::string first_reason;
  for (const lab::SweepCase& way : side.ways) {
    for (const double rate : task.task.rates) {
      Candidate candidate{fmt::format("{}, rate {:g}", way.label, rate),
                          settings_of(task, side, way, rate, of_user),
                          {}};
      try {
        candidate.plan = planned(task, candidate.settings);
        const bool again = std::any_of(out.runs.begin(), out.runs.end(), [&](const Candidate& run) {
          return run.plan.config == candidate.plan.config;  // the user's settings made them equal
        });
        if (!again) out.runs.push_back(std::move(candidate));
      } catch (const core::UserError& error) {
        if (first_reason.empty()) first_reason = error.what();
        out.refused.push_back(fmt::format("{}: {}", way.label, error.what()));
        break;  // a rate is never the reason
      }
    }
  }
  if (out.runs.empty()) throw core::UserError(first_reason);
  return out;
}

}  // namespace

lab::Plan planned(const FoundTask& task, const std::vector<core::Setting>& settings) {
  core::Node tree;
  tree.where.source = task.file.string();
  return lab::plan(core::resolve_config(std::move(tree), task.file.parent_path(), settings));
}

std::filesystem::path device_file(const Question& question) {
  return std::filesystem::absolute(core::find_config(question.device));
}

std::vector<Candidates> candidates(const FoundTask& task, const Question& question) {
  std::vector<core::Setting> of_analog, of_all;
  // From the task's source: the kind of array that the task sets drops settings of other sources.
  of_analog.push_back(
      text_setting("array.device.base", device_file(question).string(), {task.file.string(), 0}));
  for (const core::Setting& set : question.sets) {
    if (set.key.starts_with("verdict.")) continue;
    of_analog.push_back(set);
    if (set.key != "array" && !set.key.starts_with("array.")) of_all.push_back(set);
  }
  std::vector<Candidates> out{of_side(task, task.task.analog, of_analog)};
  for (const Side& side : task.task.digital) out.push_back(of_side(task, side, of_all));
  return out;
}

std::vector<Candidate> fixed_runs(const FoundTask& task) {
  std::vector<Candidate> out;
  for (const FixedRun& run : task.task.fixed) {
    Candidate candidate{run.label, {}, {}};
    append(run.set, candidate.settings);
    candidate.plan = planned(task, candidate.settings);
    out.push_back(std::move(candidate));
  }
  return out;
}

std::vector<Candidate> with_removed(const FoundTask& task, const Candidate& best) {
  std::vector<Candidate> out;
  for (const lab::SweepCase& property : task.task.removed) {
    Candidate candidate{property.label, best.settings, {}};
    append(property.set, candidate.settings);
    try {
      candidate.plan = planned(task, candidate.settings);
    } catch (const core::UserError&) {
      continue;  // the device has no such property
    }
    if (candidate.plan.config != best.plan.config) out.push_back(std::move(candidate));
  }
  return out;
}

lab::Plan on_data(const FoundTask& task, const Candidate& candidate,
                  const std::filesystem::path& folder) {
  std::vector<core::Setting> settings = candidate.settings;
  settings.push_back(text_setting("data.folder", folder.string(), {task.file.string(), 0}));
  return planned(task, settings);
}

}  // namespace ohmlab::verdict
