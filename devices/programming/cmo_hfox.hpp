#pragma once

#include <array>
#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::devices {

/// Distance from the target, as a share of it, at which write-and-verify stops.
enum class CmoAcceptance { two_percent, fifth_percent };
constexpr std::array<std::string_view, 2> enum_names(CmoAcceptance) { return {"2%", "0.2%"}; }

/// Spread when write-and-verify stops. The cells relax at once; see the drift of the same kind. The
/// conductances are absolute.
struct CmoHfoxProgramming {
  static constexpr std::string_view name = "cmo_hfox";
  static constexpr std::string_view summary =
      "Conductive metal oxide on HfOx after a closed loop of identical pulses, by its range of "
      "acceptance.";
  static constexpr std::string_view equation =
      "2%: sigma = 11.2185 nS + 0.0112903 g; 0.2%: sigma = 0.81107 nS + 0.00106879 g";
  static constexpr std::string_view source =
      "Falcone et al., arXiv 2502.04524 (2025); the lines confirmed to four digits in the "
      "documentation of IBM's AIHWKit, \"Inference with analog CMO-ReRAM statistical model\"";
  static constexpr bool needs_range = true;
  CmoAcceptance acceptance = CmoAcceptance::two_percent;
  static constexpr auto fields = core::Fields{
      core::field("acceptance", &CmoHfoxProgramming::acceptance,
                  "distance from the target, as a share of it, at which the loop stops"),
  };
  [[nodiscard]] double sigma(double g, double, double) const noexcept {
    return acceptance == CmoAcceptance::two_percent ? 11.2185391e-9 + 0.01129027418 * g
                                                    : 0.81107e-9 + 0.00106879 * g;
  }
};

}  // namespace ohmlab::devices
