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

/// Uncoupled layers draw their states at once, group after group. A sweep leaves the Boltzmann law
/// of the network unchanged if units follow its conditionals.
struct GibbsDynamics {
  static constexpr std::string_view name = "gibbs";
  static constexpr std::string_view summary =
      "Block Gibbs sampling: groups of uncoupled layers draw new states, one group after the "
      "other.";
  static constexpr std::string_view equation = "s_l ~ p(s_l | states of the coupled layers)";
  static constexpr std::string_view source = "Geman & Geman, IEEE PAMI 6, 721 (1984)";
  static constexpr std::array families{Family::boltzmann};
  static constexpr double numbers_of_unit = 1;
  static constexpr core::Fields<> fields{};

  /// One sweep over the free layers.
  /// \param free  one flag per layer
  void sweep(Network& network, const std::vector<bool>& free, const std::vector<Nudge>& nudges,
             States& states, const Tempered& at = {}) const {
    for (const auto& group : network.groups()) {
      for (const std::size_t layer : group) {
        if (free[layer]) network.compute(layer, states, nudges[layer], at, states[layer]);
      }
    }
  }

  void run(Network& network, const std::vector<bool>& free, const std::vector<Nudge>& nudges,
           std::int64_t sweeps, States& states) const {
    for (std::int64_t k = 0; k < sweeps; ++k) sweep(network, free, nudges, states);
  }
};

}  // namespace ohmlab::ebm
