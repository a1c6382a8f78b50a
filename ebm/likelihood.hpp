#pragma once

#include <cstdint>
#include <functional>
#include <optional>

#include "../core/matrix.hpp"
#include "../core/rng.hpp"
#include "rbm_parameters.hpp"

/// Quality of a restricted Boltzmann machine, in nats and float64, for the ideal model of the given
/// parameters. Examples are given in their own units. Of continuous ones ln p is the density.
namespace ohmlab::ebm {

/// Mean over examples and its standard error, which is empty for a single example.
struct Estimate {
  double value = 0;
  std::optional<double> standard_error;
};
[[nodiscard]] Estimate mean_of(const core::VectorD& values);

/// Largest number of units on the smaller side for which `exact_log_z` enumerates all states.
constexpr core::Index enumerable_units = 20;

/// F(v) = E(v) − Σ_j softplus(b_j + (vW)_j), one per row, with E of the visible units alone (−a·v
/// of binary ones) and v in units of their `scale`. visible: batch × visible units.
[[nodiscard]] core::VectorD free_energy(const RbmParameters& rbm, const core::ConstRows& visible);

/// ln Z by enumerating the states of the smaller side, or of the hidden units if the visible ones
/// are not binary.
/// \throws core::UserError if that side has more than `enumerable_units` units.
[[nodiscard]] double exact_log_z(const RbmParameters& rbm);

/// Mean of ln p(v) = −F(v) − ln Z over the rows of `visible`.
[[nodiscard]] Estimate log_likelihood(const RbmParameters& rbm, const core::ConstRows& visible,
                                      double log_z);

/// Mean over the rows of Σ_i ln p(v_i | all other units of v), with groups of which one is on in
/// the place of units. It needs no ln Z but is no likelihood.
/// \pre visible units are not Gaussian: their conditionals are mixtures over all hidden states
[[nodiscard]] Estimate pseudo_log_likelihood(const RbmParameters& rbm,
                                             const core::ConstRows& visible);

/// The same with the hidden units' fields given, e.g. as an array reads them.
/// \param fields  (visible: batch × units) → vW: batch × hidden, without biases
[[nodiscard]] Estimate pseudo_log_likelihood(
    const RbmParameters& rbm, const core::ConstRows& visible,
    const std::function<void(const core::Matrix& visible, core::Matrix& fields)>& fields);

/// Mean over rows and units of |v_i − <v_i | h>| with h the mean of the hidden units given v: a
/// progress meter, not a quality.
[[nodiscard]] double reconstruction_error(const RbmParameters& rbm, const core::ConstRows& visible);

/// True if `exact_log_z` accepts this machine.
[[nodiscard]] bool enumerable(const RbmParameters& rbm);

/// The machine whose energy is `inv_temp` times this one's: all weights and biases multiplied.
/// \pre visible units are not Gaussian
[[nodiscard]] RbmParameters at_inv_temp(const RbmParameters& rbm, double inv_temp);

/// Inverse temperature from 1/8 to 8 at which the mean ln p of the rows of `visible` is largest, to
/// three digits. The golden-section search can end at a local maximum.
[[nodiscard]] double fitted_inv_temp(const RbmParameters& rbm, const core::ConstRows& visible);

/// Gradient of the mean ln p(v) over the rows, by enumeration; the reference for every estimate. It
/// has the size of the parameters. The limit of `exact_log_z` applies to the hidden side.
[[nodiscard]] RbmParameters exact_gradient(const RbmParameters& rbm,
                                           const core::ConstRows& visible);

}  // namespace ohmlab::ebm
