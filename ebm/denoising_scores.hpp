#pragma once

#include <cstdint>
#include <vector>

#include "scores.hpp"

/// Scores of a chain of restricted Boltzmann machines that undo noise, one step each: visible
/// layers of the levels 0 to T - 1, then their hidden layers; coupling t joins both of level t
/// (model `denoising_chain`). Samples start from independent bits x^T, which have the frequencies
/// of training examples after T steps of noise.
///
/// The bound on the likelihood is that of diffusion (Sohl-Dickstein et al., ICML 2015):
///
///     ln p(x^0) ≥ <ln p(x^T) + Σ_t ln p(x^t|x^t+1) - ln q(x^t+1|x^t)>_q .
///
/// ln p(x^t|x^t+1) is exact where ln Z of its machine, with the field of x^t+1, is enumerated. The
/// mean over noise is an estimate: one path of noise for each example.
namespace ohmlab::ebm {

/// Largest number of units on the smaller side of a machine for which the bound enumerates. There
/// is one ln Z for each example and step.
constexpr core::Index units_of_bound = 12;

/// Machine of each step.
[[nodiscard]] std::vector<RbmParameters> machines_of(const Parameters& parameters);

/// Frequencies of the bits x^T from those of the examples.
[[nodiscard]] core::VectorD last_frequencies(const NetworkPlan& plan,
                                             const core::VectorD& frequency);

/// Machine of level t given examples at level t + 1: its field added to the visible biases.
[[nodiscard]] RbmParameters given_next(const RbmParameters& machine, const NoiseLevel& noise,
                                       const core::VectorD& next);

/// The bound of each row, on one path of noise a row, which is the same in every call.
/// \param last  frequencies of x^T
/// \pre the machines have at most `units_of_bound` units on a side
[[nodiscard]] core::VectorD likelihood_bounds(const Parameters& parameters,
                                              const core::VectorD& last,
                                              const core::ConstRows& examples);

/// The law of samples x^0 with endless chains in every step, over all states: bit i of a state's
/// number is unit i. \pre at most `chain_units` visible units
[[nodiscard]] core::VectorD exact_chain_law(const Parameters& parameters,
                                            const core::VectorD& last);

/// Bound on the likelihood, its exact value on small cases, and the error of single steps.
[[nodiscard]] Figures denoising_figures(const Parameters& parameters, const Task& task);

/// The bound with ln Z by annealing, on the first test examples; empty if `evaluation` leaves
/// annealing out.
[[nodiscard]] Figures annealed_denoising_figures(const Parameters& parameters, const Task& task,
                                                 const Evaluation& evaluation, std::uint64_t seed);

/// Samples drawn through arrays, from independent bits back to level 0: samples × units.
/// \param sweeps  Gibbs sweeps of each machine
[[nodiscard]] core::Matrix denoised_samples(Network& network, const core::VectorD& last,
                                            core::Index samples, std::int64_t sweeps);

/// Error of the second moments of samples.
[[nodiscard]] Figures denoising_figures_as_read(Network& network, const Task& task,
                                                std::int64_t sweeps, std::int64_t reads);

/// The same error of training examples, and the likelihood of independent units.
[[nodiscard]] Figures denoising_references(const Task& task);

}  // namespace ohmlab::ebm
