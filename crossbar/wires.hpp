#pragma once

#include <string_view>
#include <tuple>

#include "ohmlab/core/fields.hpp"

namespace ohmlab::crossbar {

/// Wires without resistance, and an estimate of what that leaves out.
struct EstimatedWires {
  static constexpr std::string_view name = "estimate";
  static constexpr std::string_view summary =
      "Reads see no wire resistance; the first-order voltage drop at the far cell is estimated, and warned "
      "about above "
      "5 %.";
  static constexpr std::string_view equation =
      "dV/V = r g_mean n^2/2, n the longer side of a tile, all lines driven";
  static constexpr std::string_view source =
      "first-order sum of a ladder; A. Chen, IEEE TED 60, 1318 (2013) is exact";
  double r_cell = 1;
  static constexpr auto fields = std::tuple{
      core::field("r_cell", &EstimatedWires::r_cell, "ohm", core::at_least(0),
                  "wire resistance from cell to cell")
          .usually(1e-3, 1e4),
  };
  [[nodiscard]] double drop(double g_mean, double cells) const noexcept {
    return r_cell * g_mean * cells * cells / 2;
  }
};

struct Wires : core::OneOf<EstimatedWires> {
  static constexpr std::string_view name = "wires";
  static constexpr std::string_view question = "What do the lines of a tile do to its voltages?";
};

}  // namespace ohmlab::crossbar
