#pragma once

#include <optional>
#include <string>
#include <vector>

#include "priced.hpp"
#include "result.hpp"

namespace ohmlab::results {

enum class Toward { up, down };

/// Target of a metric.
struct Goal {
  std::string metric;
  double value = 0;              ///< in the unit of the metric
  std::optional<Toward> toward;  ///< by default from the first value towards `value`
};

/// One evaluation of a metric.
struct Sight {
  double at = 0;  ///< place on the axis of the run, e.g. its epoch
  double value = 0;
};

/// Way of the machine that ran to a goal. Nothing is interpolated between evaluations: the goal is
/// reached at `sight` and not yet at `before`.
struct Approach {
  Goal goal;
  Toward toward = Toward::up;
  std::string unit;  ///< unit of the metric
  std::string axis;  ///< axis of the run: "epoch" or "update"
  bool reached = false;
  Sight sight;  ///< first evaluation at or beyond the goal; if not reached, the nearest one
  /// Evaluation before `sight`; none if the goal is reached at the first one, or never
  std::optional<Sight> before;
  /// First evaluation from which the goal holds until the end of the run
  std::optional<Sight> stays;
  Sight first, last;                    ///< first and last evaluation of the run
  System system;                        ///< the machine with its tally at `sight`
  std::optional<System> system_before;  ///< the machine with its tally at `before`
  /// Titles of systems that were only counted: their quality is unknown.
  std::vector<std::string> unknown;
};

/// Metric of a result by name. \throws core::UserError listing the metrics if it is unknown
[[nodiscard]] const Series& metric_of(const Result& result, const std::string& name);

/// True if the last value of a metric is at the goal or beyond it.
/// \throws core::UserError if no direction is given and the first value is not finite
[[nodiscard]] bool came_to(const Series& metric, const Goal& goal);

/// Approach of a stored training to a goal.
/// \throws core::UserError if the result lacks the metric or its history
[[nodiscard]] Approach approach(const Result& result, const Goal& goal);

/// Cost to reach a goal.
struct QualityBill {
  Approach approach;
  std::vector<PricedSystem> bills;  ///< bills up to `sight`, at each place; none if not reached
  std::vector<PricedSystem> bills_before;  ///< bills up to `before`, at the same places
};

/// Bills the machine that ran, and no other.
/// \throws core::UserError as `price` does
[[nodiscard]] QualityBill bill_to(Approach approach, cost::Pricer& pricer);

/// Bills of the machine that ran up to each evaluation, at each place. Empty without a history.
/// \throws core::UserError as `price` does
[[nodiscard]] std::vector<std::vector<PricedSystem>> bills_along(const Result& result,
                                                                 cost::Pricer& pricer);

}  // namespace ohmlab::results
