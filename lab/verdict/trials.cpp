#include "trials.hpp"

#include <algorithm>
#include <limits>
#include <list>
#include <map>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../../core/errors.hpp"
#include "../results/checkpoint.hpp"

namespace ohmlab::verdict {
namespace {

/// The config of a side with some levers pulled, with the seed of its first instance.
lab::Plan plan_of(const Trials& trials, const Changed& side, const std::vector<Pulled>& levers,
                  const Pulls& pulls) {
  std::vector<core::Setting> settings = side.setting.settings;
  const core::Node config = lab::tree_of(side.setting.plan);
  const bool analog = &side == &trials.sides.front();
  for (const Pull& pull : pulls) {
    const Lever& lever = levers[pull.lever].lever;
    if (!analog && !lever.both) continue;
    const std::vector<Move> moves = analog ? levers[pull.lever].moves : moves_of(lever, config);
    for (core::Setting& set : settings_at(moves, pull.share)) settings.push_back(std::move(set));
  }
  return lab::with_next_seed(planned(*trials.task, settings), side.seed);
}

std::vector<std::string> prices_of(const std::vector<Pulled>& levers, const Pulls& pulls) {
  std::vector<std::string> out;
  for (const Pull& pull : pulls) {
    const std::vector<std::string>& sets = levers[pull.lever].lever.prices;
    out.insert(out.end(), sets.begin(), sets.end());
  }
  return out;
}

std::string label_of(const std::vector<Pulled>& levers, const Pulls& pulls) {
  std::vector<std::string> out;
  for (const Pull& pull : pulls) {
    const std::string& label = levers[pull.lever].lever.label;
    out.push_back(pull.share < 1 ? fmt::format("{} {:.3f}", label, pull.share) : label);
  }
  return fmt::format("{}", fmt::join(out, " + "));
}

/// Adds the runs of a trial, one for each side.
/// \returns the reason why the pulls do not go together, with nothing added; else ""
std::string add_runs(const Trials& trials, const std::vector<Pulled>& levers, const Pulls& pulls,
                     std::vector<NamedRun>& runs) {
  std::vector<NamedRun> own;
  try {
    for (const Changed& side : trials.sides)
      own.push_back(
          {side.side + ": " + label_of(levers, pulls), plan_of(trials, side, levers, pulls)});
  } catch (const core::UserError& error) {
    return error.what();
  }
  runs.insert(runs.end(), own.begin(), own.end());
  return "";
}

/// Runs of all trials, each config once. Configs without any change are not run again.
class Stage {
 public:
  explicit Stage(const Trials& trials) : trials_(trials) {
    for (const Changed& side : trials.sides) {
      known_[lab::with_next_seed(side.setting.plan, side.seed).config] = {side.result, ""};
    }
  }

  /// Runs what is not known yet.
  void run(const std::vector<NamedRun>& wanted, results::Progress& progress) {
    std::vector<NamedRun> fresh;
    for (const NamedRun& run : wanted) {
      const bool again = known_.contains(run.plan.config) ||
                         std::any_of(fresh.begin(), fresh.end(), [&](const NamedRun& other) {
        return other.plan.config == run.plan.config;
      });
      if (!again) fresh.push_back(run);
    }
    if (fresh.empty()) return;
    const lab::SweepPlan plan = sweep_of(fresh);
    // By id: other prices may change another setting.
    std::vector<Outcome>& outcomes =
        stages_.emplace_back(run_all(plan, "improve/" + plan.id, *trials_.run, progress));
    for (std::size_t i = 0; i < fresh.size(); ++i) {
      known_[fresh[i].plan.config] = {outcomes[i].result ? &*outcomes[i].result : nullptr,
                                      outcomes[i].failed};
    }
  }

  struct Known {
    const results::Result* result = nullptr;
    std::string failed;
  };
  [[nodiscard]] const Known& of(const lab::Plan& plan) const { return known_.at(plan.config); }

