#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "../../core/fields.hpp"
#include "../../cost/actions.hpp"
#include "quantizer.hpp"
#include "takes_turns.hpp"

namespace ohmlab::crossbar {

/// Successive approximation. Capacitors in powers of two divide the reference; a comparator
/// decides bit after bit, the highest first, which of them stay at it.
///
/// Capacitors are made of units, each with an independent relative error: one of 2^k units differs
/// by mismatch √(2^k). The weight of a bit is the share of its capacitor in the whole array. With
/// `split`, so many low bits are an array of their own, behind a bridge of 2^split/(2^split - 1)
/// units. That array is smaller by 2^split, and errors of the high bits are larger by √(2^split).
struct SarAdc : Quantizer, TakesTurns {
  static constexpr std::string_view name = "sar";
  static constexpr std::string_view summary =
      "Successive approximation with capacitors in powers of two, in one array or two with a "
      "bridge; mismatch of capacitors, comparator offset and noise.";
  static constexpr std::string_view equation =
      "bit k stays where s + offset + noise xi_k > sum of the bits that stay + w_k, highest first; "
      "w_k = 2^bits C_k/C, C_k = 2^k + mismatch sqrt(2^k) xi";
  static constexpr std::string_view source =
      "McCreary & Gray, IEEE JSSC 10, 371 (1975); split array and mismatch: Ginsburg & "
      "Chandrakasan, IEEE JSSC 42, 739 (2007), from memory";
  static constexpr cost::Action action = cost::Action::adc_convert;
  static constexpr cost::Part part = cost::Part::adc;
  std::int64_t split = 0;
  double mismatch = 0, offset = 0, noise = 0;
  static constexpr auto fields = core::joined(
      Quantizer::fields, TakesTurns::fields,
      core::Fields{
          core::field("split", &SarAdc::split, "", core::between(0, 15),
                      "low bits in an array of their own behind a bridge capacitor; 0: one array"),
          core::field("mismatch", &SarAdc::mismatch, "", core::between(0, 0.3),
                      "standard deviation of one unit capacitor, as a share of it"),
          core::field("offset", &SarAdc::offset, "", core::between(0, 1),
                      "standard deviation of the comparator's offset over converters, in full "
                      "scales"),
          core::field("noise", &SarAdc::noise, "", core::between(0, 1),
                      "standard deviation of the comparator's noise in each decision, in full "
                      "scales"),
      });
  [[nodiscard]] std::string problem() const {
    if (split < resolution && (split == 0 || mismatch > 0)) return "";
    if (split >= resolution)
      return fmt::format("split = {} leaves no high bits: expected less than the bits, {}", split,
                         resolution);
    return "split = 1 or more changes the errors of capacitors: expected mismatch above 0";
  }

  [[nodiscard]] double enob(double before) const noexcept {
    return Quantizer::enob(std::hypot(before, bound * noise));
  }
  [[nodiscard]] double priced_bits(double before) const noexcept {
    return Quantizer::priced_bits(std::hypot(before, bound * noise));
  }

  [[nodiscard]] bool exact() const noexcept { return mismatch == 0 && offset == 0 && noise == 0; }
  /// Offset, dummy, bridge, and a capacitor for each bit.
  [[nodiscard]] std::int64_t normals() const noexcept { return 3 + resolution; }
  /// Offset and weights of the bits, the lowest first, in steps.
  [[nodiscard]] std::int64_t parts() const noexcept { return 1 + resolution; }
  void build(const float* xi, const float*, float* made) const noexcept {
    const auto n = static_cast<double>(levels());
    made[0] = static_cast<float>(offset * n * static_cast<double>(xi[0]));
    const auto capacitor = [&](double units, std::int64_t normal) {
      return units + mismatch * std::sqrt(units) * static_cast<double>(xi[normal]);
    };
    const std::int64_t low_bits = split;
    double low = capacitor(1, 1), high = low_bits > 0 ? 0.0 : low;  // a dummy ends the lowest array
    double size[16];
    for (std::int64_t k = 0; k < resolution; ++k) {
      size[k] =
          capacitor(std::ldexp(1.0, static_cast<int>(k < low_bits ? k : k - low_bits)), 3 + k);
      (k < low_bits ? low : high) += size[k];
    }
    double through = 1;  // share of a low capacitor's charge that passes the bridge
    if (low_bits > 0) {
      const double ratio = std::ldexp(1.0, static_cast<int>(low_bits));
      const double bridge = capacitor(ratio / (ratio - 1), 2);
      through = bridge / (low + bridge);
      high += low * through;
    }
    const double steps_each = std::ldexp(1.0, static_cast<int>(resolution)) / high;
    for (std::int64_t k = 0; k < resolution; ++k)
      made[1 + k] = static_cast<float>(steps_each * size[k] * (k < low_bits ? through : 1));
  }
  [[nodiscard]] std::int64_t draws() const noexcept { return noise > 0 ? resolution : 0; }
  using Quantizer::convert;
  [[nodiscard]] float convert(float value, const float* made, const float* xi) const noexcept {
    const std::int64_t middle = levels() + 1;
    const auto of_noise = static_cast<float>(noise) * levels_each_side(resolution);
    const float sampled = steps(value) + static_cast<float>(middle) + 0.5F + made[0];
    float sum = 0;
    std::int64_t code = 0;
    for (std::int64_t k = resolution - 1; k >= 0; --k) {
      const float tried = sum + made[1 + k];
      const float seen = of_noise > 0 ? sampled + of_noise * xi[k] : sampled;
      const bool stays = seen > tried;
      sum = stays ? tried : sum;
      code |= static_cast<std::int64_t>(stays) << k;
    }
    return number(code - middle);
  }
};

}  // namespace ohmlab::crossbar
