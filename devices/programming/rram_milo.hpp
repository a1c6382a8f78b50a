#pragma once

#include <algorithm>
#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::devices {

/// The conductances are absolute. The fit covers 50 to 225 uS.
struct RramMiloProgramming {
  static constexpr std::string_view name = "rram_milo";
  static constexpr std::string_view summary =
      "HfO2 resistive memory after write-and-verify with rising gate voltages (IGVVA-100): a line "
      "that falls with the target.";
  static constexpr std::string_view equation = "sigma = max(0, 4.782321 uS - 0.009107 g)";
  static constexpr std::string_view source =
      "Milo et al., IRPS 2021, figure 4; numbers from a survey of simulators, the paper not read";
  static constexpr bool needs_range = true;
  static constexpr core::Fields<> fields{};

  [[nodiscard]] double sigma(double g, double, double) const noexcept {
    return std::max(0.0, 4.782321e-6 - 0.009107 * g);
  }
};

}  // namespace ohmlab::devices
