#pragma once

#include <algorithm>
#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../polynomial.hpp"

namespace ohmlab::devices {

/// The phase-change cells of the chip "HERMES", of one device or of two that share a conductance.
/// The coefficients were taken from a survey of simulators; of the paper only the abstract was
/// read.
struct HermesProgramming {
  static constexpr std::string_view name = "hermes";
  static constexpr std::string_view summary =
      "Phase-change memory of a 64-core chip, one or two devices a cell: a cubic over the target.";
  static constexpr std::string_view equation =
      "two devices: sigma = g_max/20.7 (0.16603222 + 4.71806468 x - 8.48101252 x^2 + 4.68961419 "
      "x^3); one: g_max/10.35 (0.15781817 + 2.32443916 x - 2.16310839 x^2 + 0.68841818 x^3); x = "
      "min(g/g_max, 1); 20.7 and 10.35 uS are the g_max of the fits";
  static constexpr std::string_view source =
      "Le Gallo et al., Nat. Electron. 6, 680 (2023); two devices: Vasilopoulos et al., IEEE TED "
      "(2023)";
  static constexpr bool needs_range = true;
  std::int64_t devices = 2;
  static constexpr auto fields = core::Fields{
      core::field("devices", &HermesProgramming::devices, "", core::between(1, 2),
                  "phase-change devices a cell"),
  };
  [[nodiscard]] double sigma(double g, double, double g_max) const noexcept {
    constexpr double one[4] = {0.15781817, 2.32443916, -2.16310839, 0.68841818};
    constexpr double two[4] = {0.16603222, 4.71806468, -8.48101252, 4.68961419};
    const double x = std::min(g / g_max, 1.0);
    return devices == 1 ? g_max / 10.35 * polynomial(one, x) : g_max / 20.7 * polynomial(two, x);
  }
};

}  // namespace ohmlab::devices
