#include "outliers.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "windows.hpp"

namespace ohmlab::fitting {
namespace {

constexpr std::size_t fewest_ramps = 8;
constexpr double per_deviation = 1.4826;  // standard deviation over median deviation, normal law

double median(std::vector<double> values) { return nearest_quantile(std::move(values), 0.5); }

double deviation(const std::vector<double>& values, double middle) {
  std::vector<double> off;
  for (const double x : values) off.push_back(std::abs(x - middle));
  return per_deviation * median(off);
}

/// What a ramp shows beside its filter: median size of its scores, and the factor of its steps.
struct Look {
  Ramp* ramp;
  double scatter;
  StepFactor factor;
};

Look look_at(Ramp& ramp, const FittedLaw& pilot) {
  const Trace trace = follow(*pilot.law, ramp, pilot.reads);
  std::vector<double> sizes;
  for (std::size_t k = 0; k < ramp.reads.size(); ++k)
    if (trace.deviation[k] > 0) sizes.push_back(std::abs(trace.score(ramp, k)));
  return {&ramp, sizes.empty() ? 0 : per_deviation * median(sizes), step_factor(pilot, ramp)};
}

std::vector<std::string> mark(std::vector<Look>& looks) {
  std::vector<std::string> out;
  if (looks.size() < fewest_ramps) return out;
  std::vector<double> factors, scatters, errors;
  for (const Look& look : looks) {
    factors.push_back(look.factor.value);
    errors.push_back(look.factor.error);
    scatters.push_back(look.scatter);
  }
  const double factor = median(factors), scatter = median(scatters);
  const double usual = deviation(factors, factor);
  for (Look& look : looks) {
    const double allowed = 6 * std::hypot(usual, look.factor.error) + 0.05 * factor;
    std::string reason;
    if (std::abs(look.factor.value - factor) > allowed)
      reason =
          fmt::format("its steps are {:.2g} times those of the others", look.factor.value / factor);
    if (look.scatter > 3 * scatter)
      reason = fmt::format("its noise is {:.2g} times that of the others", look.scatter / scatter);
    if (reason.empty()) continue;
    look.ramp->excluded = true;
    out.push_back(fmt::format("{} ({})", look.ramp->name, reason));
  }
  return out;
}

}  // namespace

std::vector<std::string> mark_outliers(Measurement& data, const FittedLaw& pilot) {
  std::vector<Look> ups, others;
  for (Ramp& ramp : data.ramps)
    (ramp.direction() > 0 ? ups : others).push_back(look_at(ramp, pilot));
  std::vector<std::string> out = mark(ups);
  for (std::string& name : mark(others)) out.push_back(std::move(name));
  if (3 * out.size() > data.ramps.size()) {  // then they are no outliers
    for (Ramp& ramp : data.ramps) ramp.excluded = false;
    out.clear();
  }
  return out;
}

Population ramp_factors(const std::vector<const Ramp*>& ramps, const FittedLaw& law) {
  std::vector<double> values, errors;
  for (const Ramp* ramp : ramps) {
    const StepFactor found = step_factor(law, *ramp);
    if (found.error <= 0 || found.error > 10) continue;
    values.push_back(found.value);
    errors.push_back(found.error);
  }
  return values.size() < 3 ? Population{} : population_of(values, errors);
}

}  // namespace ohmlab::fitting
