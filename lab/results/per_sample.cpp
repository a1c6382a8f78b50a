#include "per_sample.hpp"

#include <algorithm>

namespace ohmlab::results {
namespace {

std::optional<double> figure(const Result& result, std::string_view name) {
  const auto found = std::find_if(result.quality.begin(), result.quality.end(),
                                  [&](const Quantity& q) { return q.name == name; });
  if (found == result.quality.end()) return std::nullopt;
  return found->value;
}

}  // namespace

std::optional<double> effective_samples(const Result& result) {
  const std::optional<double> samples = figure(result, sample_figures[0]);
  return samples && *samples > 0 ? samples : std::nullopt;
}

bool accused(const Result& result) { return figure(result, sample_figures[1]).value_or(0) > 0; }

cost::Band per_sample(const cost::Draws& joules, double samples) {
  cost::Band out = joules.band();
  for (double* x : {&out.nominal, &out.p05, &out.p95}) *x /= samples;
  return out;
}

}  // namespace ohmlab::results
