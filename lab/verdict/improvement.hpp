#pragma once

#include <cstddef>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "billing.hpp"
#include "lever.hpp"

/// What would have to improve for another answer, and by how much.
namespace ohmlab::verdict {

/// A lever at a share of its way.
struct Pull {
  std::size_t lever = 0;
  double share = 1;
};
using Pulls = std::vector<Pull>;

/// One instance trained with some levers pulled.
struct Trial {
  double best = 0;       ///< best quality on the test examples
  bool arrives = false;  ///< it reaches the compared level
  std::string failed;    ///< reason why it could not be trained or billed, or ""
  /// Beside the cheapest digital machine by each measure, and the title of that machine
  ByMeasure<std::optional<Versus>> against;
  ByMeasure<std::string> rival;
};

/// The aim of the search.
enum class Goal {
  cost,    ///< to pay less than the cheapest digital machine at the compared level
  quality  ///< to learn nearly as well as exact arithmetic
};

/// A lever that this device and setting have.
struct Pulled {
  Lever lever;
  std::vector<Move> moves;       ///< values of the analog machine
  Trial at_limit;                ///< it alone, at its limit
  std::optional<double> enough;  ///< least share of its way that meets the goal alone
};

struct Improvement {
  Goal goal = Goal::cost;
  Measure measure = Measure::node;  ///< of the goal of cost
  double target = 0;                ///< of the goal of quality
  std::string setting;              ///< setting that is changed
  Trial now;                        ///< the same instance without any change
  double level = 0;                 ///< level of quality at which trials are billed
  std::vector<Pulled> levers;       ///< the one that helps most first
  std::size_t helpful = 0;          ///< number of levers, from the first, that help alone
  Trial all;                        ///< these together at their limits; none if there are none
  /// Least share of the way of all helpful levers that meets the goal
  std::optional<double> all_enough;
  /// Number of levers, from the first, that together meet the goal at their limits; none may
  std::optional<std::size_t> fewest;
  std::size_t trials = 0;  ///< number of trials that were made
};

/// Number by which trials are ranked: quality, or the factor by which the digital machine pays
/// more; without a bill at the level the quality alone, far below all factors.
[[nodiscard]] double score(const Trial& trial, Goal goal, Measure measure);

/// True if a trial meets the goal.
[[nodiscard]] bool meets(const Trial& trial, const Improvement& search);

/// Makes trials, all that are asked for at once.
using MakeTrials = std::function<std::vector<Trial>(const std::vector<Pulls>&)>;

/// Shares of a way are found to this fraction.
inline constexpr int way_parts = 8;

/// Tries each lever alone at its limit, then all that help alone together. Bisects the way of each
/// lever that meets the goal alone, the common way of all helpful ones, and, where none meets it
/// alone, the number of levers in the order of their effect. Bisection takes for granted that more
/// of a change is no worse.
/// \param search  goal, `now` and levers with their moves; completed here
void find_improvements(const MakeTrials& make, Improvement& search);

}  // namespace ohmlab::verdict
