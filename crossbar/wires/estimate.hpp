#pragma once

#include <optional>
#include <string_view>

#include "../../core/fields.hpp"
#include "../figure.hpp"
#include "wired_tile.hpp"

namespace ohmlab::crossbar {

/// Wires without resistance, and an estimate of the neglected voltage drop.
struct EstimatedWires {
  static constexpr std::string_view name = "estimate";
  static constexpr std::string_view summary =
      "Reads see no wire resistance; the first-order voltage drop at the far cell is estimated, "
      "and warned about above 5 %.";
  static constexpr std::string_view equation =
      "dV/V = r g_mean n^2/2, n the longer side of a tile, all lines driven";
  static constexpr std::string_view source =
      "first-order sum of a ladder; A. Chen, IEEE TED 60, 1318 (2013) is exact";
  double r_cell = 1;
  static constexpr auto fields = core::Fields{
      core::field("r_cell", &EstimatedWires::r_cell, "ohm", core::at_least(0),
                  "wire resistance from cell to cell")
          .usually(1e-3, 1e4),
  };
  [[nodiscard]] double drop(double g_mean, double cells) const noexcept {
    return r_cell * g_mean * cells * cells / 2;
  }
  /// No resistance: a read sees the cells as they are.
  [[nodiscard]] static std::optional<WireResistances> resistances() { return std::nullopt; }
  [[nodiscard]] Figure figure(double g_mean, double longest, double) const {
    return {"ir_drop_estimate",
            drop(g_mean, longest),
            "1",
            "first-order voltage drop at the far cell with all lines driven",
            1,
            Over::largest};
  }
};

}  // namespace ohmlab::crossbar
