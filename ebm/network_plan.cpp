#include "network_plan.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "../core/errors.hpp"

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

namespace {

/// Cells of a coupling with one at every crossing.
double cells_of(const NetworkPlan& plan, const CouplingPlan& coupling) {
  return static_cast<double>(plan.layers[coupling.rows].units) *
         static_cast<double>(plan.layers[coupling.cols].units);
}

}  // namespace

double weights_of(const NetworkPlan& plan, const CouplingPlan& coupling) {
  if (coupling.crossings) return static_cast<double>(coupling.crossings->size());
  if (coupling.edges.size() > 0) return static_cast<double>(coupling.edges.sum());
  return cells_of(plan, coupling);
}

void restrict_to(const std::vector<std::pair<core::Index, core::Index>>& at, bool listed,
                 const NetworkPlan& plan, CouplingPlan& coupling) {
  constexpr double most_share = 0.25;
  const core::Index rows = plan.layers[coupling.rows].units,
                    cols = plan.layers[coupling.cols].units;
  if (static_cast<double>(at.size()) <= most_share * cells_of(plan, coupling)) {
    coupling.crossings =
        std::make_shared<crossbar::Crossings>(crossbar::Crossings::of(rows, cols, at, listed));
    return;
  }
  coupling.edges = core::Matrix::Zero(rows, cols);
  for (const auto& [i, j] : at) coupling.edges(i, j) = 1;
}

void widen(const NetworkPlan& plan, CouplingPlan& coupling) {
  if (!coupling.crossings) return;
  if (cells_of(plan, coupling) > most_cells) {
    throw core::UserError(
        {}, "array",
        fmt::format("{} x {} cells for \"{}\"", coupling.crossings->rows, coupling.crossings->cols,
                    coupling.name),
        fmt::format("an array has a cell at every crossing: expected at most {:.3g} cells, or "
                    "array = \"ideal\", which keeps the weights of edges alone",
                    most_cells));
  }
  coupling.edges = coupling.crossings->dense();
  coupling.crossings.reset();
}

double parameters_of(const NetworkPlan& plan) {
  double sum = 0;
  for (const CouplingPlan& coupling : plan.couplings) sum += weights_of(plan, coupling);
  for (const LayerPlan& layer : plan.layers) sum += static_cast<double>(layer.units);
  return sum;
}

}  // namespace ohmlab::ebm
