#pragma once

#include <cmath>
#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::devices {

/// Fresh, independent noise in every read of every cell, white in time. A pulse over a part of the
/// read gathers that part of the variance.
struct WhiteReadNoise {
  static constexpr std::string_view name = "white";
  static constexpr std::string_view summary =
      "Fresh, independent normal noise in every read of every cell.";
  static constexpr std::string_view equation = "sigma^2 = (std (g_max - g_min))^2 + (relative g)^2";
  static constexpr std::string_view source = "definition";
  static constexpr bool quiet = false, needs_range = false;
  static constexpr bool slow = false;
  double std = 0.01;
  double relative = 0;
  static constexpr auto fields = core::Fields{
      core::field("std", &WhiteReadNoise::std, "", core::at_least(0),
                  "standard deviation as a share of the range"),
      core::field("relative", &WhiteReadNoise::relative, "", core::at_least(0),
                  "standard deviation as a share of the conductance"),
  };
  [[nodiscard]] double sigma(double, double g, double, double g_min, double g_max) const noexcept {
    return std::hypot(std * (g_max - g_min), relative * g);
  }
};

}  // namespace ohmlab::devices
