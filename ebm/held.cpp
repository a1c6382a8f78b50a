#include "held.hpp"

#include <cassert>

#include "wrong_labels.hpp"

namespace ohmlab::ebm {
namespace {

/// Holds a layer at its level of noise, and draws the next level, which its field points to.
void hold_noisy(Network& network, std::size_t layer, const core::ConstRows& examples,
                States& states) {
  const LayerPlan& plan = network.plan().layers[layer];
  if (plan.noise->level == 0) {
    states[layer].state = inputs_of(plan, examples);
  } else {  // where the field of the level before points to
    std::size_t before = layer;
    do --before;
    while (network.plan().layers[before].noise->level + 1 != plan.noise->level);
    states[layer].state = (states[before].field.array() > 0).cast<float>();
  }
  const core::Matrix next = flipped(network, layer, states[layer].state, plan.noise->flip);
  states[layer].field = static_cast<float>(plan.noise->field()) * (2 * next.array() - 1);
}

}  // namespace

core::Matrix flipped(Network& network, std::size_t layer, const core::Matrix& bits,
                     double probability) {
  core::Matrix draws(bits.rows(), bits.cols());
  network.draw(layer, {draws.data(), static_cast<std::size_t>(draws.size())});
  cost::Edge& edge = network.edge();
  const auto component = network.neurons(layer);
  const auto values = static_cast<double>(bits.size());
  edge.random_words(component, values, random_bits);
  edge.adds(component, values, random_bits);  // comparison with the probability
  edge.buffers(component, values, values, 1);
  return (draws.array() < static_cast<float>(probability)).select(1 - bits.array(), bits.array());
}

void hold_at(Network& network, std::size_t layer, const Phase& phase, const Examples& batch,
             States& states) {
  const LayerPlan& plan = network.plan().layers[layer];
  Activity& units = states[layer];
  if (plan.role == Role::label) {
    units.state = phase.wrong_labels ? wrong_labels(network, layer, batch, *phase.wrong_labels)
                                     : *batch.targets;
  } else if (plan.noise) {
    hold_noisy(network, layer, batch.inputs, states);
  } else {
    units.state = inputs_of(plan, batch.inputs);
  }
  units.mean = units.state;
}

}  // namespace ohmlab::ebm
