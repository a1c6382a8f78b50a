#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "../network.hpp"
#include "../phase.hpp"

namespace ohmlab::ebm {

/// Uncoupled layers draw their states at once, group after group. A sweep leaves the Boltzmann law
/// of the network unchanged if units follow its conditionals.
struct GibbsDynamics {
  static constexpr std::string_view name = "gibbs";
  static constexpr std::string_view summary =
      "Block Gibbs sampling: groups of uncoupled layers draw new states, one group after the "
      "other.";
  static constexpr std::string_view equation = "s_l ~ p(s_l | states of the coupled layers)";
  static constexpr std::string_view source = "Geman & Geman, IEEE PAMI 6, 721 (1984)";
  static constexpr bool draws = true;
  static constexpr core::Fields<> fields{};

  /// One sweep over the free layers.
  /// \param free  one flag per layer
  void sweep(Network& network, const std::vector<bool>& free, const std::vector<Nudge>& nudges,
             States& states) const {
    for (const auto& group : network.groups()) {
      for (const std::size_t layer : group) {
        if (free[layer]) network.compute(layer, states, nudges[layer], states[layer]);
      }
    }
  }
};

}  // namespace ohmlab::ebm
