#pragma once

#include <cmath>
#include <string_view>

#include "../../core/fields.hpp"
#include "../fits/sonos.hpp"

namespace ohmlab::devices {

struct SonosProgramming {
  static constexpr std::string_view name = "sonos";
  static constexpr std::string_view summary =
      "Charge-trap transistors (SONOS): a spread of the current that saturates.";
  static constexpr std::string_view equation =
      "sigma_I = 19.88665 nA (1 - exp(-I/176.3115 nA)), I = full_scale g/g_max";
  static constexpr std::string_view source =
      "Agrawal et al., IEDM 2022; numbers from a survey of simulators, the paper not read";
  static constexpr bool needs_range = true;
  double full_scale = 1.6e-6;
  static constexpr auto fields = core::Fields{
      core::field("full_scale", &SonosProgramming::full_scale, "A", core::above(0),
                  "read current of a cell at g_max")
          .usually(1e-9, 1e-4),
  };
  [[nodiscard]] double sigma(double g, double, double g_max) const noexcept {
    const double current = g / g_max * full_scale * 1e9;  // nA
    const double spread =
        SonosFit::amplitude[0] * -std::expm1(-current / SonosFit::scale[0]);  // nA
    return spread * 1e-9 / full_scale * g_max;
  }
};

}  // namespace ohmlab::devices
