#pragma once

#include <algorithm>
#include <cmath>
#include <cstddef>
#include <vector>

namespace ohmlab::experiments {

/// Mean and spread of a sample, value by value (Welford, Technometrics 4, 419 (1962)): equal values
/// have exactly no spread.
class Sample {
 public:
  void add(double x) noexcept {
    ++count_;
    const double from = x - mean_;
    mean_ += from / count_;
    squares_ += from * (x - mean_);
  }
  [[nodiscard]] double count() const noexcept { return count_; }
  [[nodiscard]] double mean() const noexcept { return mean_; }
  /// Unbiased; 0 for fewer than two values.
  [[nodiscard]] double variance() const noexcept {
    return count_ > 1 ? squares_ / (count_ - 1) : 0;
  }
  [[nodiscard]] double deviation() const noexcept { return std::sqrt(variance()); }

 private:
  double count_ = 0, mean_ = 0, squares_ = 0;
};

[[nodiscard]] inline Sample sample_of(const std::vector<double>& values) {
  Sample out;
  for (const double x : values) out.add(x);
  return out;
}

/// Percentile of sorted values, between neighbours by a straight line.
[[nodiscard]] inline double percentile(const std::vector<double>& sorted, double percent) {
  const double place = percent / 100 * static_cast<double>(sorted.size() - 1);
  const auto low = static_cast<std::size_t>(place);
  const std::size_t high = std::min(low + 1, sorted.size() - 1);
  return sorted[low] + (place - static_cast<double>(low)) * (sorted[high] - sorted[low]);
}

}  // namespace ohmlab::experiments
