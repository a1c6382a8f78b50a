#pragma once

#include <cmath>
#include <cstdint>
#include <cstdlib>
#include <vector>

/// Bounds for stochastic tests.
namespace ohmlab::tests {

/// The seed of a stochastic test: `fixed`, and another one for each number in $OHMLAB_SEED, which
/// `./dev validate` runs through. Such tests carry the tag [stochastic]; their bounds hold for any
/// seed.
inline std::uint64_t seed(std::uint64_t fixed) {
  const char* offset =
      std::getenv("OHMLAB_SEED");  // NOLINT(concurrency-mt-unsafe): nobody here sets variables
  return fixed + (offset ? 1'000'003 * std::strtoull(offset, nullptr, 10) : 0);
}

/// Pearson's χ² of counts against probabilities, as a standard normal deviate (Wilson and Hilferty,
/// PNAS 17, 684 (1931)). Cells expecting fewer than 5 are pooled. Beyond 4.75, p < 1e-6.
inline double chi_square_deviate(const std::vector<double>& counts,
                                 const std::vector<double>& probabilities) {
  double total = 0;
  for (const double count : counts) total += count;
  double statistic = 0, pooled_count = 0, pooled_expected = 0;
  int cells = 0;
  for (std::size_t i = 0; i < counts.size(); ++i) {
    const double expected = total * probabilities[i];
    if (expected < 5) {
      pooled_count += counts[i];
      pooled_expected += expected;
      continue;
    }
    statistic += (counts[i] - expected) * (counts[i] - expected) / expected;
    ++cells;
  }
  if (pooled_expected >= 5) {
    statistic +=
        (pooled_count - pooled_expected) * (pooled_count - pooled_expected) / pooled_expected;
    ++cells;
  }
  const double freedom = cells - 1;
  const double scale = 2 / (9 * freedom);
  return (std::cbrt(statistic / freedom) - (1 - scale)) / std::sqrt(scale);
}

constexpr double one_in_a_million = 4.75;  ///< one-sided normal deviate with p = 1e-6

}  // namespace ohmlab::tests
