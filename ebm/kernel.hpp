#pragma once

#include <functional>

#include "../crossbar/array.hpp"
#include "rbm_parameters.hpp"

/// Exact laws of small machines by enumeration: the reference for samplers and for the hardware
/// that imitates them.
///
/// A state of a machine with n_v + n_h units is numbered by its bits: visible unit i is bit i,
/// hidden unit j is bit n_v + j. All functions here take machines of at most `kernel_units` units.
namespace ohmlab::ebm {

constexpr core::Index kernel_units = 12;

/// Probability that a unit is on, given its field (inputs times weights plus bias, in logits).
using Conditional = std::function<double(double)>;

/// The Boltzmann machine's own conditional, 1/(1+exp(-u)).
[[nodiscard]] double logistic_conditional(double field);

/// P(u + σ ξ > 0) = Φ(u/σ) for a comparator with Gaussian noise of this standard deviation in
/// logits. At σ = 1.702 it is within 0.0095 of the logistic function (Haley, Stanford TR 15, 1952)
/// but belongs to no Boltzmann machine.
[[nodiscard]] Conditional gaussian_comparator(double sigma);

/// The Boltzmann distribution over all states. \throws core::UserError above `kernel_units` units
[[nodiscard]] core::VectorD boltzmann(const RbmParameters& rbm);

/// One block Gibbs sweep as a row-stochastic matrix: visible units given the hidden ones, then
/// hidden given visible.
[[nodiscard]] core::MatrixD gibbs_kernel(const RbmParameters& rbm, const Conditional& conditional);

/// The same sweep by an array's comparators. It has the effective weights of each direction, the
/// noise of the comparators and the noise of the cells. Cell noise depends on the state of the
/// other side. DACs pass 0 and 1 exactly.
[[nodiscard]] core::MatrixD hardware_kernel(const RbmParameters& rbm,
                                            const crossbar::DecisionLaw& to_cols,
                                            const crossbar::DecisionLaw& to_rows);

/// Stationary law of a kernel, by solving π K = π, Σπ = 1.
[[nodiscard]] core::VectorD stationary(const core::MatrixD& kernel);

/// Σ p ln(p/q) in nats.
[[nodiscard]] double kl_divergence(const core::VectorD& p, const core::VectorD& q);

}  // namespace ohmlab::ebm
