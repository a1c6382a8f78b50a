#pragma once

#include <algorithm>
#include <array>
#include <string_view>

#include "../../core/fields.hpp"
#include "../fits/rram_wan.hpp"
#include "../polynomial.hpp"

namespace ohmlab::devices {

/// See `RramWanFit`.
enum class RramWanCurve { quartic, cubic };
constexpr std::array<std::string_view, 2> enum_names(RramWanCurve) { return {"quartic", "cubic"}; }

/// Spread one second after write-and-verify, when most of the relaxation is over. Drift of the same
/// kind goes on from there.
struct RramWanProgramming {
  static constexpr std::string_view name = "rram_wan";
  static constexpr std::string_view summary =
      "Filamentary resistive memory one second after write-and-verify; two published fits of the "
      "same figure.";
  static constexpr std::string_view equation =
      "quartic: sigma = g_max/40 max(0, 0.348 + 16.030 x - 43.853 x^2 + 45.393 x^3 - 16.815 x^4); "
      "cubic: g_max/40 (1.053 + 0.2374 y - 1.167e-2 y^2 + 1.536e-4 y^3), y = 40 x; x = "
      "min(g/g_max, "
      "1); 40 uS is the g_max of the fits";
  static constexpr std::string_view source =
      "Wan et al., Nature 608, 504 (2022), extended data figure 3d, by two published fits";
  static constexpr bool needs_range = true;
  RramWanCurve fit = RramWanCurve::quartic;
  static constexpr auto fields = core::Fields{
      core::field("fit", &RramWanProgramming::fit,
                  "fit of the figure; they differ by up to half near g_max. The drift \"rram_wan\" "
                  "goes with the quartic"),
  };
  [[nodiscard]] double sigma(double g, double, double g_max) const noexcept {
    const double x = std::min(g / g_max, 1.0);
    const double share = fit == RramWanCurve::quartic ? polynomial(RramWanFit::second, x)
                                                      : polynomial(RramWanFit::second_cubic, x);
    return g_max * 1e-6 / RramWanFit::g_max * std::max(0.0, share);
  }
};

}  // namespace ohmlab::devices
