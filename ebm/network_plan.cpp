#include "network_plan.hpp"

#include <algorithm>

namespace ohmlab::ebm {

std::vector<std::vector<std::size_t>> groups_of(const NetworkPlan& plan) {
  const auto coupled = [&](std::size_t a, std::size_t b) {
    return std::any_of(plan.couplings.begin(), plan.couplings.end(), [&](const CouplingPlan& c) {
      return (c.rows == a && c.cols == b) || (c.rows == b && c.cols == a);
    });
  };
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t layer = 0; layer < plan.layers.size(); ++layer) {
    const auto open =
        std::find_if(groups.begin(), groups.end(), [&](const std::vector<std::size_t>& group) {
      return std::none_of(group.begin(), group.end(),
                          [&](std::size_t other) { return coupled(layer, other); });
    });
    if (open == groups.end()) {
      groups.push_back({layer});
    } else {
      open->push_back(layer);
    }
  }
  return groups;
}

core::Matrix inputs_of(const LayerPlan& layer, const core::ConstRows& examples) {
  core::Matrix out = examples;
  if (!layer.columns.empty()) {
    out.resize(examples.rows(), static_cast<core::Index>(layer.columns.size()));
    for (core::Index i = 0; i < out.cols(); ++i)
      out.col(i) = examples.col(layer.columns[static_cast<std::size_t>(i)]);
  }
  if (layer.gain != 1) out *= static_cast<float>(layer.gain);
  if (!layer.mirrored) return out;
  core::Matrix both(out.rows(), 2 * out.cols());
  both << out, -out;
  return both;
}

double parameters_of(const NetworkPlan& plan) {
  double sum = 0;
  for (const CouplingPlan& coupling : plan.couplings) {
    const auto cells =
        static_cast<double>(plan.layers[coupling.rows].units * plan.layers[coupling.cols].units);
    sum += coupling.edges.size() > 0 ? static_cast<double>(coupling.edges.sum()) : cells;
  }
  for (const LayerPlan& layer : plan.layers) sum += static_cast<double>(layer.units);
  return sum;
}

}  // namespace ohmlab::ebm
