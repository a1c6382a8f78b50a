#pragma once

#include <optional>
#include <vector>

#include "pair_law.hpp"

/// Answers of units to their fields: P(bit = 1 | field x) against σ(gain x + offset).
namespace ohmlab::ebm {

/// A number and its standard error.
struct Measured {
  double value = 0, error = 0;
};

/// Effective inverse temperature in units of the claimed one: the root β of Σ x (y - σ(βx)), the
/// maximum of the pseudo-likelihood (Besag, The Statistician 24, 179 (1975)). Zero fields tell
/// nothing.
///
/// Its error is that of a sum of dependent scores: draws · var(S) · 2τ_S / I², S the sum of the
/// scores of one draw, τ_S its autocorrelation time, I the information Σ x² p (1 - p) (sandwich:
/// White, Econometrica 50, 1 (1982)). None below `fewest_draws`, if all fields are 0, or if no
/// finite β in [-60, 60] is best, e.g. when all states are local minima.
[[nodiscard]] std::optional<Measured> effective_inv_temp(const Pairs& pairs);

/// Gain and offset of a response. Errors take bits as independent given their fields, which holds
/// for `pairs_at_drawing` of a correct sampler.
struct Response {
  Measured gain;    ///< 1 if correct
  Measured offset;  ///< in logits; 0 if correct
};

/// Maximum of the likelihood over all units together. None if there is no finite one, or if all
/// fields are equal.
[[nodiscard]] std::optional<Response> response(const Pairs& pairs);
/// The same for each unit.
[[nodiscard]] std::vector<std::optional<Response>> responses(const Pairs& pairs);

/// ln of the probability that a unit of a chain has drawn only one value, if it has; 0 if it drew
/// both. One per chain and unit: element chain · units + unit.
[[nodiscard]] core::VectorD log_odds_of_rest(const Pairs& pairs);

/// Pearson's χ² of bits against σ(gain x + offset) in `bins` equal parts of the probability, as a
/// standard normal deviate (Wilson and Hilferty, PNAS 17, 684 (1931)). Bins of a variance below 5
/// are joined with the next. None with under 4 bins.
[[nodiscard]] std::optional<double> misfit(const Pairs& pairs, const Response& of, int bins = 20);

/// Correlation of the chains' deviations y - σ(x) at the same draw and unit, chain c with c + 1, as
/// a standard normal deviate; none for one chain. The mean deviation of a unit is taken off: an
/// offset of its own is common to all chains.
[[nodiscard]] std::optional<double> chain_correlation(const Pairs& pairs);

}  // namespace ohmlab::ebm
