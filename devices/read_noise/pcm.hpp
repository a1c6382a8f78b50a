#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::devices {

/// Phase-change memory: 1/f noise accumulated between programming and reading, drawn afresh in each
/// read. The correlation between reads is left out. All noise is below 1/(2 t_r), so that it is
/// constant during a read.
struct PcmReadNoise {
  static constexpr std::string_view name = "pcm";
  static constexpr std::string_view summary =
      "Phase-change memory: 1/f noise accumulated since programming, drawn afresh in each read "
      "(correlation left out).";
  static constexpr std::string_view equation =
      "sigma = g Q sqrt(ln((t + t_r)/(2 t_r))), Q = min(0.0088/max(x^0.65, 1e-3), 0.2), x = "
      "written g / g_max, t = age + t0";
  static constexpr std::string_view source =
      "Nandakumar et al., ICECS 2019; Joshi et al., Nat. Commun. 11, 2473 (2020)";
  static constexpr bool quiet = false, needs_range = true;
  static constexpr bool slow = true;
  double t_r = 250e-9;
  double t0 = 20;
  static constexpr auto fields = core::Fields{
      core::field("t_r", &PcmReadNoise::t_r, "s", core::above(0), "duration of a read in the fit")
          .usually(1e-11, 1),
      core::field("t0", &PcmReadNoise::t0, "s", core::at_least(0),
                  "time between programming and the read that ages are counted from, as in drift")
          .usually(1e-9, 1e6),
  };
  [[nodiscard]] double sigma(double written, double g, double age, double,
                             double g_max) const noexcept {
    const double q = std::min(0.0088 / std::max(std::pow(written / g_max, 0.65), 1e-3), 0.2);
    return g * q * std::sqrt(std::max(0.0, std::log((age + t0 + t_r) / (2 * t_r))));
  }
};

}  // namespace ohmlab::devices
