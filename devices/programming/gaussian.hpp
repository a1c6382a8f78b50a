#pragma once

#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::devices {

struct GaussianProgramming {
  static constexpr std::string_view name = "gaussian";
  static constexpr std::string_view summary =
      "A normal error of the same size everywhere in the range.";
  static constexpr std::string_view equation = "g = target + std (g_max - g_min) xi, not below 0";
  static constexpr std::string_view source = "definition";
  static constexpr bool needs_range = false;
  double std = 0.01;
  static constexpr auto fields = core::Fields{
      core::field("std", &GaussianProgramming::std, "", core::at_least(0),
                  "standard deviation as a share of the range"),
  };
  [[nodiscard]] double sigma(double, double g_min, double g_max) const noexcept {
    return std * (g_max - g_min);
  }
};

}  // namespace ohmlab::devices
