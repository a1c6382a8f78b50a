#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "../../cost/prices.hpp"
#include "billing.hpp"
#include "candidates.hpp"
#include "improvement.hpp"
#include "runs.hpp"

/// With this device, would analog training beat digital training at equal quality?
namespace ohmlab::verdict {

/// Best quality of a setting by instance.
struct Reach {
  std::string setting;
  std::vector<double> best;  ///< on the test examples, one per instance
};

/// Effect of one property of the device, on the validation examples.
struct Cause {
  std::string removed;
  double best = 0;  ///< best quality without it
  double gain = 0;  ///< above the best quality with it
};

/// The answer.
struct Verdict {
  std::string device, task, title;  ///< as typed; title of the task
  std::string metric, unit, axis;   ///< of quality, e.g. "nat"; "epoch"
  std::string prices, prices_file;
  std::vector<Reach> analog;         ///< settings that went on, the best on validation first
  Reach ideal;                       ///< the same model by exact arithmetic, its best setting
  double untrained = 0;              ///< quality of the ideal machine before it learns
  std::size_t tried = 0;             ///< analog settings that were tried
  std::vector<std::string> refused;  ///< analog ways that cannot be built or run, with reasons
  std::string unpriced;              ///< reason why the analog machine has no bill, or ""
  std::optional<double> level;       ///< highest level that most analog instances reach
  std::vector<Rung> rungs;           ///< all levels, lowest first
  double validated = 0;              ///< best quality of the best analog setting on validation
  std::vector<Cause> causes;         ///< largest gain first
  /// What would have to improve; nothing if the task has no levers
  std::optional<Improvement> improvement;
  std::int64_t draws = 0;
};

/// The rung of the level that is compared, or nullptr.
[[nodiscard]] const Rung* compared_rung(const Verdict& verdict);

struct Options {
  RunOptions run;
  cost::DrawOptions draws;
  /// Gets one line on the number of runs and their time before the first of them starts
  std::function<void(const std::string&)> announce;
};

/// Trains, chooses, trains again, bills and compares; then tries what would have to improve. Goes
/// on where an earlier call was stopped; says first how long it will take.
/// \throws core::UserError, core::WorldError, results::Interrupted
[[nodiscard]] Verdict judge(const Question& question, const Options& options,
                            const cost::Prices& prices, results::Progress& progress);

}  // namespace ohmlab::verdict
