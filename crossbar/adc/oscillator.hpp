#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../cost/actions.hpp"
#include "quantizer.hpp"

namespace ohmlab::crossbar {

/// An oscillator at each line, whose frequency follows the size of the current, and a counter. The
/// sign is found apart. At full scale it counts n periods.
///
/// The frequency is compressed at large currents: f(u) = u (1 + c)/(1 + c u), so that f(1) = 1.
/// Noise of the oscillator is white, so that the variance of the time of N periods grows as N.
struct OscillatorAdc : Quantizer {
  static constexpr std::string_view name = "oscillator";
  static constexpr std::string_view summary =
      "A current-controlled oscillator and a counter at every line; compression of the frequency, "
      "gain of each oscillator, jitter.";
  static constexpr std::string_view equation =
      "level = sgn(y) round(N + jitter sqrt(N) xi), N = n (1 + gain xi) u (1 + c)/(1 + c u), u = "
      "abs(y)/bound; time 2^bits periods";
  static constexpr std::string_view source =
      "a converter in each column: Khaddam-Aljameh et al., IEEE JSSC 57, 1027 (2022); white "
      "jitter: "
      "Hajimiri, Limotyrakis & Lee, IEEE JSSC 34, 790 (1999), from memory";
  static constexpr cost::Action action = cost::Action::oscillator_convert;
  static constexpr cost::Part part = cost::Part::oscillator_adc;
  double compression = 0, gain = 0, jitter = 0;
  static constexpr auto fields = core::joined(
      Quantizer::fields,
      core::Fields{
          core::field("compression", &OscillatorAdc::compression, "", core::between(0, 10),
                      "c of the frequency, the same for all oscillators; 0: a straight line"),
          core::field("gain", &OscillatorAdc::gain, "", core::between(0, 1),
                      "standard deviation of the frequency over oscillators, as a share of it"),
          core::field("jitter", &OscillatorAdc::jitter, "", core::between(0, 1),
                      "standard deviation of one period, as a share of it"),
      });
  [[nodiscard]] static constexpr double lines_each() noexcept { return 1; }

  /// Jitter at full scale, as noise before the converter.
  [[nodiscard]] double input_noise() const noexcept {
    return bound * jitter / std::sqrt(static_cast<double>(levels()));
  }
  [[nodiscard]] double enob(double before) const noexcept {
    return Quantizer::enob(std::hypot(before, input_noise()));
  }
  [[nodiscard]] double priced_bits(double before) const noexcept {
    return Quantizer::priced_bits(std::hypot(before, input_noise()));
  }
  [[nodiscard]] bool exact() const noexcept { return compression == 0 && gain == 0 && jitter == 0; }
  [[nodiscard]] static constexpr std::int64_t normals() noexcept { return 1; }
  [[nodiscard]] static constexpr std::int64_t parts() noexcept { return 1; }
  /// Periods of the largest current.
  void build(const float* xi, const float*, float* made) const noexcept {
    made[0] = levels_each_side(resolution) * (1 + static_cast<float>(gain) * xi[0]);
  }
  [[nodiscard]] std::int64_t draws() const noexcept { return jitter > 0 ? 1 : 0; }
  using Quantizer::convert;
  [[nodiscard]] float convert(float value, const float* made, const float* xi) const noexcept {
    const auto c = static_cast<float>(compression);
    const float u = std::min(1.0F, std::abs(value) / static_cast<float>(bound));
    float periods = made[0] * (u * (1 + c) / (1 + c * u));
    if (jitter > 0)
      periods += static_cast<float>(jitter) * std::sqrt(std::max(0.0F, periods)) * xi[0];
    const auto level = static_cast<std::int64_t>(std::nearbyint(std::max(0.0F, periods)));
    return number(value < 0 ? -level : level);
  }
};

}  // namespace ohmlab::crossbar
