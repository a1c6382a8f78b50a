#pragma once

#include <cmath>
#include <cstddef>
#include <vector>

namespace ohmlab::experiments {

/// Mean and variance of values, one by one (Welford, Technometrics 4, 419 (1962)): equal values
/// have exactly no spread.
class Moments {
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

[[nodiscard]] inline Moments moments_of(const std::vector<double>& values) {
  Moments out;
  for (const double x : values) out.add(x);
  return out;
}

}  // namespace ohmlab::experiments
