#pragma once

#include <memory>
#include <utility>

#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/crossbar/ideal_array.hpp"
#include "ohmlab/ebm/network.hpp"
#include "ohmlab/ebm/rbm_parameters.hpp"
#include "ohmlab/ebm/trainer.hpp"

namespace ohmlab::tests {

/// Makes arrays of one kind.
template <class Array, class... Arguments>
ebm::Network::MakeArray arrays_of(const Arguments&... arguments) {
  return [=](core::Index rows, core::Index cols, const crossbar::ArrayContext& context) {
    return std::make_unique<Array>(arguments..., rows, cols, context);
  };
}
inline ebm::Network::MakeArray ideal_arrays() { return arrays_of<crossbar::IdealArray>(); }

/// A restricted Boltzmann machine at work.
inline ebm::Network rbm_network(core::Index visible, core::Index hidden, const ebm::Neuron& neuron,
                                std::uint64_t seed, cost::Tally& tally,
                                const ebm::Network::MakeArray& make = ideal_arrays()) {
  return {{{{"visible", visible, ebm::Role::input, {}}, {"hidden", hidden, ebm::Role::hidden, {}}},
           {{"weights", 0, 1, 0.01, {}}}},
          neuron,
          seed,
          tally,
          make};
}

/// Gives a network the parameters of a machine.
inline void set(ebm::Network& network, const ebm::RbmParameters& rbm) {
  network.weights().program(rbm.weights.cast<float>());
  network.bias(0) = rbm.visible_bias.cast<float>();
  network.bias(1) = rbm.hidden_bias.cast<float>();
}
inline void set(ebm::Network& network, const ebm::Parameters& parameters) {
  for (std::size_t c = 0; c < parameters.weights.size(); ++c)
    network.weights(c).program(parameters.weights[c].cast<float>());
  for (std::size_t l = 0; l < parameters.biases.size(); ++l)
    network.bias(l) = parameters.biases[l].cast<float>();
}

/// A trainer of a rule with block Gibbs sampling.
inline ebm::Trainer trainer(ebm::Network& network, const ebm::Rule& rule,
                            const ebm::Training& training) {
  return {network, rule.recipe(), {}, training};
}

/// One update on examples without labels.
inline void step(ebm::Trainer& trainer, const core::Matrix& data, double factor = 1) {
  trainer.step({data}, factor);
}

}  // namespace ohmlab::tests
