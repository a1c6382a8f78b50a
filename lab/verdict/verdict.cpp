#include "verdict.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../results/checkpoint.hpp"
#include "../results/to_quality.hpp"
#include "trials.hpp"

namespace ohmlab::verdict {
namespace {

/// Candidates of one side with their curves on the validation examples, without those that failed.
struct Screened {
  std::vector<Candidate> runs;
  std::vector<Curve> curves;
  std::vector<std::string> failed;
};

/// The screening: fixed runs, then all candidates on validation data.
std::vector<NamedRun> screening(const FoundTask& task, const std::vector<Candidate>& fixed,
                                const std::vector<Candidates>& sides,
                                const std::filesystem::path& validation) {
  std::vector<NamedRun> out;
  for (const Candidate& run : fixed) out.push_back({run.label, run.plan});
  for (const Candidates& side : sides) {
    for (const Candidate& run : side.runs)
      out.push_back({side.side + ": " + run.label, on_data(task, run, validation)});
  }
  return out;
}

/// Takes the next outcomes for a side. \throws core::WorldError if all of its runs failed
Screened take(const Candidates& side, const std::string& metric,
              std::vector<Outcome>::const_iterator& next) {
  Screened out;
  for (const Candidate& run : side.runs) {
    const Outcome& outcome = *next++;
    if (!outcome.result) {
      out.failed.push_back(fmt::format("{}: {}", run.label, outcome.failed));
      continue;
    }
    out.runs.push_back(run);
    out.curves.push_back(curve_of(*outcome.result, metric));
  }
  if (out.runs.empty())
    throw core::WorldError(side.side, "every run failed: " + out.failed.front());
  return out;
}

/// The second stage: finalists of all sides with other seeds, then the best analog setting with
/// one property removed, on validation data.
struct Finals {
  std::vector<NamedRun> runs;
  std::vector<std::vector<std::string>> settings;  ///< labels of the finalists, by side
  std::vector<Candidate> removed;
};

Finals finals_of(const FoundTask& task, const std::vector<Candidates>& sides,
                 const std::vector<Screened>& screened, const std::filesystem::path& validation) {
  Finals out;
  for (std::size_t s = 0; s < sides.size(); ++s) {
    std::vector<std::string>& labels = out.settings.emplace_back();
    for (const std::size_t i : finalists(screened[s].curves, task.task.slack)) {
      const Candidate& run = screened[s].runs[i];
      labels.push_back(run.label);
      for (std::int64_t r = 1; r <= task.task.repeats; ++r)  // seed 0 is that of the screening
        out.runs.push_back({sides[s].side + ": " + run.label, lab::with_next_seed(run.plan, r)});
    }
  }
  const Candidate& best = screened[0].runs[finalists(screened[0].curves, task.task.slack)[0]];
  out.removed = with_removed(task, best);
  for (const Candidate& run : out.removed)
    out.runs.push_back({"without " + run.label, on_data(task, run, validation)});
  return out;
}

/// Groups of trained finalists, in the order of the sides. Instances that failed are left out.
std::vector<Group> groups_of(const std::vector<Candidates>& sides, const Finals& finals,
                             std::int64_t repeats, std::vector<Outcome>::iterator& next) {
  std::vector<Group> out;
  for (std::size_t s = 0; s < sides.size(); ++s) {
    Group& group = out.emplace_back(Group{sides[s].side, sides[s].title, {}});
    for (const std::string& label : finals.settings[s]) {
      Trained trained{label, {}};
      std::string reason;
      for (std::int64_t r = 0; r < repeats; ++r, ++next) {
        if (next->result) {
          if (trained.instances.empty()) trained.first_seed = r + 1;
          trained.instances.push_back(std::move(*next->result));
        }
        reason = next->failed;
      }
      if (trained.instances.empty())
        throw core::WorldError(group.name + ": " + label, "every run failed: " + reason);
      group.settings.push_back(std::move(trained));
    }
  }
  return out;
}

Reach reach_of(const Trained& setting, const std::string& metric) {
  Reach out{setting.label, {}};
  for (const results::Result& instance : setting.instances)
    out.best.push_back(best(curve_of(instance, metric)));
  return out;
}

/// The highest level that most instances of any setting reach.
std::optional<double> level_of(const Group& group, const Task& task) {
  std::optional<double> out;
  for (const Trained& setting : group.settings) {
    std::vector<Curve> curves;
    for (const results::Result& instance : setting.instances)
      curves.push_back(curve_of(instance, task.metric));
    const std::optional<double> found = highest(curves, task.levels);
    if (found && (!out || *found > *out)) out = found;
  }
  return out;
}

std::vector<Cause> causes_of(const Finals& finals, const std::string& metric, double validated,
                             std::vector<Outcome>::const_iterator next) {
  std::vector<Cause> out;
  for (const Candidate& run : finals.removed) {
    const Outcome& outcome = *next++;
    if (!outcome.result) continue;
    const double found = best(curve_of(*outcome.result, metric));
    out.push_back({run.label, found, found - validated});
  }
  std::stable_sort(out.begin(), out.end(),
                   [](const Cause& a, const Cause& b) { return a.gain > b.gain; });
  return out;
}

/// Line on the number of runs that are left, and their time; "" if the screening is complete.
std::string announcement(const FoundTask& task, std::size_t sides, const lab::SweepPlan& screen,
                         const RunOptions& options) {
  double seconds = 0;
  std::size_t runs = 0;
  for (std::size_t i = 0; i < screen.points.size(); ++i) {
    if (!lab::is_open(screen.points[i], options.out / "screen")) continue;
    const bool fixed = i < task.task.fixed.size();
    seconds += fixed ? task.task.fixed[i].seconds : task.task.unit_seconds;
    ++runs;
  }
  if (runs == 0) return "";
  // Each lever and all together; then three rounds of bisection of a few of them
  const std::size_t trials = task.task.levers.empty() ? 0 : 2 * (task.task.levers.size() + 1);
  const std::size_t later =
      sides * 2 * static_cast<std::size_t>(task.task.repeats) + task.task.removed.size() + trials;
  seconds += static_cast<double>(later) * task.task.unit_seconds;
  return fmt::format(
      "{} runs, then up to {} more: about {:.0f} minutes where each of {} processes has a core",
      runs, later, std::ceil(seconds / static_cast<double>(options.jobs) / 60), options.jobs);
}

/// Setting of a group that is cheapest at a rung, or its first one.
const Trained& cheapest_setting(const Group& group, const Rung* rung) {
  if (rung) {
    for (const AtLevel& row : rung->machines) {
      if (row.group != group.name) continue;
      for (const Trained& setting : group.settings) {
        if (setting.label == row.setting) return setting;
      }
    }
  }
  return group.settings.front();
}

/// Level at which trials are billed: one step below the compared one, since one instance scatters.
double level_of_trials(const Task& task, const Verdict& v) {
  double out = task.levels.front();
  for (const double level : task.levels) {
    if (v.level && level < *v.level) out = level;
  }
  return out;
}

/// Goal of the search: to learn within `slack` of exact arithmetic, and if it does, to pay less.
Improvement search_of(const Task& task, const Verdict& v) {
  Improvement out;
  out.target = middle(v.ideal.best) - task.slack;
  const bool learns = std::any_of(v.analog.begin(), v.analog.end(), [&](const Reach& reach) {
    return middle(reach.best) >= out.target;
  });
  const Rung* rung = compared_rung(v);
  out.goal = learns && rung && v.unpriced.empty() ? Goal::cost : Goal::quality;
  if (rung && !rung->cheapest[static_cast<std::size_t>(Measure::node)]) out.measure = Measure::core;
  return out;
}

Improvement improve(const FoundTask& found, const Options& options, const cost::Prices& prices,
                    const std::vector<Screened>& screened, const std::vector<Candidates>& sides,
                    const std::vector<Group>& groups, const Verdict& v,
                    results::Progress& progress) {
  const Rung* rung = compared_rung(v);
  Trials trials{&found,
                &options.run,
                &prices,
                options.draws,
                level_of_trials(found.task, v),
                v.unpriced.empty(),
                {},
                &groups};
  for (std::size_t s = 0; s < sides.size(); ++s) {
    const Trained& setting = cheapest_setting(groups[s], rung);
    const auto run = std::find_if(screened[s].runs.begin(), screened[s].runs.end(),
                                  [&](const Candidate& c) { return c.label == setting.label; });
    trials.sides.push_back({sides[s].side, *run, setting.first_seed, &setting.instances.front()});
  }
  return improvement_of(trials, search_of(found.task, v), progress);
}

}  // namespace

const Rung* compared_rung(const Verdict& verdict) {
  for (const Rung& rung : verdict.rungs) {
    if (verdict.level && rung.level == *verdict.level) return &rung;
  }
  return nullptr;
}

Verdict judge(const Question& question, const Options& options, const cost::Prices& prices,
              results::Progress& progress) {
  const FoundTask found = find_task(question.task, question.sets);
  const Task& task = found.task;
  const std::vector<Candidates> sides = candidates(found, question);
  const std::vector<Candidate> fixed = fixed_runs(found);
  const std::filesystem::path validation =
      write_validation(sides[1].runs[0].plan, task.validation, options.run.out);
  const lab::SweepPlan screen = sweep_of(screening(found, fixed, sides, validation));
  claim_folder(screen, fmt::format("verdict on {}", task.title), options.run.out);
  if (const std::string line = announcement(found, sides.size(), screen, options.run);
      options.announce && !line.empty())
    options.announce(line);

  std::vector<Outcome> first = run_all(screen, "screen", options.run, progress);
  std::vector<Screened> screened;
  auto next = first.cbegin() + static_cast<std::ptrdiff_t>(fixed.size());
  for (const Candidates& side : sides) screened.push_back(take(side, task.metric, next));

  const Finals finals = finals_of(found, sides, screened, validation);
  std::vector<Outcome> second = run_all(sweep_of(finals.runs), "final", options.run, progress);
  auto result = second.begin();
  std::vector<Group> groups = groups_of(sides, finals, task.repeats, result);

  Verdict out;
  out.device = question.device;
  out.task = question.task;
  out.title = task.title;
  out.metric = task.metric;
  out.prices = prices.title;
  out.prices_file = prices.file;
  out.draws = options.draws.draws;
  for (const Trained& setting : groups[0].settings)
    out.analog.push_back(reach_of(setting, task.metric));
  const results::Result& ideal = groups.back().settings[0].instances[0];
  out.unit = results::metric_of(ideal, task.metric).unit;
  out.axis = ideal.axis.name;
  out.ideal = reach_of(groups.back().settings[0], task.metric);
  out.untrained = curve_of(ideal, task.metric).quality.front();
  out.tried = sides[0].runs.size();
  out.refused = sides[0].refused;
  out.refused.insert(out.refused.end(), screened[0].failed.begin(), screened[0].failed.end());
  out.unpriced = unpriced(groups[0]);
  out.level = level_of(groups[0], task);
  out.validated = best(screened[0].curves[finalists(screened[0].curves, task.slack)[0]]);
  out.causes = causes_of(finals, task.metric, out.validated, result);
  for (std::size_t i = 0; i < fixed.size(); ++i) {
    if (first[i].result)
      groups.push_back(
          {"fixed", fixed[i].label, {{fixed[i].label, {std::move(*first[i].result)}}}});
  }

  cost::Pricer pricer(prices, options.draws);
  progress.begin("bills", static_cast<std::int64_t>(task.levels.size()));
  for (const double level : task.levels) {
    out.rungs.push_back(rung(groups, task.metric, level, pricer, options.draws));
    progress.advance(static_cast<std::int64_t>(out.rungs.size()), "");
    if (progress.interrupted()) throw results::Interrupted(options.run.out);
  }
  progress.end();
  if (!task.levers.empty())
    out.improvement = improve(found, options, prices, screened, sides, groups, out, progress);
  return out;
}

}  // namespace ohmlab::verdict
