#pragma once

#include <cstdint>
#include <vector>

#include "likelihood.hpp"
#include "network_plan.hpp"

namespace ohmlab::ebm {

/// The Boltzmann law of any network of binary units, p(s) ∝ exp(Σ b·s + Σ s W s), by enumeration.
///
/// Layers that are not coupled with each other are summed over in closed form: of a network whose
/// layers fall into two groups the smaller one is enumerated, of others all units.
class ExactLaw {
 public:
  explicit ExactLaw(Parameters parameters);

  /// Whether ln Z and ln p of an example can be enumerated: at most `enumerable_units` units each.
  [[nodiscard]] bool enumerable() const;
  /// \pre enumerable()
  [[nodiscard]] double log_z() const;
  /// ln p of the input units of each row, hidden ones summed over. examples: rows × units. \pre
  /// enumerable()
  [[nodiscard]] core::VectorD log_probabilities(const core::ConstRows& examples) const;
  /// Its mean over the rows.
  [[nodiscard]] Estimate log_likelihood(const core::ConstRows& examples) const;

 private:
  Parameters parameters_;
};

/// The states to which a layered Hopfield network settles with its inputs held, in float64: units
/// clip their fields to [0, 1], groups of layers one after the other. Returns the label layer,
/// examples × classes.
[[nodiscard]] core::MatrixD settled_outputs(const Parameters& parameters,
                                            const core::Matrix& inputs, std::int64_t steps);

}  // namespace ohmlab::ebm
