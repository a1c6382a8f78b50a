#pragma once

#include <algorithm>
#include <cmath>
#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::devices {

/// 1/f and telegraph noise of conductive metal oxide on HfOx, drawn afresh in each read. The
/// correlation between reads is left out. The fit covers 8 to 90 uS; conductances are absolute.
struct CmoHfoxReadNoise {
  static constexpr std::string_view name = "cmo_hfox";
  static constexpr std::string_view summary =
      "Conductive metal oxide on HfOx: noise that grows with the logarithm of the conductance and "
      "with the time since the write, drawn afresh in each read (correlation left out).";
  static constexpr std::string_view equation =
      "sigma = 0.02773165 uS max(0, log10(g/uS)) sqrt(ln((t + t_r)/(2 t_r)))";
  static constexpr std::string_view source =
      "Falcone et al., arXiv 2502.04524 (2025); Lombardo et al., DRC 2024; confirmed to three "
      "digits "
      "in the documentation of IBM's AIHWKit, which prints \"log\": that it is to the base of 10 "
      "is "
      "from a survey of simulators";
  static constexpr bool quiet = false, needs_range = true;
  static constexpr bool slow = true;
  double t_r = 1e-6;
  static constexpr auto fields = core::Fields{
      core::field("t_r", &CmoHfoxReadNoise::t_r, "s", core::above(0),
                  "duration of a read in the fit")
          .usually(1e-11, 1),
  };
  [[nodiscard]] double sigma(double, double g, double age, double, double) const noexcept {
    const double level = std::max(0.0, std::log10(std::max(g * 1e6, 1.0)));
    return 0.0277316483e-6 * level * std::sqrt(std::max(0.0, std::log((age + t_r) / (2 * t_r))));
  }
};

}  // namespace ohmlab::devices
