#pragma once

#include <span>
#include <vector>

#include "law.hpp"
#include "measurement.hpp"

namespace ohmlab::fitting {

/// What a filter needs beside a law: the variance of a read, in units of w², and the number of
/// standard deviations from which a read counts linearly.
struct ReadModel {
  double variance = 1e-4;
  double outlier = 3;
};

/// A read so many times `outlier` off is left out, unless the one before it was: then the state has
/// jumped. Huber's loss alone would let one-sided outliers pull the mean.
constexpr double far = 2;

/// Huber's loss of a deviation in units of its own standard deviation.
[[nodiscard]] double huber(double z, double outlier);

/// What the Kalman filter of one ramp says read by read. The first read that is present is the
/// start; it has no innovation.
struct Trace {
  std::vector<double> expected;   ///< state before the read is known
  std::vector<double> state;      ///< state after it
  std::vector<double> deviation;  ///< standard deviation of read - expected; 0 where there is none
  std::vector<double> gain;
  std::vector<bool> rejected;  ///< single reads far beyond all noise, which move nothing
  double log_likelihood = 0;   ///< with Huber's loss in place of squares
  int reads = 0;               ///< innovations

  [[nodiscard]] double score(const Ramp& ramp, std::size_t k) const {
    return (ramp.reads[k] - expected[k]) / deviation[k];
  }
};

/// Follows a ramp: noise of steps adds up in the state, noise of reads does not. Steps are those of
/// the law times `factor`.
[[nodiscard]] Trace follow(const Law& law, const Ramp& ramp, const ReadModel& reads,
                           double factor = 1);

/// Innovations over their deviations, as residuals whose squares are twice Huber's loss, with gains
/// and deviations as an earlier trace has them.
void residuals(const Law& law, const Ramp& ramp, const Trace& frozen, double outlier,
               std::span<double> out, double factor = 1);

/// Elementary operations a ramp, as `core::for_slices` asks. Low: threads that share processors
/// with other programs wait for each other at the end of each of many short loops.
[[nodiscard]] double work_each(std::span<const Ramp* const> ramps);

/// Log-likelihood of all ramps that are fitted, and the number of innovations.
struct Likelihood {
  double log = 0;
  std::int64_t reads = 0;
};
[[nodiscard]] Likelihood likelihood(const Law& law, std::span<const Ramp* const> ramps,
                                    const ReadModel& reads);

}  // namespace ohmlab::fitting
