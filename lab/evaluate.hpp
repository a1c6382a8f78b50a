#pragma once

#include <cstdint>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/crossbar/array.hpp"
#include "ohmlab/ebm/annealing.hpp"
#include "ohmlab/io/dataset.hpp"
#include "ohmlab/lab/result.hpp"

namespace ohmlab::lab {

struct Evaluation {
  std::int64_t every = 1;
  std::int64_t pseudo_examples = 500;
  ebm::Annealing ais;
  static constexpr auto fields = std::tuple{
      core::field("every", &Evaluation::every, "", core::at_least(0),
                  "epochs between evaluations; 0: at the end only"),
      core::field("pseudo_examples", &Evaluation::pseudo_examples, "", core::at_least(0),
                  "test examples the pseudo-likelihood is taken over; 0 leaves it out"),
      core::field("ais", &Evaluation::ais,
                  "annealed importance sampling at the end, for models too large to enumerate"),
  };
};

/// Share of examples in which each unit is on, (n_on + 1/2)/(n + 1): never 0 or 1, so that log-odds exist.
[[nodiscard]] core::VectorD frequencies(const core::Matrix& examples);

/// Mean ln p of `examples` if all units were independent with these frequencies: what any model must beat.
[[nodiscard]] ebm::Estimate independent_units(const core::VectorD& frequency, const core::Matrix& examples);

/// A machine's parameters as a result file holds them.
[[nodiscard]] std::vector<Parameter> stored_parameters(const ebm::RbmParameters& rbm);

/// The quality of a machine as it stands.
[[nodiscard]] std::vector<Quantity> evaluate(const ebm::RbmParameters& rbm, const io::Dataset& data,
                                             const Evaluation& evaluation);

/// The same machine at the one inverse temperature that suits the training examples best, exact; nothing for
/// machines too large to enumerate.
[[nodiscard]] std::vector<Quantity> evaluate_fitted(const ebm::RbmParameters& rbm, const io::Dataset& data);

/// How far the chain that an array's comparators run is from the Boltzmann machine of its weights, for
/// machines of at most `chain_units` units; else nothing.
constexpr core::Index chain_units = 10;
[[nodiscard]] std::vector<Quantity> evaluate_chain(const ebm::RbmParameters& rbm,
                                                   const crossbar::DecisionLaw& law);

/// The likelihood by annealing and its estimate by reverse annealing, if `evaluation.ais` asks for them: at
/// the end of a run.
///
/// It is called unconverged, and given no error, if fewer than 20 chains carry the weight or the two
/// estimates are more than 1 nat apart on the same examples.
[[nodiscard]] std::vector<Quantity> evaluate_by_annealing(const ebm::RbmParameters& rbm,
                                                          const io::Dataset& data,
                                                          const Evaluation& evaluation, std::uint64_t seed);

}  // namespace ohmlab::lab
