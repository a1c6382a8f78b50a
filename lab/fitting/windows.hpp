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

/// Noise without any model of steps, from moves over 1 to 6 pulses less the local trend. With q the
/// variance of a step and r that of a read, a move over L pulses, of W around it, has the variance
/// q L (1 - L/W) + 2 r (1 + L²/W²): noise of steps adds up, noise of reads does not.
struct NoiseMoments {
  double step_variance = 0;  ///< of a step, units of w²
  double read_variance = 0;  ///< of a read
};
[[nodiscard]] NoiseMoments noise_of(const Measurement& data);

/// Standard deviation of the next read around its best linear prediction from the last eight moves,
/// less the local trend: what no model of mean steps can go below, for noise of any correlation
/// (Levinson, J. Math. Phys. 25, 261 (1946)). On the ramps held back, if there are any.
[[nodiscard]] double noise_floor(const Measurement& data);

/// The value nearest to a quantile; 0 if there is none.
[[nodiscard]] double nearest_quantile(std::vector<double> values, double share);

}  // namespace ohmlab::fitting
