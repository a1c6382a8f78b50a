#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>

#include "../../cost/actions.hpp"
#include "quantizer.hpp"

namespace ohmlab::crossbar {

/// Levels that lie closer near zero (mu-law). An example of docs/adding.md: it is billed as the
/// uniform converter with one bit more, for the curve before it.
struct CompandingAdc : Quantizer {
  static constexpr std::string_view name = "companding";
  static constexpr std::string_view summary = "Levels that lie closer near zero, by the mu-law.";
  static constexpr std::string_view equation =
      "y' = c^-1(round(c(y/bound) n)/n) bound, c(x) = sgn(x) ln(1 + mu |x|)/ln(1 + mu)";
  static constexpr std::string_view source = "ITU-T G.711 for the law; an example";
  static constexpr cost::Action action = cost::Action::adc_convert;
  static constexpr cost::Part part = cost::Part::adc;
  double mu = 15;
  static constexpr auto fields = core::joined(
      Quantizer::fields, core::Fields{core::field("mu", &CompandingAdc::mu, "",
                                                  core::between(1, 1000), "curvature of the law")});

  [[nodiscard]] float convert(float y) const noexcept {
    const float curve = std::log1p(static_cast<float>(mu)), full = static_cast<float>(bound);
    const float x = std::clamp(y / full, -1.0F, 1.0F);
    const float bent = std::copysign(std::log1p(static_cast<float>(mu) * std::abs(x)) / curve, x);
    const float level = Quantizer::convert(bent * full) / full;
    return std::copysign(std::expm1(std::abs(level) * curve) / static_cast<float>(mu), level) *
           full;
  }
  [[nodiscard]] double priced_bits(double noise) const noexcept {
    return Quantizer::priced_bits(noise) + 1;
  }
  [[nodiscard]] static constexpr double lines_each() noexcept { return 1; }
};

}  // namespace ohmlab::crossbar
