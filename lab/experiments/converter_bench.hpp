#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../crossbar/adcs.hpp"
#include "../../io/dataset.hpp"
#include "../results/checkpoint.hpp"
#include "../results/progress.hpp"
#include "../results/result.hpp"

namespace ohmlab::experiments {

/// The data sheet of a converter, over several of them as they were made.
///
/// A run that is stopped begins anew.
struct ConverterBench {
  static constexpr std::string_view name = "converter";
  static constexpr std::string_view summary =
      "Measures converters on a bench: effective bits by a coherent sine, differential and "
      "integral "
      "nonlinearity by a ramp, gain and offset.";
  static constexpr std::string_view equation =
      "SNDR = 20 log10(A/(sqrt(2) rms)), ENOB = log2(2 bound/(sqrt(12) rms)), rms that of the rest "
      "of the fit offset + a cos + b sin; DNL = count/mean count - 1, INL its sum";
  static constexpr std::string_view source =
      "IEEE Std 1241-2010: sine-wave fit of known frequency, code density";

  std::int64_t seed = 1;
  crossbar::Adc adc;
  std::int64_t converters = 8;
  double output_noise = 0;
  std::int64_t samples = 4096, cycles = 127;
  double amplitude = 0.99;
  std::int64_t per_step = 16;
  static constexpr auto fields = core::Fields{
      core::field("seed", &ConverterBench::seed, "", core::at_least(0), "key of every random draw"),
      core::field("adc", &ConverterBench::adc, "the converters, as in an array"),
      core::field("converters", &ConverterBench::converters, "", core::between(1, 100'000),
                  "number of converters that are measured"),
      core::field("output_noise", &ConverterBench::output_noise, "", core::at_least(0),
                  "standard deviation of noise before the converters, in the unit of their bound"),
      core::field("samples", &ConverterBench::samples, "", core::between(16, 10'000'000),
                  "conversions of the sine"),
      core::field("cycles", &ConverterBench::cycles, "", core::between(1, 5'000'000),
                  "whole cycles of the sine in these; without a common divisor"),
      core::field("amplitude", &ConverterBench::amplitude, "", core::between(1e-6, 2),
                  "amplitude of the sine, in full scales"),
      core::field("per_step", &ConverterBench::per_step, "", core::between(1, 10'000),
                  "conversions of the ramp for each step of the converter"),
  };
  [[nodiscard]] std::string problem() const;

  [[nodiscard]] results::Result run(const io::Dataset& none, results::Progress& progress,
                                    results::Checkpoint checkpoint = {}) const;
};

}  // namespace ohmlab::experiments
