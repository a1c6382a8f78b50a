#pragma once

#include <array>
#include <string_view>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../field.hpp"

namespace ohmlab::ebm {

/// A node of a resistive circuit between ideal diodes. It goes to the voltage at which no current
/// is left over while all other layers rest: the exact minimum of the co-content over the layer.
///
/// The circuit is computed node by node: columns are converted to numbers, digital logic divides
/// and clips. Layers that take turns come to the state of rest of the circuit of nodes.
struct DiodeNeuron {
  static constexpr std::string_view name = "diodes";
  static constexpr std::string_view summary =
      "Each node takes the mean voltage of its neighbours, weighted by conductances, and is "
      "clipped by diodes; nothing is random.";
  static constexpr std::string_view equation =
      "v_k = clip((Σ_j g_jk v_j + b_k + nudge t_k)/(Σ_j g_jk + nudge)), the minimum of Σ_j g_jk "
      "(v_j - v_k)²/2 - b_k v_k + nudge (v_k - t_k)²/2";
  static constexpr std::string_view source = "Scellier, arXiv 2402.11674 (2024)";
  static constexpr bool gives_means = true;
  static constexpr bool draws_bits = false;
  static constexpr bool draws_one_of = false;
  static constexpr std::array families{Family::resistive};
  static constexpr core::Fields<> fields{};

  /// \throws core::UserError if a counter-nudge takes more conductance from a node than it has
  void compute(const Field& field, Activity& out) const;
};

/// The nodes of a layer while all others rest. A node without conductances stays at ground.
struct DiodeNodes {
  core::Vector shares;     ///< 1/(Σ g + nudge), 0 for nodes that stay at ground
  core::Vector low, high;  ///< bounds that diodes set

  /// \param conductances  Σ g of each node
  DiodeNodes(const LayerPlan& layer, const core::Vector& conductances, float nudge);
  /// \throws core::UserError if a nudge takes more conductance from a node than it has
  static void require_rest(const LayerPlan& layer, const core::Vector& conductances, float nudge);

  /// Turns the currents Σ g v of each vector into the voltages at which none is left over.
  /// \param first  row of the nudge's targets that belongs to the first vector
  void settle(const core::Vector& bias, const Nudge& nudge, core::Index first,
              core::Rows volts) const noexcept;
};

}  // namespace ohmlab::ebm
