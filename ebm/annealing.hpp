#pragma once

#include <cstdint>
#include <string_view>

#include "../core/fields.hpp"
#include "likelihood.hpp"

/// Likelihoods of machines too large to enumerate, from two sides of an annealed path.
///
/// Annealed importance sampling (Neal, Stat. Comput. 11, 125 (2001); Salakhutdinov & Murray, ICML
/// 2008) moves chains from independent units with biases a0 to the machine, over
///
///     p_β(v) ∝ exp((1-β) a0·v + β a·v) Π_j (1 + exp β(b_j + (vW)_j)).
///
/// Units that are not binary go the same way with their own energies in the place of −a·v.
///
/// Its weights are unbiased for Z, so that ln Z comes out too small and likelihoods too large:
/// optimistic.
///
/// The same path run backwards from test examples (RAISE: Burda, Grosse & Salakhutdinov, AISTATS
/// 2015) bounds the likelihood of the annealed process from below. That process is not the machine:
/// where chains do not mix, its likelihood, and the bound, can lie above the machine's. The two
/// estimates are independent views of the same quality and form no interval: trust them if they
/// agree.
namespace ohmlab::ebm {

struct Annealing {
  std::int64_t temperatures = 0;
  std::int64_t chains = 100;
  std::int64_t examples = 100;
  static constexpr auto fields = core::Fields{
      core::field("temperatures", &Annealing::temperatures, "", core::between(0, 1 << 24),
                  "steps between independent units and the machine; 0 leaves annealing out"),
      core::field("chains", &Annealing::chains, "", core::between(2, 1 << 20), "annealed chains"),
      core::field("examples", &Annealing::examples, "", core::between(2, 1 << 20),
                  "test examples that reverse annealing starts from"),
  };
};

struct AnnealedLogZ {
  double log_z = 0;
  /// Standard error of log_z by the delta method; means little if few chains carry the weight.
  double standard_error = 0;
  double effective_chains = 0;  ///< number of chains that carry the weight, (Σw)²/Σw²
};

/// ln Z by annealed importance sampling.
/// \param base_bias  biases of the visible units at the start of the path
[[nodiscard]] AnnealedLogZ annealed_log_z(const RbmParameters& rbm, const core::VectorD& base_bias,
                                          const Annealing& annealing, std::uint64_t seed);

/// Mean ln p of the rows of `visible` under the annealed process, estimated from below by one
/// reverse annealing from each row. It bounds the machine's own mean ln p only in the limit of many
/// temperatures.
[[nodiscard]] Estimate conservative_log_likelihood(const RbmParameters& rbm,
                                                   const core::VectorD& base_bias,
                                                   const core::ConstRows& visible,
                                                   const Annealing& annealing, std::uint64_t seed);

}  // namespace ohmlab::ebm
