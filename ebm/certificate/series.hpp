#pragma once

#include <optional>
#include <span>

#include "../../core/matrix.hpp"

/// Statistics of series of draws. Rows are draws, columns are chains.
namespace ohmlab::ebm {

/// Fewest draws of which an autocorrelation time is defined, and of which drift is tested.
constexpr core::Index fewest_draws = 16, fewest_for_drift = 60;

/// Integrated autocorrelation time τ = ½ + Σ ρ(k), in draws: ½ for independent draws. Cut at the
/// first lag ≥ 5 max(τ, ½), at a quarter of the draws at most (automatic window: Sokal, in
/// Functional Integration, Plenum (1997)).
///
/// Covariances are means over chains about the mean of all chains. Chains that rest at different
/// values therefore have a long time. Infinite for a constant series; none below `fewest_draws`.
[[nodiscard]] std::optional<double> autocorrelation_time(const core::MatrixD& series);
[[nodiscard]] std::optional<double> autocorrelation_time(std::span<const double> series);

/// Number of independent draws that are worth as much: draws / 2τ; 0 for infinite τ.
[[nodiscard]] double effective_samples(double draws, double time);

/// Difference of the means of the first and the last third, in standard errors. The variance is
/// multiplied by max(2τ, 1). After Geweke, Bayesian Statistics 4, 169 (1992), who uses spectral
/// variances and other parts. None below `fewest_for_drift` draws, or if the series is constant.
[[nodiscard]] std::optional<double> drift_deviate(const core::MatrixD& series);

}  // namespace ohmlab::ebm
