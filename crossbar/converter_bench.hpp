#pragma once

#include <cstdint>
#include <vector>

#include "converters.hpp"

namespace ohmlab::crossbar {

/// The test bench of one converter of an array: the end of a line and its range.
struct ConverterBench {
  const Converters& converters;
  Index end = 0;          ///< number of the end; see `Converters`
  double bound = 1;       ///< full scale
  std::int64_t bits = 9;  ///< resolution
  double noise = 0;       ///< standard deviation before the converter, in the unit of the bound
  core::Stream stream;    ///< stream of that noise
};

/// A sine of so many whole cycles in so many samples.
struct SineTest {
  std::int64_t samples = 4096, cycles = 127;
  double amplitude = 0.99;  ///< in full scales
};
/// Least-squares fit y = offset + a cos + b sin of known frequency (three parameters).
struct SineFit {
  double amplitude = 0, offset = 0;  ///< in the unit of the bound
  double residual = 0;               ///< root mean square of the rest: noise and distortion
  double sndr = 0;                   ///< signal to noise and distortion, dB
  double enob = 0;                   ///< log2(2 bound/(residual √12))
};
/// Effective bits by a coherent sine: IEEE Std 1241-2010, sine-wave fit of known frequency.
/// \pre cycles and samples have no common divisor, and cycles < samples / 2
[[nodiscard]] SineFit sine_test(const ConverterBench& bench, const SineTest& test);

/// Linearity by the counts of a slow ramp: IEEE Std 1241-2010, code density. Levels between the
/// lowest and the highest that were seen, in steps of their mean width.
struct Linearity {
  std::int64_t first = 0;        ///< number of the first level, zero at zero
  std::vector<double> dnl, inl;  ///< of each level; inl at its upper end, by end points
  double dnl_max = 0, inl_max = 0;
  std::int64_t missing = 0;  ///< levels that never appeared
};
/// \param per_step  samples for each step of the converter
[[nodiscard]] Linearity ramp_test(const ConverterBench& bench, std::int64_t per_step);

}  // namespace ohmlab::crossbar
