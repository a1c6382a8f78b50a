#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../levels.hpp"
#include "../line_errors.hpp"
#include "waveform.hpp"

namespace ohmlab::crossbar {

/// Bits of the magnitude, the lowest first. Each bit is a whole read with the voltage at full scale
/// or off. Converters turn every slice into a number; the numbers are shifted and added. For
/// comparators, slices share their charge on a capacitor, weighted by their bits.
struct BitSerialDac : HeldVoltage {
  static constexpr std::string_view name = "bit_serial";
  static constexpr std::string_view summary =
      "One read per bit of the magnitude; the voltage is at full scale, with the input's sign, or "
      "off.";
  static constexpr std::string_view equation =
      "y = Σ_k 2^k/n read(sign(x) bit_k(round(|clip(x, 1)| n))), n = 2^(bits-1) - 1, k = 0 .. "
      "bits-2";
  static constexpr std::string_view source =
      "Shafiee et al. (ISAAC), ISCA 2016; Jia et al., IEEE JSSC 55, 2609 (2020)";
  static constexpr bool priced = true;
  static constexpr bool clips = true;
  static constexpr bool off_at_zero = true;
  static constexpr cost::Action action = cost::Action::dac_drive;
  static constexpr cost::Part part = cost::Part::dac;
  std::int64_t resolution = 7;
  LineErrors errors;
  static constexpr auto fields = core::Fields{
      core::field("bits", &BitSerialDac::resolution, "", core::between(2, 16),
                  "resolution, sign included"),
      core::field("errors", &BitSerialDac::errors, "errors of the drivers"),
  };
  [[nodiscard]] std::int64_t slices() const noexcept { return resolution - 1; }
  [[nodiscard]] float share(std::int64_t slice) const noexcept {
    return static_cast<float>(std::int64_t{1} << slice) / levels_each_side(resolution);
  }
  [[nodiscard]] float level(float value, std::int64_t slice) const noexcept {
    const float n = levels_each_side(resolution);
    const auto magnitude =
        static_cast<std::int32_t>(std::nearbyint(std::min(1.0F, std::abs(value)) * n));
    return std::copysign(static_cast<float>((magnitude >> slice) & 1), value);
  }
  [[nodiscard]] double bits() const noexcept { return static_cast<double>(resolution); }
  /// Bits of the driver: one bit and a sign.
  [[nodiscard]] static constexpr double drive_bits() noexcept { return 2; }
};

}  // namespace ohmlab::crossbar
