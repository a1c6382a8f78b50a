#include "forward.hpp"

#include <cassert>
#include <cmath>

#include "../neuron/function.hpp"

namespace ohmlab::ebm {

void ForwardDynamics::feed(Network& network, std::size_t layer, const States& states,
                           core::Matrix& fields) {
  const NetworkPlan& plan = network.plan();
  cost::Edge& edge = network.edge();
  const auto component = network.neurons(layer);
  bool first = true;
  core::Matrix more;
  for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
    if (plan.couplings[c].cols != layer) continue;
    core::Matrix& to = first ? fields : more;
    network.read(c, crossbar::Direction::to_cols, states[plan.couplings[c].rows].state, to);
    if (!first) {
      fields += more;
      edge.adds(component, static_cast<double>(more.size()), edge_bits);
    }
    first = false;
  }
  assert(!first);
  fields.rowwise() += network.bias(layer);
  edge.adds(component, static_cast<double>(fields.size()), edge_bits);
}

core::Vector ForwardDynamics::pass(Network& network, std::size_t layer, Activity& units) {
  cost::Edge& edge = network.edge();
  const auto component = network.neurons(layer);
  FunctionNeuron::show(network.plan().layers[layer], edge, component, units);
  core::Vector lengths(units.state.rows());
  for (core::Index row = 0; row < lengths.size(); ++row) {
    auto activities = units.state.row(row);
    lengths[row] = activities.norm();
    if (lengths[row] > 0) activities /= lengths[row];
  }
  units.mean = units.state;
  const auto values = static_cast<double>(units.state.size());
  const auto examples = static_cast<double>(lengths.size());
  edge.multiplies(component, 2 * values, edge_bits);  // squares, products with 1/|h|
  edge.adds(component, values, edge_bits);            // their sum
  edge.sigmoids(component, examples);                 // a table of reciprocal roots
  edge.buffers(component, 2 * values, values, edge_bits);
  return lengths;
}

void ForwardDynamics::run(Network& network, const std::vector<bool>& free,
                          const std::vector<Nudge>&, std::int64_t, States& states) const {
  for (std::size_t l = 0; l < states.size(); ++l) {
    if (!free[l]) continue;
    const LayerPlan& layer = network.plan().layers[l];
    assert(layer.goodness);
    Activity& units = states[l];
    feed(network, l, states, units.value);
    const core::Vector lengths = pass(network, l, units);
    const auto width = static_cast<double>(layer.units);
    units.positive.resize(lengths.size());
    for (core::Index row = 0; row < lengths.size(); ++row) {
      const double squares = std::pow(static_cast<double>(lengths[row]), 2);
      units.positive[row] =
          static_cast<float>(layer.goodness->positive((*layer.goodness)(squares, width)));
    }
    units.gain = static_cast<float>(layer.goodness->slope(width)) * lengths;
    const auto component = network.neurons(l);
    const auto examples = static_cast<double>(lengths.size());
    network.edge().adds(component, 2 * examples, edge_bits);  // threshold, 1 - p
    network.edge().sigmoids(component, examples);
    // Product of both scalars, and of every activity with it when it is written.
    network.edge().multiplies(component, examples + static_cast<double>(units.state.size()),
                              edge_bits);
  }
}

}  // namespace ohmlab::ebm
