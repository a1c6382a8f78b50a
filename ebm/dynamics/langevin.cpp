#include "langevin.hpp"

#include <cmath>

#include "../../core/rng.hpp"
#include "../normals.hpp"

namespace ohmlab::ebm {

void LangevinDynamics::move(Network& network, std::size_t layer, States& states) const {
  const NetworkPlan& plan = network.plan();
  Activity& units = states[layer];
  core::Matrix& mean = units.mean;
  mean = network.bias(layer).replicate(units.state.rows(), 1);
  core::Matrix more;
  const auto component = network.neurons(layer);
  const auto values = static_cast<double>(mean.size());
  cost::Edge& edge = network.edge();
  for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
    const CouplingPlan& coupling = plan.couplings[c];
    if (coupling.rows != layer && coupling.cols != layer) continue;
    const bool forward = coupling.cols == layer;
    const Activity& other = states[forward ? coupling.rows : coupling.cols];
    network.read(c, forward ? crossbar::Direction::to_cols : crossbar::Direction::to_rows,
                 drift == DriftBy::means ? other.mean : other.state, more);
    mean += more;
    edge.adds(component, values, edge_bits);
  }
  core::Matrix noise(mean.rows(), mean.cols());
  core::fill_normal(core::stream(network.seed(), core::StreamId::thermal_noise,
                                 static_cast<std::uint32_t>(layer)),
                    network.new_operation(), 0,
                    {noise.data(), static_cast<std::size_t>(noise.size())});
  const auto share = static_cast<float>(step), spread = static_cast<float>(std::sqrt(2 * step));
  units.state += share * (mean - units.state) + spread * noise;
  post_normals(edge, component, values);
  edge.multiplies(component, 2 * values, edge_bits);  // share and spread
  edge.adds(component, 3 * values, edge_bits);        // difference, drift, noise
  edge.buffers(component, values, values, edge_bits);
}

void LangevinDynamics::run(Network& network, const std::vector<bool>& free,
                           const std::vector<Nudge>& nudges, std::int64_t sweeps,
                           States& states) const {
  const std::vector<LayerPlan>& layers = network.plan().layers;
  const auto moves = [&](std::size_t l) { return layers[l].law.is<GaussianUnits>(); };
  bool any = false;
  for (std::size_t l = 0; l < layers.size(); ++l) any = any || (free[l] && moves(l));
  const auto draw_others = [&] {
    for (const auto& group : network.groups()) {
      for (const std::size_t l : group) {
        if (free[l] && !moves(l)) network.compute(l, states, nudges[l], states[l]);
      }
    }
  };
  if (any && drift == DriftBy::means) draw_others();
  for (std::int64_t k = 0; k < sweeps; ++k) {
    for (std::size_t l = 0; l < layers.size(); ++l) {
      if (free[l] && moves(l)) move(network, l, states);
    }
    draw_others();
  }
}

}  // namespace ohmlab::ebm
