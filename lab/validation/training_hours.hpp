#pragma once

#include <functional>
#include <vector>

#include "scores.hpp"
#include "training.hpp"

namespace ohmlab::validation {

/// Hours of a run by some method, without any factor.
using Hours = std::function<double(const ScoredRun&)>;

/// Runs that a run's factor is taken from: any, or those alone whose plan is published as its own
/// is, or not.
enum class Pool { all, same_plan };

/// Median of ln(hours / predicted) over runs of other families, for each run. A pool without any
/// is taken from all.
[[nodiscard]] std::vector<double> left_out_factors(const std::vector<ScoredRun>& runs,
                                                   const Hours& predicted, Pool pool);

/// The band of real over blended hours, by runs whose plan is published or those without:
/// the median, and by Student's t of the scatter of its logarithm a new run's 5th and 95th
/// percentile.
/// \param utilisation  the constant
[[nodiscard]] Prediction misfit_of(const std::vector<ScoredRun>& runs, bool planned,
                                   double utilisation);

/// Utilisation in the middle of all runs: 6 N D over peak and hours.
[[nodiscard]] double middle_utilisation(const std::vector<ScoredRun>& runs);

/// Adds accelerator-hours of published runs with their predictions.
void add_hours(const PublishedRuns& published, const std::vector<ScoredRun>& runs, Validation& out);

}  // namespace ohmlab::validation
