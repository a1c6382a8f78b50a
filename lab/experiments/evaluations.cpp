#include "evaluations.hpp"

#include <cstddef>
#include <utility>

#include <fmt/format.h>

#include "../results/to_quality.hpp"

namespace ohmlab::experiments {

void Evaluations::add(const std::vector<results::Quantity>& figures, std::int64_t epoch) {
  result_.axis.values.push_back(static_cast<double>(epoch));
  if (result_.metrics.empty()) {
    for (const results::Quantity& q : figures)
      result_.metrics.push_back({q.name, {}, q.unit, q.meaning});
  }
  for (std::size_t i = 0; i < figures.size(); ++i)
    result_.metrics[i].values.push_back(figures[i].value);
  snapshots_.take(tally_);
}

std::vector<results::Quantity> Evaluations::newest() const {
  std::vector<results::Quantity> out;
  for (const results::Series& series : result_.metrics)
    out.push_back({series.name, series.values.back(), series.unit, series.meaning});
  return out;
}

std::string Evaluations::note(std::int64_t epoch) const {
  if (result_.metrics.empty()) return "";
  const results::Series& first = result_.metrics[0];
  const std::string figure =
      fmt::format("{} {:.3f} {}", first.name, first.values.back(), first.unit);
  const auto of = static_cast<std::int64_t>(result_.axis.values.back());
  return of == epoch ? figure : fmt::format("{} at epoch {}", figure, of);
}

bool Evaluations::came_to(const std::optional<ebm::Until>& until) const {
  if (!until) return false;
  const results::Series& metric = results::metric_of(result_, until->metric);
  return results::came_to(metric, {until->metric, until->value, {}});
}

void Evaluations::state(core::Archive& archive) {
  {
    const core::Archive::Part part(archive, "metrics");
    archive.item(result_.axis.name, result_.axis.values);
    for (results::Series& series : result_.metrics) archive.item(series.name, series.values);
  }
  snapshots_.state(archive, tally_);
}

results::History Evaluations::history(std::string system) const {
  return snapshots_.of(std::move(system), tally_);
}

}  // namespace ohmlab::experiments