 private:
  const Trials& trials_;
  std::map<std::string, Known> known_;
  std::list<std::vector<Outcome>> stages_;
};

/// Bills one trial beside all digital machines.
void bill(const Trials& trials, const std::vector<const results::Result*>& results,
          const std::vector<bool>& changed, cost::Pricer& pricer, Trial& out) {
  std::vector<Group> groups = *trials.groups;
  for (std::size_t s = 0; s < results.size(); ++s) {
    if (s == 0 || changed[s]) groups[s].settings = {{trials.sides[s].setting.label, {*results[s]}}};
  }
  const Rung found = rung(groups, trials.task->task.metric, trials.level, pricer, trials.draws);
  for (const Measure measure : measures) {
    const auto m = static_cast<std::size_t>(measure);
    if (!found.cheapest[m]) continue;
    const AtLevel& rival = found.machines[*found.cheapest[m]];
    out.against[m] = rival.against[m];
    out.rival[m] = rival.title;
  }
}

}  // namespace

std::vector<Pulled> levers_of(const Trials& trials) {
  std::vector<Pulled> out;
  const core::Node config = lab::tree_of(trials.sides.front().setting.plan);
  for (const Lever& lever : trials.task->task.levers) {
    Pulled pulled{lever, moves_of(lever, config), {}, {}};
    if (pulled.moves.empty() && (lever.prices.empty() || !trials.billed)) continue;
    try {
      std::vector<core::Setting> settings = trials.sides.front().setting.settings;
      for (core::Setting& set : settings_at(pulled.moves, 1)) settings.push_back(std::move(set));
      (void)planned(*trials.task, settings);
    } catch (const core::UserError&) {
      continue;  // this setting does not take the change
    }
    out.push_back(std::move(pulled));
  }
  return out;
}

Improvement improvement_of(const Trials& trials, Improvement search, results::Progress& progress) {
  Stage stage(trials);
  search.levers = levers_of(trials);
  search.setting = trials.sides.front().setting.label;
  search.level = trials.level;
  const std::vector<Pulled> levers = search.levers;  // in the order by which pulls name them

  const MakeTrials make = [&](const std::vector<Pulls>& asked) {
    std::vector<Trial> out(asked.size());
    std::vector<NamedRun> runs;
    for (std::size_t i = 0; i < asked.size(); ++i) {
      out[i].failed = add_runs(trials, levers, asked[i], runs);
    }
    stage.run(runs, progress);
    auto run = runs.cbegin();
    for (std::size_t i = 0; i < asked.size(); ++i) {
      Trial& trial = out[i];
      trial.best = -std::numeric_limits<double>::infinity();
      if (!trial.failed.empty()) continue;
      std::vector<const results::Result*> results;
      std::vector<bool> changed;
      for (const Changed& side : trials.sides) {
        const Stage::Known& known = stage.of((run++)->plan);
        results.push_back(known.result);
        changed.push_back(known.result != side.result);
        if (trial.failed.empty()) trial.failed = known.failed;
      }
      if (!trial.failed.empty()) continue;
      const Curve curve = curve_of(*results[0], trials.task->task.metric);
      trial.best = best(curve);
      trial.arrives = arrival(curve, trials.level).has_value();
      if (!trials.billed) continue;
      try {
        const std::vector<std::string> sets = prices_of(levers, asked[i]);
        const cost::Prices prices =
            sets.empty() ? *trials.prices : cost::load_prices(trials.prices->file, sets);
        cost::Pricer pricer(prices, trials.draws);
        bill(trials, results, changed, pricer, trial);
      } catch (const core::UserError& error) {
        trial.failed = error.what();  // e.g. a list without one of the machines
      }
      if (progress.interrupted()) throw results::Interrupted(trials.run->out);
    }
    return out;
  };
  search.now = make({Pulls{}}).front();
  find_improvements(make, search);
  return search;
}

}  // namespace ohmlab::verdict
