#pragma once

#include <algorithm>
#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::devices {

/// Phase-change memory after iterative programming, fitted to more than 10 000 devices.
struct PcmProgramming {
  static constexpr std::string_view name = "pcm";
  static constexpr std::string_view summary =
      "Phase-change memory: a parabola over the target, fitted to over 10 000 devices.";
  static constexpr std::string_view equation =
      "sigma = g_max/25 max(0, 0.26348 + 1.9650 x - 1.1731 x^2), x = g/g_max; 25 uS is the g_max "
      "of the fit";
  static constexpr std::string_view source =
      "Nandakumar et al., ICECS 2019; Joshi et al., Nat. Commun. 11, 2473 (2020)";
  static constexpr bool needs_range = true;
  static constexpr core::Fields<> fields{};

  [[nodiscard]] double sigma(double g, double, double g_max) const noexcept {
    const double x = g / g_max;
    return g_max / 25 * std::max(0.0, 0.26348 + 1.9650 * x - 1.1731 * x * x);
  }
};

}  // namespace ohmlab::devices
