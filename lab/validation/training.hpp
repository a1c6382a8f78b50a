#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "../../transformer/scale/training_step.hpp"
#include "training_records.hpp"
#include "validation.hpp"

namespace ohmlab::validation {

/// Fits the constants `ceiling` and `link` by least squares of ln(predicted / measured) over these
/// points; all others as in `start`.
[[nodiscard]] scale::Efficiency fit_efficiency(const cost::Accelerator& accelerator,
                                               const std::vector<StepPoint>& points,
                                               const scale::Efficiency& start);

/// The plan of a run or record: the published one, or the fastest that fits.
[[nodiscard]] scale::TrainingPlan plan_of(const scale::ModelShape& model,
                                          const cost::Accelerator& accelerator,
                                          std::int64_t accelerators, std::int64_t batch,
                                          const std::optional<scale::TrainingPlan>& published,
                                          const scale::Efficiency& efficiency);

/// True if the whole plan of a run is published, so that none is searched for.
[[nodiscard]] bool is_planned(const std::optional<scale::TrainingPlan>& published,
                              std::int64_t accelerators);

/// A scored run, with hours predicted by steps and by operations over the peak, without any factor.
struct ScoredRun {
  std::string name, family, accelerator;
  bool planned = false;    ///< its whole plan is published
  bool step = false;       ///< hours of one step, no lost time
  double hours = 0;        ///< published accelerator-hours
  double model_hours = 0;  ///< hours predicted by steps alone
  double peak_hours = 0;   ///< hours of 6 N D over the peak
  double mfu = 0;          ///< predicted utilisation

  /// Both predictions in one, at a utilisation of 1.
  [[nodiscard]] double blended_hours() const;
};
[[nodiscard]] std::vector<ScoredRun> scored_runs(const PublishedRuns& runs,
                                                 const scale::Efficiency& efficiency);

/// All gates of training at scale: step times, accelerator-hours, node power.
[[nodiscard]] Validation validate_training(const TrainingRecords& records);

}  // namespace ohmlab::validation
