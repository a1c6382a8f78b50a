#include "response.hpp"

#include <algorithm>
#include <cmath>

#include "series.hpp"

namespace ohmlab::ebm {
namespace {

using core::Index;

constexpr double steepest = 60;  ///< largest |β| or |gain| that counts as an estimate
constexpr int most_steps = 100;

double logistic(double u) { return 1 / (1 + std::exp(-u)); }

/// Calls f(x, y) for every pair from `first` in steps of `stride`.
template <class F>
void each(const Pairs& pairs, std::size_t first, std::size_t stride, const F& f) {
  for (std::size_t k = first; k < pairs.bits.size(); k += stride)
    f(static_cast<double>(pairs.fields[k]), static_cast<double>(pairs.bits[k]));
}

/// Newton's method on the log-likelihood of σ(gain x + offset), steps of 2 at most.
std::optional<Response> fitted(const Pairs& pairs, std::size_t first, std::size_t stride) {
  double gain = 1, offset = 0;
  for (int step = 0; step < most_steps; ++step) {
    double g0 = 0, g1 = 0, i00 = 0, i01 = 0, i11 = 0;
    each(pairs, first, stride, [&](double x, double y) {
      const double p = logistic(gain * x + offset), v = p * (1 - p);
      g0 += y - p;
      g1 += x * (y - p);
      i00 += v;
      i01 += v * x;
      i11 += v * x * x;
    });
    const double det = i00 * i11 - i01 * i01;
    if (!(det > 1e-9 * i00 * i11)) return std::nullopt;
    const double to_offset = std::clamp((i11 * g0 - i01 * g1) / det, -2.0, 2.0),
                 to_gain = std::clamp((i00 * g1 - i01 * g0) / det, -2.0, 2.0);
    gain += to_gain;
    offset += to_offset;
    if (std::max(std::abs(gain), std::abs(offset)) > steepest) return std::nullopt;
    if (std::max(std::abs(to_gain), std::abs(to_offset)) < 1e-8)
      return Response{{gain, std::sqrt(i00 / det)}, {offset, std::sqrt(i11 / det)}};
  }
  return std::nullopt;
}

}  // namespace

std::optional<Measured> effective_inv_temp(const Pairs& pairs) {
  if (pairs.draws < fewest_draws) return std::nullopt;
  const auto score = [&](double beta) {
    double sum = 0, information = 0;
    each(pairs, 0, 1, [&](double x, double y) {
      const double p = logistic(beta * x);
      sum += x * (y - p);
      information += x * x * p * (1 - p);
    });
    return std::pair{sum, information};
  };
  double low = -steepest, high = steepest, beta = 1, information = 0;
  if (!(score(low).first > 0 && score(high).first < 0)) return std::nullopt;
  for (int step = 0; step < most_steps; ++step) {  // Newton, kept within the bracket
    const auto [sum, now] = score(beta);
    information = now;
    (sum > 0 ? low : high) = beta;
    double next = beta + sum / information;
    if (!(next > low && next < high)) next = (low + high) / 2;
    const double change = std::abs(next - beta);
    beta = next;
    if (change < 1e-9) break;
  }
  std::vector<double> scores(static_cast<std::size_t>(pairs.draws));
  const auto per_draw = static_cast<std::size_t>(pairs.chains * pairs.units);
  for (std::size_t t = 0; t < scores.size(); ++t) {
    for (std::size_t k = t * per_draw; k < (t + 1) * per_draw; ++k) {
      const auto x = static_cast<double>(pairs.fields[k]);
      scores[t] += x * (pairs.bits[k] - logistic(beta * x));
    }
  }
  double squares = 0;
  for (const double s : scores) squares += s * s;
  const double time = *autocorrelation_time(scores);
  if (!std::isfinite(time)) return std::nullopt;
  return Measured{beta, std::sqrt(squares * std::max(2 * time, 1.0)) / information};
}

std::optional<Response> response(const Pairs& pairs) { return fitted(pairs, 0, 1); }

std::vector<std::optional<Response>> responses(const Pairs& pairs) {
  std::vector<std::optional<Response>> out;
  const auto units = static_cast<std::size_t>(pairs.units);
  for (std::size_t unit = 0; unit < units; ++unit) out.push_back(fitted(pairs, unit, units));
  return out;
}

core::VectorD log_odds_of_rest(const Pairs& pairs) {
  const auto units = static_cast<std::size_t>(pairs.units),
             row = units * static_cast<std::size_t>(pairs.chains);
  core::VectorD out = core::VectorD::Zero(static_cast<Index>(row));
  for (std::size_t k = 0; k < row; ++k) {
    bool seen[2] = {false, false};
    double sum = 0;
    each(pairs, k, row, [&](double x, double y) {
      seen[y > 0] = true;
      sum += std::log(std::max(logistic(y > 0 ? x : -x), 1e-300));
    });
    if (!(seen[0] && seen[1])) out[static_cast<Index>(k)] = sum;
  }
  return out;
}

std::optional<double> misfit(const Pairs& pairs, const Response& of, int bins) {
  struct Bin {
    double excess = 0, variance = 0;
  };
  std::vector<Bin> all(static_cast<std::size_t>(bins));
  each(pairs, 0, 1, [&](double x, double y) {
    const double p = logistic(of.gain.value * x + of.offset.value);
    Bin& bin = all[static_cast<std::size_t>(std::min(p * bins, bins - 1.0))];
    bin.excess += y - p;
    bin.variance += p * (1 - p);
  });
  double statistic = 0;
  int used = 0;
  Bin open;
  for (const Bin& bin : all) {
    open.excess += bin.excess;
    open.variance += bin.variance;
    if (open.variance < 5) continue;
    statistic += open.excess * open.excess / open.variance;
    ++used;
    open = {};
  }
  if (used < 4) return std::nullopt;
  const double freedom = used - 2, scale = 2 / (9 * freedom);  // gain and offset are fitted
  return (std::cbrt(statistic / freedom) - (1 - scale)) / std::sqrt(scale);
}

std::optional<double> chain_correlation(const Pairs& pairs) {
  if (pairs.chains < 2) return std::nullopt;
  const auto units = static_cast<std::size_t>(pairs.units),
             chains = static_cast<std::size_t>(pairs.chains),
             rows = static_cast<std::size_t>(pairs.draws) * chains;
  // A unit's mean deviation is its own fault, which all chains share. Deviations from a mean that
  // holds them both have the covariance Σv/n² - (v + w)/n; with many units and few rows its sum
  // would look like a correlation.
  const auto n = static_cast<double>(rows);
  std::vector<double> mean(units), spread(units);
  for (std::size_t k = 0; k < rows * units; ++k) {
    const double p = logistic(static_cast<double>(pairs.fields[k]));
    mean[k % units] += (pairs.bits[k] - p) / n;
    spread[k % units] += p * (1 - p) / (n * n);
  }
  double sum = 0, variance = 0;
  for (std::size_t row = 0; row < rows; ++row) {
    if (row % chains == chains - 1) continue;
    for (std::size_t i = 0; i < units; ++i) {
      const std::size_t k = row * units + i;
      const double p = logistic(static_cast<double>(pairs.fields[k])),
                   q = logistic(static_cast<double>(pairs.fields[k + units]));
      sum += (pairs.bits[k] - p - mean[i]) * (pairs.bits[k + units] - q - mean[i]) +
             (p * (1 - p) + q * (1 - q)) / n - spread[i];
      variance += p * (1 - p) * q * (1 - q);
    }
  }
  if (variance == 0) return std::nullopt;
  return sum / std::sqrt(variance);
}

}  // namespace ohmlab::ebm
