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

/// A scored run, with hours predicted by steps and by operations over the peak, without any factor.
struct ScoredRun {
  std::string name, family, accelerator;
  double hours = 0;         ///< published accelerator-hours
  double model_hours = 0;   ///< hours predicted by steps alone
  double peak_hours = 0;    ///< hours of 6 N D over the peak
  double mfu = 0, hfu = 0;  ///< predicted utilisations
};
[[nodiscard]] std::vector<ScoredRun> scored_runs(const PublishedRuns& runs,
                                                 const scale::Efficiency& efficiency);

/// Median of ln(hours / predicted) over the runs of other families.
[[nodiscard]] std::vector<double> left_out_factors(const std::vector<ScoredRun>& runs,
                                                   double ScoredRun::* predicted);

/// All gates of training at scale: step times, accelerator-hours, node power.
[[nodiscard]] Validation validate_training(const TrainingRecords& records);

}  // namespace ohmlab::validation
