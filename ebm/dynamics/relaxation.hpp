#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../network.hpp"
#include "../phase.hpp"

namespace ohmlab::ebm {

/// Each group of layers moves towards the minimum of the energy over its own states while the
/// others rest. The energy never rises.
struct RelaxationDynamics {
  static constexpr std::string_view name = "relaxation";
  static constexpr std::string_view summary =
      "Groups of uncoupled layers move, one after the other, towards the states in which the "
      "energy is least.";
  static constexpr std::string_view equation =
      "s_l <- s_l + step (s_l* - s_l), s_l* the minimum over the layer";
  static constexpr std::string_view source =
      "Scellier, Ernoult, Kendall & Kumar, Energy-based learning algorithms for analog computing, "
      "NeurIPS 2023 (asynchronous updates)";
  static constexpr std::array families{Family::hopfield, Family::resistive};
  static constexpr double numbers_of_unit = 1;
  double step = 1;
  static constexpr auto fields = core::Fields{
      core::field("step", &RelaxationDynamics::step, "",
                  core::Range{.low = 0, .high = 1, .low_open = true},
                  "share of the way to the layer's minimum that one sweep goes"),
  };

  /// Inputs from held layers are read once, before the first sweep; see `Network::KeptInputs`.
  /// \param free  one flag per layer
  void run(Network& network, const std::vector<bool>& free, const std::vector<Nudge>& nudges,
           std::int64_t sweeps, States& states) const {
    const Network::Settling settling = network.settling(free, states);
    for (std::int64_t k = 0; k < sweeps; ++k) sweep(network, settling, free, nudges, states);
  }

 private:
  void sweep(Network& network, const Network::Settling& settling, const std::vector<bool>& free,
             const std::vector<Nudge>& nudges, States& states) const {
    for (const auto& group : network.groups()) {
      for (const std::size_t layer : group) {
        if (!free[layer]) continue;
        Activity& at = states[layer];
        if (step == 1) {
          network.compute(layer, states, nudges[layer], settling, at);
          continue;
        }
        Activity to;
        network.compute(layer, states, nudges[layer], settling, to);
        at.mean += static_cast<float>(step) * (to.mean - at.mean);
        at.state = at.mean;
        const auto component = network.neurons(layer);
        network.edge().adds(component, 2 * static_cast<double>(at.mean.size()), edge_bits);
        network.edge().multiplies(component, static_cast<double>(at.mean.size()), edge_bits);
      }
    }
  }
};

}  // namespace ohmlab::ebm
