#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "candidates.hpp"
#include "improvement.hpp"
#include "runs.hpp"

/// Trials of levers: trainings with changed values, billed with changed prices.
namespace ohmlab::verdict {

/// Setting of one side that levers change, with one instance of it.
struct Changed {
  std::string side;
  Candidate setting;              ///< with the seed of the screening
  std::int64_t seed = 1;          ///< added to it for the instance
  const results::Result* result;  ///< of the instance
};

/// All that a trial needs besides its levers.
struct Trials {
  const FoundTask* task;
  const RunOptions* run;
  const cost::Prices* prices;
  cost::DrawOptions draws;
  double level = 0;                  ///< level of quality that is billed
  bool billed = true;                ///< false: the analog machine has no bill
  std::vector<Changed> sides;        ///< the analog side first, as in `groups`
  const std::vector<Group>* groups;  ///< all sides, then fixed runs, as they are
};

/// Levers that the analog setting has, or that change prices.
[[nodiscard]] std::vector<Pulled> levers_of(const Trials& trials);

/// What would have to improve, by the instance of `sides`. Runs lie in folders of `improve`.
/// \param search  goal and target
/// \throws core::WorldError, results::Interrupted
[[nodiscard]] Improvement improvement_of(const Trials& trials, Improvement search,
                                         results::Progress& progress);

}  // namespace ohmlab::verdict
