#include "to_quality.hpp"

#include <algorithm>
#include <cmath>
#include <string_view>
#include <utility>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "../../core/errors.hpp"
#include "../../core/suggest.hpp"

namespace ohmlab::results {
namespace {

/// \throws core::UserError if no direction is given and the first value is not finite
Toward direction(const Goal& goal, const Series& metric) {
  if (goal.toward) return *goal.toward;
  const double first = metric.values[0];
  if (!std::isfinite(first)) {
    throw core::UserError(
        {}, goal.metric, fmt::format("{}", first),
        "its first value does not tell which way it is to go: expected a direction");
  }
  return first <= goal.value ? Toward::up : Toward::down;
}

/// The machine that ran, as if stopped at an evaluation.
System stopped(const Result& result, std::size_t evaluation) {
  const auto found = std::find_if(result.systems.begin(), result.systems.end(),
                                  [&](const System& s) { return s.name == result.history.system; });
  System out = *found;
  out.tally = result.history.done[evaluation];
  const double at = result.axis.values[evaluation], end = result.axis.values.back();
  for (double* passes : {&out.examples, &out.tokens}) *passes = end > 0 ? *passes * at / end : 0;
  return out;
}

/// True if `a` is farther than `b` in a direction.
bool nearer(Toward toward, double a, double b) { return toward == Toward::up ? a > b : a < b; }

bool at_goal(double value, const Goal& goal, Toward toward) {
  return value == goal.value || nearer(toward, value, goal.value);
}

}  // namespace

const Series& metric_of(const Result& result, const std::string& name) {
  std::vector<std::string_view> known;
  for (const Series& series : result.metrics) {
    if (series.name == name) return series;
    known.push_back(series.name);
  }
  if (known.empty()) {
    throw core::UserError({}, "metrics", "",
                          "none are stored: this experiment is not evaluated on the way");
  }
  throw core::UserError({}, name, "",
                        fmt::format("no such metric{}; there are {}",
                                    core::did_you_mean(name, known), fmt::join(known, ", ")));
}

bool came_to(const Series& metric, const Goal& goal) {
  return at_goal(metric.values.back(), goal, direction(goal, metric));
}

Approach approach(const Result& result, const Goal& goal) {
  const Series& metric = metric_of(result, goal.metric);
  if (result.history.done.empty()) {
    throw core::UserError({}, "history", "",
                          fmt::format("what had been done at each {} is not stored: only "
                                      "experiments that train a model keep it",
                                      result.axis.name));
  }
  Approach out;
  out.goal = goal;
  out.toward = direction(goal, metric);
  out.unit = metric.unit;
  out.axis = result.axis.name;
  const auto there = [&](double value) { return at_goal(value, goal, out.toward); };
  const auto sight = [&](std::size_t i) { return Sight{result.axis.values[i], metric.values[i]}; };
  std::size_t best = 0;
  for (std::size_t i = 0; i < metric.values.size(); ++i) {
    const double value = metric.values[i];
    if (i == 0 || std::isnan(metric.values[best]) || nearer(out.toward, value, metric.values[best]))
      best = i;
    out.reached = there(value);
    if (out.reached) break;
  }
  for (std::size_t i = metric.values.size(); i-- > 0 && there(metric.values[i]);)
    out.stays = sight(i);
  out.sight = sight(best);
  out.first = sight(0);
  out.last = sight(metric.values.size() - 1);
  out.system = stopped(result, best);
  if (out.reached && best > 0) {
    out.before = sight(best - 1);
    out.system_before = stopped(result, best - 1);
  }
  for (const System& system : result.systems) {
    if (system.name != out.system.name) out.unknown.push_back(system.title);
  }
  return out;
}

QualityBill bill_to(Approach approach, cost::Pricer& pricer) {
  QualityBill out;
  if (approach.reached) {
    out.bills = price({approach.system}, pricer);
    if (approach.system_before) out.bills_before = price({*approach.system_before}, pricer);
  }
  out.approach = std::move(approach);
  return out;
}

std::vector<std::vector<PricedSystem>> bills_along(const Result& result, cost::Pricer& pricer) {
  std::vector<std::vector<PricedSystem>> out;
  for (std::size_t i = 0; i < result.history.done.size(); ++i)
    out.push_back(price({stopped(result, i)}, pricer));
  return out;
}

}  // namespace ohmlab::results
