#pragma once

#include <optional>
#include <string>
#include <vector>

#include "priced.hpp"
#include "result.hpp"

namespace ohmlab::results {

enum class Toward { up, down };

/// What a metric is to come to.
struct Goal {
  std::string metric;
  double value = 0;              ///< in the unit of the metric
  std::optional<Toward> toward;  ///< away from the first value towards `value` unless given
};

/// One evaluation of a metric.
struct Sight {
  double at = 0;  ///< on the axis of the run, e.g. its epoch
  double value = 0;
};

/// How the machine that ran came to a goal. Between evaluations nothing is known and nothing is
/// interpolated: it was there at `sight` and not yet at `before`.
struct Approach {
  Goal goal;
  Toward toward = Toward::up;
  std::string unit;  ///< of the metric
  std::string axis;  ///< "epoch", "update"
  bool reached = false;
  Sight sight;  ///< the first evaluation at the goal or beyond it; else the one that came nearest
  std::optional<Sight>
      before;  ///< the evaluation before that; nothing if it was there at the first one
  std::optional<Sight>
      stays;          ///< the evaluation from which on it was there until the end of the run
  Sight first, last;  ///< of the whole run
  System system;      ///< with what it had done by `sight`
  std::optional<System> system_before;  ///< with what it had done by `before`
  /// Systems of the result that were counted and not run: nobody knows their quality, at no number
  /// of epochs.
  std::vector<std::string> unknown;
};

/// The metric of a result that has this name. \throws core::UserError naming those that there are
[[nodiscard]] const Series& metric_of(const Result& result, const std::string& name);

/// Whether the last value of a metric is at the goal or beyond it.
/// \throws core::UserError if its first value does not tell which way it is to go
[[nodiscard]] bool came_to(const Series& metric, const Goal& goal);

/// Where a stored training comes to a goal.
/// \throws core::UserError if the result has no such metric, or not what had been done at its
/// evaluations
[[nodiscard]] Approach approach(const Result& result, const Goal& goal);

/// What it costs to come to a goal.
struct QualityBill {
  Approach approach;
  std::vector<PricedSystem> bills;  ///< to `sight`, at each place; none if the goal is not reached
  std::vector<PricedSystem> bills_before;  ///< to `before`, at the same places
};

/// Bills the machine that ran, and only that.
/// \throws core::UserError as price
[[nodiscard]] QualityBill bill_to(Approach approach, cost::Pricer& pricer);

}  // namespace ohmlab::results
