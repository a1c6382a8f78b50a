#include "predictive.hpp"

#include "../activation.hpp"
#include "../neuron/function.hpp"

namespace ohmlab::ebm {

/// W_l f(x_l-1) + b_l.
void PredictiveDynamics::predict(Network& network, std::size_t layer, const States& states,
                                 core::Matrix& to) {
  network.read(layer - 1, crossbar::Direction::to_cols, states[layer - 1].state, to);
  to.rowwise() += network.bias(layer);
  network.edge().adds(network.neurons(layer), static_cast<double>(to.size()), edge_bits);
}

/// Predictions from held layers are those of the forward pass.
void PredictiveDynamics::form_errors(Network& network, const std::vector<bool>& free,
                                     const std::vector<core::Matrix>& first, States& states) {
  core::Matrix moved;
  for (std::size_t l = 1; l < states.size(); ++l) {
    if (free[l - 1]) predict(network, l, states, moved);
    const core::Matrix& predicted = free[l - 1] ? moved : first[l];
    states[l].error = states[l].value - predicted;
    const auto values = static_cast<double>(predicted.size());
    network.edge().adds(network.neurons(l), values, edge_bits);
    network.edge().buffers(network.neurons(l), values + (free[l - 1] ? 0 : values), values,
                           edge_bits);
  }
}

void PredictiveDynamics::move(Network& network, const std::vector<bool>& free,
                              States& states) const {
  core::Matrix back;
  for (std::size_t l = 1; l < states.size(); ++l) {
    if (!free[l]) continue;
    Activity& units = states[l];
    core::Matrix change = -units.error;
    const auto component = network.neurons(l);
    const auto values = static_cast<double>(change.size());
    if (l + 1 < states.size()) {
      network.read(l, crossbar::Direction::to_rows, states[l + 1].error, back);
      const Activation activation = network.plan().layers[l].activation;
      const auto slopes =
          units.value.unaryExpr([&](float value) { return slope(activation, value); });
      change += back.cwiseProduct(slopes);
      network.edge().multiplies(component, values, edge_bits);
      network.edge().adds(component, values, edge_bits);
    }
    units.value += static_cast<float>(step) * change;
    network.edge().multiplies(component, values, edge_bits);
    network.edge().adds(component, values, edge_bits);
    FunctionNeuron::show(network.plan().layers[l], network.edge(), network.neurons(l), units);
  }
}

void PredictiveDynamics::run(Network& network, const std::vector<bool>& free,
                             const std::vector<Nudge>&, std::int64_t sweeps, States& states) const {
  std::vector<core::Matrix> first(states.size());
  if (states[0].value.size() > 0) {  // goes on
    for (std::size_t l = 1; l < states.size(); ++l) {
      if (!free[l - 1]) predict(network, l, states, first[l]);
    }
    form_errors(network, free, first, states);
  } else {
    begin(network, free, first, states);
  }
  for (std::int64_t k = 0; k < sweeps; ++k) {
    move(network, free, states);
    form_errors(network, free, first, states);
  }
}

void PredictiveDynamics::begin(Network& network, const std::vector<bool>& free,
                               std::vector<core::Matrix>& first, States& states) {
  for (std::size_t l = 0; l < states.size(); ++l) {
    Activity& units = states[l];
    if (l > 0) predict(network, l, states, first[l]);
    if (free[l]) {
      units.value = first[l];
      FunctionNeuron::show(network.plan().layers[l], network.edge(), network.neurons(l), units);
    } else {
      units.value = units.state;  // what an example says is held as it is
    }
    units.error.setZero(units.value.rows(), units.value.cols());
  }
  for (std::size_t l = 1; l < states.size(); ++l) {
    states[l].error = states[l].value - first[l];  // 0 in free layers
    if (!free[l])
      network.edge().adds(network.neurons(l), static_cast<double>(first[l].size()), edge_bits);
  }
}

}  // namespace ohmlab::ebm
