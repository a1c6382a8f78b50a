#pragma once

#include <cstdint>
#include <vector>

#include "likelihood.hpp"
#include "network_plan.hpp"

namespace ohmlab::ebm {

/// The Boltzmann law of any network of binary units, p(s) ∝ exp(Σ b·s + Σ s W s), by enumeration.
///
/// If the layers fall into two groups of uncoupled layers, the smaller group is enumerated and the
/// other is summed over in closed form. Otherwise all units are enumerated.
class ExactLaw {
 public:
  /// \pre no layer is `one_of`: its units are not independent
  explicit ExactLaw(Parameters parameters);

  /// True if ln Z and ln p of an example each enumerate at most `enumerable_units` units.
  [[nodiscard]] bool enumerable() const;
  /// \pre enumerable()
  [[nodiscard]] double log_z() const;
  /// ln p of the input units of each row, summed over the hidden units.
  /// \param examples  rows × units
  /// \pre enumerable()
  [[nodiscard]] core::VectorD log_probabilities(const core::ConstRows& examples) const;
  /// Mean of `log_probabilities` over the rows.
  [[nodiscard]] Estimate log_likelihood(const core::ConstRows& examples) const;

 private:
  Parameters parameters_;
};

/// Outputs of a layered network that settles, after `steps` sweeps with its inputs held, in
/// float64. Groups of layers move one after the other. Units clip their fields to [0, 1]; nodes of
/// a circuit take the mean voltage of their neighbours between their diodes. Returns the label
/// layer, examples × classes.
[[nodiscard]] core::MatrixD settled_outputs(const Parameters& parameters,
                                            const core::Matrix& inputs, std::int64_t steps);

/// Outputs of layers in a chain by a forward pass in float64, examples × classes.
[[nodiscard]] core::MatrixD forward_outputs(const Parameters& parameters,
                                            const core::Matrix& inputs);

}  // namespace ohmlab::ebm
