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

/// Arrays joined at their lines are a circuit, which comes to rest by itself: drivers hold the
/// inputs, all other nodes float between their diodes, and only states of rest are converted.
///
/// The circuit is computed layer after layer, each at the rest that the others give it (exact block
/// coordinate descent of the co-content). A sweep stands for `time_constants` of the slowest node.
/// Too few sweeps leave the circuit before it rests. Read noise is constant during one settling and
/// drawn afresh in every cell for the next.
///
/// On arrays of no cells the same sweeps run as products, like `RelaxationDynamics`.
struct CircuitDynamics {
  static constexpr std::string_view name = "circuit";
  static constexpr std::string_view summary =
      "The lines of all arrays are joined and settle by Kirchhoff's laws between sources and "
      "diodes; only voltages at rest are converted.";
  static constexpr std::string_view equation =
      "v_k <- clip((Σ_j g_jk v_j + b_k + nudge t_k)/(Σ_j g_jk + nudge)); time of a sweep: "
      "time_constants max_k (cells_k + 30) cell_capacitance/Σ_j G_jk";
  static constexpr std::string_view source =
      "Kendall et al., arXiv 2006.01981 (2020); Scellier, arXiv 2402.11674 (2024)";
  static constexpr std::array families{Family::resistive};
  static constexpr double numbers_of_unit = 1;

  double time_constants = 3;
  double cell_capacitance = 1.5e-15;
  std::int64_t reads = 1;
  static constexpr auto fields = core::Fields{
      core::field("time_constants", &CircuitDynamics::time_constants, "",
                  core::Range{.low = 0, .high = 1000, .low_open = true},
                  "time of a sweep in time constants of the slowest node"),
      core::field("cell_capacitance", &CircuitDynamics::cell_capacitance, "F",
                  core::Range{.low = 0, .high = 1e-9, .low_open = true},
                  "capacitance of a line per cell, wire and access device (1.5 fF: the default "
                  "price of charging a line); diodes and amplifier of a node count as 30 cells"),
      core::field("reads", &CircuitDynamics::reads, "", core::between(1, 4096),
                  "conversions of each voltage at rest, which digital logic averages"),
  };

  /// \param free    one flag per layer
  /// \param sweeps  sweeps over the free layers
  /// \throws core::UserError if an array of cells cannot be part of a circuit
  void run(Network& network, const std::vector<bool>& free, const std::vector<Nudge>& nudges,
           std::int64_t sweeps, States& states) const;
};

}  // namespace ohmlab::ebm
