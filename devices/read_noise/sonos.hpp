#pragma once

#include <cmath>
#include <string_view>

#include "../../core/fields.hpp"
#include "../fits/sonos.hpp"

namespace ohmlab::devices {

/// Fresh, independent noise in every read of every cell; its spectrum was not found. It is taken to
/// be white in time.
struct SonosReadNoise {
  static constexpr std::string_view name = "sonos";
  static constexpr std::string_view summary =
      "Charge-trap transistors (SONOS): a spread of the current that saturates, fresh in every "
      "read.";
  static constexpr std::string_view equation =
      "sigma_I = 12.58037 nA (1 - exp(-I/215.36557 nA)), I = full_scale g/g_max";
  static constexpr std::string_view source =
      "Agrawal et al., IEDM 2022; numbers from a survey of simulators, the paper not read";
  static constexpr bool quiet = false, needs_range = true;
  static constexpr bool slow = false;
  double full_scale = 1.6e-6;
  static constexpr auto fields = core::Fields{
      core::field("full_scale", &SonosReadNoise::full_scale, "A", core::above(0),
                  "read current of a cell at g_max")
          .usually(1e-9, 1e-4),
  };
  [[nodiscard]] double sigma(double, double g, double, double, double g_max) const noexcept {
    const double current = g / g_max * full_scale * 1e9;  // nA
    const double spread = SonosFit::read_amplitude * -std::expm1(-current / SonosFit::read_scale);
    return spread * 1e-9 / full_scale * g_max;
  }
};

}  // namespace ohmlab::devices
