#include "improvement.hpp"

#include <algorithm>
#include <numeric>

namespace ohmlab::verdict {
namespace {

/// Bisection between a value that fails and one that meets the goal.
struct Search {
  int failing = 0, meeting = 0;
  std::function<Pulls(int)> pulls_at;
  std::function<void(int)> found;

  [[nodiscard]] bool open() const { return meeting - failing > 1; }
  [[nodiscard]] int middle() const { return failing + (meeting - failing) / 2; }
};

double part_of_way(int parts) { return static_cast<double>(parts) / way_parts; }

/// Makes one trial of each open search at a time until all are closed.
void close(std::vector<Search>& searches, const MakeTrials& make, Improvement& search) {
  while (true) {
    std::vector<Search*> open;
    std::vector<Pulls> asked;
    for (Search& one : searches) {
      if (!one.open()) continue;
      open.push_back(&one);
      asked.push_back(one.pulls_at(one.middle()));
    }
    if (open.empty()) break;
    const std::vector<Trial> trials = make(asked);
    search.trials += trials.size();
    for (std::size_t i = 0; i < open.size(); ++i) {
      int& bound = meets(trials[i], search) ? open[i]->meeting : open[i]->failing;
      bound = open[i]->middle();
    }
  }
  for (const Search& one : searches) one.found(one.meeting);
}

}  // namespace

double score(const Trial& trial, Goal goal, Measure measure) {
  constexpr double far_below = -1e6;
  if (goal == Goal::quality) return trial.best;
  const auto& against = trial.against[static_cast<std::size_t>(measure)];
  if (!trial.arrives || !against) return far_below + trial.best;
  return against->factor.nominal;
}

bool meets(const Trial& trial, const Improvement& search) {
  if (!trial.failed.empty()) return false;
  const double reached = score(trial, search.goal, search.measure);
  return search.goal == Goal::quality ? reached >= search.target : reached > 1;
}

void find_improvements(const MakeTrials& make, Improvement& search) {
  const std::size_t count = search.levers.size();
  if (count == 0) return;
  std::vector<Pulls> alone;
  for (std::size_t i = 0; i < count; ++i) alone.push_back({{i, 1}});
  const std::vector<Trial> trials = make(alone);
  search.trials += trials.size();
  for (std::size_t i = 0; i < count; ++i) search.levers[i].at_limit = trials[i];

  // The order of effects, without moving the levers: trials name them by their place.
  const auto effect = [&](const Trial& trial) { return score(trial, search.goal, search.measure); };
  std::vector<std::size_t> order(count);
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(), [&](std::size_t a, std::size_t b) {
    return effect(trials[a]) > effect(trials[b]);
  });
  search.helpful =
      static_cast<std::size_t>(std::count_if(trials.begin(), trials.end(), [&](const Trial& trial) {
    return effect(trial) > effect(search.now);
  }));
  const auto first = [&](std::size_t levers, double share) {
    Pulls out;
    for (std::size_t k = 0; k < levers; ++k) out.push_back({order[k], share});
    return out;
  };
  if (search.helpful > 0) {
    search.all = make({first(search.helpful, 1)}).front();
    ++search.trials;
  }

  if (!meets(search.now, search)) {
    std::vector<Search> searches;
    for (std::size_t i = 0; i < count; ++i) {
      Pulled& pulled = search.levers[i];
      if (!meets(pulled.at_limit, search)) continue;
      searches.push_back({is_gradual(pulled.moves) ? 0 : way_parts - 1, way_parts, [i](int parts) {
        return Pulls{{i, part_of_way(parts)}};
      }, [&pulled](int parts) { pulled.enough = part_of_way(parts); }});
    }
    const bool one_is_enough = !searches.empty();
    if (search.helpful > 0 && meets(search.all, search)) {
      searches.push_back({0, way_parts, [&](int parts) {
        return first(search.helpful, part_of_way(parts));
      }, [&](int parts) { search.all_enough = part_of_way(parts); }});
      if (!one_is_enough) {
        searches.push_back({1, static_cast<int>(search.helpful), [&](int levers) {
          return first(static_cast<std::size_t>(levers), 1);
        }, [&](int levers) { search.fewest = static_cast<std::size_t>(levers); }});
      }
    }
    close(searches, make, search);
  }
  std::vector<Pulled> sorted;
  for (const std::size_t i : order) sorted.push_back(std::move(search.levers[i]));
  search.levers = std::move(sorted);
}

}  // namespace ohmlab::verdict
