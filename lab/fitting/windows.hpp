#pragma once

#include <vector>

#include "law.hpp"
#include "measurement.hpp"

namespace ohmlab::fitting {

/// The mean step in a stretch of pulses of one sign, by linear regression: free of most noise.
struct Window {
  double w = 0, step = 0, weight = 1;
  bool up = true;
};
[[nodiscard]] std::vector<Window> windows_of(const Measurement& data);

/// What the data say before a fit.
[[nodiscard]] Seen seen_in(const Measurement& data, const std::vector<Window>& windows, int nodes);

/// Noise without any model of steps, from the increments of reads. Noise of reads makes
/// neighbouring increments move against each other, noise of steps does not.
struct NoiseMoments {
  double step_variance = 0;  ///< of a step, units of w²
  double read_variance = 0;  ///< of a read

  /// Standard deviation of the next read around the best prediction, in the steady state of a
  /// filter that knows all mean steps.
  [[nodiscard]] double floor() const;
};
[[nodiscard]] NoiseMoments noise_of(const Measurement& data);

}  // namespace ohmlab::fitting
