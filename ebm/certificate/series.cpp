#include "series.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ohmlab::ebm {

using core::Index;

std::optional<double> autocorrelation_time(const core::MatrixD& series) {
  const Index n = series.rows();
  if (n < fewest_draws) return std::nullopt;
  if (series.maxCoeff() == series.minCoeff()) return std::numeric_limits<double>::infinity();
  const core::MatrixD about = series.array() - series.mean();
  const double variance = about.squaredNorm() / static_cast<double>(about.size());
  double time = 0.5;
  for (Index lag = 1; lag <= n / 4; ++lag) {
    const double covariance = about.topRows(n - lag).cwiseProduct(about.bottomRows(n - lag)).sum() /
                              static_cast<double>((n - lag) * series.cols());
    time += covariance / variance;
    if (static_cast<double>(lag) >= 5 * std::max(time, 0.5)) break;
  }
  return std::max(time, 0.5 / static_cast<double>(n));  // strongly alternating series
}

std::optional<double> autocorrelation_time(std::span<const double> series) {
  return autocorrelation_time(core::MatrixD(
      Eigen::Map<const core::MatrixD>(series.data(), static_cast<Index>(series.size()), 1)));
}

double effective_samples(double draws, double time) { return draws / (2 * time); }

std::optional<double> drift_deviate(const core::MatrixD& series) {
  const Index n = series.rows(), third = n / 3;
  if (n < fewest_for_drift) return std::nullopt;
  const double time = *autocorrelation_time(series);
  if (!std::isfinite(time)) return std::nullopt;
  const double variance =
      (series.array() - series.mean()).square().mean() * std::max(2 * time, 1.0);
  const double draws = static_cast<double>(third * series.cols());
  const double step = series.topRows(third).mean() - series.bottomRows(third).mean();
  return step / std::sqrt(2 * variance / draws);
}

}  // namespace ohmlab::ebm
