#pragma once

#include <cmath>
#include <cstdint>

namespace ohmlab::ebm {

/// Place of a layer in a chain of noisy examples: x^0 is an example, and each step to x^(t+1) flips
/// every bit of x^t independently. A machine at level t learns x^t given x^(t+1).
struct NoiseLevel {
  std::int64_t level = 0;  ///< steps that lie between the example and the layer's values
  double flip = 0;         ///< probability that a step flips a bit, in (0, 1/2)

  /// ln((1 - flip)/flip): q(x^(t+1)|x^t) is a field of this size on every bit of x^t, towards the
  /// bit of x^(t+1), in logits.
  [[nodiscard]] double field() const noexcept { return std::log((1 - flip) / flip); }
  /// Probability that a bit is on after some steps, from one at the start.
  [[nodiscard]] double after(std::int64_t steps, double frequency) const noexcept {
    return 0.5 + (frequency - 0.5) * std::pow(1 - 2 * flip, static_cast<double>(steps));
  }
};

}  // namespace ohmlab::ebm
