#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "../crossbar/array.hpp"
#include "dynamics.hpp"
#include "network.hpp"
#include "rbm_parameters.hpp"
#include "task.hpp"

/// Quality of a network, as figures with a unit and a meaning. A model picks its scores from these.
namespace ohmlab::ebm {

using Figures = std::vector<crossbar::Figure>;

/// Largest number of units for which the law of a chain is scored.
constexpr core::Index chain_units = 10;

/// Scores of a restricted Boltzmann machine: exact likelihood if it can be enumerated,
/// pseudo-likelihood unless visible units are Gaussian, reconstruction error.
[[nodiscard]] Figures rbm_figures(const RbmParameters& rbm, const Task& task,
                                  const Evaluation& evaluation);

/// Exact likelihood at the inverse temperature that fits the training examples best; empty for
/// machines too large to enumerate, or with Gaussian units.
[[nodiscard]] Figures fitted_figures(const RbmParameters& rbm, const Task& task);

/// Likelihood by annealing, and its estimate by reverse annealing; empty if `evaluation` leaves
/// annealing out.
[[nodiscard]] Figures annealed_figures(const RbmParameters& rbm, const Task& task,
                                       const Evaluation& evaluation, std::uint64_t seed);

/// KL divergence of the comparators' own chain from the machine of the weights; empty above
/// `chain_units` units.
[[nodiscard]] Figures chain_figures(const RbmParameters& rbm, const crossbar::Array& array);

/// Mean ln p of examples of any network of binary units, by enumeration; empty if there are too
/// many units.
[[nodiscard]] Figures exact_figures(const Parameters& parameters, const Task& task);

/// Test likelihood of independent units, which any density model must beat.
[[nodiscard]] Figures independent_figures(const Task& task);
/// The same for units of a kind: a machine without hidden units.
[[nodiscard]] Figures independent_figures(const Task& task, const Units& units);

/// Share of test examples whose largest output is not their label, settled in float64 with the
/// current weights.
/// \param steps  sweeps until the network rests
[[nodiscard]] Figures class_figures(const Parameters& parameters, const Task& task,
                                    std::int64_t steps);
/// The same by a forward pass in float64, from layer to layer by each layer's function.
[[nodiscard]] Figures forward_class_figures(const Parameters& parameters, const Task& task);

/// Share of the examples whose largest output is not their label.
/// \param outputs  examples × classes
[[nodiscard]] double share_wrong(const core::MatrixD& outputs,
                                 std::span<const std::uint8_t> labels);

/// Scores that a model may leave out; each is empty here.
struct OptionalScores {
  [[nodiscard]] static Figures fitted(const Parameters&, const Task&) { return {}; }
  [[nodiscard]] static Figures annealed(const Parameters&, const Task&, const Evaluation&,
                                        std::uint64_t) {
    return {};
  }
  [[nodiscard]] static Figures chain(const Network&) { return {}; }
};

// Scores through the hardware: fields as the arrays read them, with drivers, noise and converters.
// Each has a mean and a standard deviation over several reads. Scoring leaves the network's state
// unchanged.

/// Way of scoring through the hardware.
struct Reading {
  const Evaluation& evaluation;
  const Dynamics& dynamics;  ///< of networks that settle
  std::int64_t reads = 1;
};

/// Mean and standard deviation of one figure over several reads.
/// \param figure  its name, unit and meaning
[[nodiscard]] Figures over_reads(const crossbar::Figure& figure, const std::vector<double>& values);

/// Pseudo-likelihood and reconstruction of a restricted Boltzmann machine.
[[nodiscard]] Figures rbm_figures_as_read(Network& network, const Task& task,
                                          const Evaluation& evaluation, std::int64_t reads);

/// Reconstruction error of test examples after `sweeps` sweeps of the hidden layers.
[[nodiscard]] Figures reconstruction_as_read(Network& network, const Task& task,
                                             std::int64_t sweeps, std::int64_t reads);

/// Pseudo-likelihood of a network without hidden units; each field is read from the neighbouring
/// layers.
[[nodiscard]] Figures conditionals_as_read(Network& network, const Task& task, std::int64_t reads);

/// Outputs of a network that settles with examples held, through its arrays, examples × classes.
/// \param sweeps  sweeps over the free layers
[[nodiscard]] core::MatrixD outputs_as_read(Network& network, const core::ConstRows& examples,
                                            const Dynamics& dynamics, std::int64_t sweeps);

/// Share of test examples that a network misclassifies after so many sweeps through its arrays.
[[nodiscard]] Figures classes_as_read(Network& network, const Task& task, const Dynamics& dynamics,
                                      std::int64_t sweeps, std::int64_t reads);

}  // namespace ohmlab::ebm
