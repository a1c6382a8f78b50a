#pragma once

#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <string_view>
#include <tuple>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/crossbar/array.hpp"
#include "ohmlab/crossbar/levels.hpp"

/// What makes numbers and decisions of an array's outputs, in its own units: an output of 1 is what one cell
/// at w = 1 gives for an input at full scale.
namespace ohmlab::crossbar {

/// What a converter is priced by: its codes, or the bits that its own noise leaves of them.
enum class AdcPricing { resolution, enob };
constexpr std::array<std::string_view, 2> enum_names(AdcPricing) { return {"resolution", "enob"}; }

struct NoAdc {
  static constexpr std::string_view name = "none";
  static constexpr std::string_view summary = "Outputs are read exactly; has no price.";
  static constexpr std::tuple<> fields{};
  static constexpr bool priced = false;
  [[nodiscard]] static constexpr float convert(float value) noexcept { return value; }
  [[nodiscard]] static constexpr bool clips(float) noexcept { return false; }
  [[nodiscard]] static constexpr double enob(double) noexcept { return 0; }
  [[nodiscard]] static constexpr double priced_bits(double) noexcept { return 0; }
  [[nodiscard]] static constexpr double lines_each() noexcept { return 1; }
};

struct UniformAdc {
  static constexpr std::string_view name = "uniform";
  static constexpr std::string_view summary = "Equidistant levels, symmetric about zero, clipped at a bound.";
  static constexpr std::string_view equation =
      "y' = bound round(clip(y, bound)/bound n)/n, n = 2^(bits-1) - 1";
  static constexpr std::string_view source =
      "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016): 9 bits, bound 12";
  static constexpr bool priced = true;
  std::int64_t resolution = 9;
  double bound = 12;
  std::int64_t columns_per_adc = 1;
  AdcPricing priced_by = AdcPricing::resolution;
  static constexpr auto fields = std::tuple{
      core::field("bits", &UniformAdc::resolution, "", core::between(2, 16), "resolution"),
      core::field("bound", &UniformAdc::bound, "", core::above(0),
                  "full scale, in outputs of one cell at w = 1 and x = 1"),
      core::field("columns_per_adc", &UniformAdc::columns_per_adc, "", core::between(1, 4096),
                  "lines that take turns at one converter"),
      core::field(
          "priced_by", &UniformAdc::priced_by,
          "bits that its energy, time and area follow: all, or those left by `output_noise`, which is "
          "then the converter's own"),
  };
  [[nodiscard]] float convert(float value) const noexcept {
    return quantised(value, static_cast<float>(bound), levels_each_side(resolution));
  }
  [[nodiscard]] bool clips(float value) const noexcept { return std::abs(value) > static_cast<float>(bound); }
  /// Bits of the ideal converter with as much error as this one has with Gaussian noise of this standard
  /// deviation before it: log2(2 bound / sqrt(12 (noise² + step²/12))), the ENOB of IEEE Std 1241 for a
  /// full-scale signal.
  [[nodiscard]] double enob(double noise) const noexcept {
    const double step = bound / static_cast<double>(levels_each_side(resolution));
    return std::log2(2 * bound / std::sqrt(12 * noise * noise + step * step));
  }
  /// At least one: a converter buried in noise still is one.
  [[nodiscard]] double priced_bits(double noise) const noexcept {
    return priced_by == AdcPricing::enob ? std::max(1.0, enob(noise)) : static_cast<double>(resolution);
  }
  [[nodiscard]] double lines_each() const noexcept { return static_cast<double>(columns_per_adc); }
};

struct Adc : core::OneOf<UniformAdc,  //
                         NoAdc> {
  static constexpr std::string_view name = "adc";
  static constexpr std::string_view question = "How does a line's current become a number?";
};

/// A noisy one-bit decision. Gaussian noise of 1.702 logits imitates the logistic function to 0.0095;
/// logistic noise of scale 1 is exact and no circuit's.
struct Comparator {
  ComparatorNoise noise = ComparatorNoise::gaussian;
  double scale = 1.702;
  static constexpr auto fields = std::tuple{
      core::field("noise", &Comparator::noise, "law of the noise"),
      core::field("scale", &Comparator::scale, "", core::above(0),
                  "standard deviation (gaussian) or scale (logistic) of the noise, in logits"),
  };
};

}  // namespace ohmlab::crossbar
