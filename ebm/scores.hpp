#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../crossbar/array.hpp"
#include "network.hpp"
#include "rbm_parameters.hpp"
#include "task.hpp"

/// How good a network is, as figures with a unit and a meaning. A model says which of these it has.
namespace ohmlab::ebm {

using Figures = std::vector<crossbar::Figure>;

/// Largest number of units of which the law of a chain is scored.
constexpr core::Index chain_units = 10;

/// Of a restricted Boltzmann machine as it stands: exact likelihood if it can be enumerated,
/// pseudo-likelihood, reconstruction.
[[nodiscard]] Figures rbm_figures(const RbmParameters& rbm, const Task& task,
                                  const Evaluation& evaluation);

/// The same machine at the one inverse temperature that suits the training examples best, exact;
/// nothing for machines too large to enumerate.
[[nodiscard]] Figures fitted_figures(const RbmParameters& rbm, const Task& task);

/// Likelihood by annealing, and its estimate by reverse annealing; nothing if `evaluation` leaves
/// annealing out.
[[nodiscard]] Figures annealed_figures(const RbmParameters& rbm, const Task& task,
                                       const Evaluation& evaluation, std::uint64_t seed);

/// How far the comparators' own chain is from the machine of the weights; nothing above
/// `chain_units` units.
[[nodiscard]] Figures chain_figures(const RbmParameters& rbm, const crossbar::Array& array);

/// Mean ln p of test examples of any network of binary units, by enumeration; nothing if there are
/// too many.
[[nodiscard]] Figures exact_figures(const Parameters& parameters, const Task& task);

/// The test likelihood of independent units, which any density model must beat.
[[nodiscard]] Figures independent_figures(const Task& task);

/// Share of test examples whose largest output is not their label, settled in float64 with the
/// weights as they stand.
/// \param steps  sweeps until the network rests
[[nodiscard]] Figures class_figures(const Parameters& parameters, const Task& task,
                                    std::int64_t steps);

/// The scores that a model may leave out, each without figures.
struct OptionalScores {
  [[nodiscard]] static Figures fitted(const Parameters&, const Task&) { return {}; }
  [[nodiscard]] static Figures annealed(const Parameters&, const Task&, const Evaluation&,
                                        std::uint64_t) {
    return {};
  }
  [[nodiscard]] static Figures chain(const Network&) { return {}; }
};

// Scored through the hardware: fields as the arrays read them, with drivers, noise and converters,
// mean and standard deviation over several reads. What scoring reads leaves no trace in the
// network's state.

/// Pseudo-likelihood and reconstruction of a restricted Boltzmann machine.
[[nodiscard]] Figures rbm_figures_as_read(Network& network, const Task& task,
                                          const Evaluation& evaluation, std::int64_t reads);

/// Reconstruction of test examples after so many sweeps of the hidden layers.
[[nodiscard]] Figures reconstruction_as_read(Network& network, const Task& task,
                                             std::int64_t sweeps, std::int64_t reads);

/// Pseudo-likelihood of a network without hidden units: every field of a layer is a read of its
/// neighbours.
[[nodiscard]] Figures conditionals_as_read(Network& network, const Task& task, std::int64_t reads);

/// Share of test examples that a network which settles through its arrays takes for another class.
[[nodiscard]] Figures classes_as_read(Network& network, const Task& task, std::int64_t steps,
                                      std::int64_t reads);

}  // namespace ohmlab::ebm
