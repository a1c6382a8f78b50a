#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../levels.hpp"

namespace ohmlab::crossbar {

/// Bits that price a converter: its resolution, or the effective bits that its own noise leaves.
enum class AdcPricing { resolution, enob };
constexpr std::array<std::string_view, 2> enum_names(AdcPricing) { return {"resolution", "enob"}; }

/// Characteristic of converters with equidistant levels, symmetric about zero and clipped at a
/// bound. The unit is the output of one cell at w = 1 for an input at full scale.
struct Quantizer {
  std::int64_t resolution = 9;
  double bound = 12;
  AdcPricing priced_by = AdcPricing::resolution;
  static constexpr auto fields = core::Fields{
      core::field("bits", &Quantizer::resolution, "", core::between(2, 16), "resolution"),
      core::field("bound", &Quantizer::bound, "", core::above(0),
                  "full scale, in outputs of one cell at w = 1 and x = 1"),
      core::field("priced_by", &Quantizer::priced_by,
                  "bits that set the converter's energy, time and area: its resolution, or the "
                  "effective bits under `output_noise`, which is then the converter's own"),
  };
  static constexpr bool priced = true;

  [[nodiscard]] double full_scale() const noexcept { return bound; }
  /// Levels on each side of zero.
  [[nodiscard]] std::int64_t levels() const noexcept {
    return (std::int64_t{1} << (resolution - 1)) - 1;
  }
  /// The value within the range, in steps.
  [[nodiscard]] float steps(float value) const noexcept {
    const auto full = static_cast<float>(bound);
    return std::max(-full, std::min(full, value)) / full * levels_each_side(resolution);
  }
  /// The number of a level, in the unit of the bound; levels beyond the last are the last.
  [[nodiscard]] float number(std::int64_t level) const noexcept {
    const std::int64_t n = levels();
    return static_cast<float>(std::clamp(level, -n, n)) / levels_each_side(resolution) *
           static_cast<float>(bound);
  }

  [[nodiscard]] float convert(float value) const noexcept {
    return quantised(value, static_cast<float>(bound), levels_each_side(resolution));
  }
  [[nodiscard]] bool clips(float value) const noexcept {
    return std::abs(value) > static_cast<float>(bound);
  }
  /// Effective bits of a full-scale signal with Gaussian noise of this standard deviation before
  /// the converter: log2(2 bound / sqrt(12 (noise² + step²/12))), the ENOB of IEEE Std 1241.
  [[nodiscard]] double enob(double noise) const noexcept {
    const double step = bound / static_cast<double>(levels_each_side(resolution));
    return std::log2(2 * bound / std::sqrt(12 * noise * noise + step * step));
  }
  /// At least one bit, even if noise exceeds the signal.
  [[nodiscard]] double priced_bits(double noise) const noexcept {
    return priced_by == AdcPricing::enob ? std::max(1.0, enob(noise))
                                         : static_cast<double>(resolution);
  }
};

}  // namespace ohmlab::crossbar
