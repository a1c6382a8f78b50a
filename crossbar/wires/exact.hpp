#pragma once

#include <optional>
#include <string_view>

#include "../../core/fields.hpp"
#include "../figure.hpp"
#include "wired_tile.hpp"

namespace ohmlab::crossbar {

/// Word and bit lines with resistance, tile by tile. A driver is at one end of a line. An amplifier
/// holds the end of each line of the other side at zero volts. Cells and their references lie in
/// separate tiles.
///
/// Ohmic cells are read by one matrix, the same from both sides by reciprocity, computed anew after
/// each change of the cells; few inputs per change, and cells that are not ohmic, are solved input
/// by input. The noise of cells is that at the whole voltage, an upper bound. Writes see no wires.
struct ExactWires {
  static constexpr std::string_view name = "exact";
  static constexpr std::string_view summary =
      "Reads see the resistance of word and bit lines, by Kirchhoff's laws in every node of a "
      "tile; needs conductances, sensing of currents, and held voltages if cells are not ohmic.";
  static constexpr std::string_view equation =
      "at every node Σ (v_neighbour - v)/r + g f(v_other line - v) = 0; y = T x if f(v) = v, T the "
      "currents of the lines' ends";
  static constexpr std::string_view source = "A. Chen, IEEE TED 60, 1318 (2013)";
  double r_row = 1, r_col = 1;
  double r_row_end = 1, r_col_end = 1;
  static constexpr auto fields = core::Fields{
      core::field("r_row", &ExactWires::r_row, "ohm", core::above(0),
                  "resistance of a row's line from cell to cell")
          .usually(1e-3, 1e4),
      core::field("r_col", &ExactWires::r_col, "ohm", core::above(0),
                  "resistance of a column's line from cell to cell")
          .usually(1e-3, 1e4),
      core::field("r_row_end", &ExactWires::r_row_end, "ohm", core::above(0),
                  "resistance between a row's first cell and its driver or amplifier")
          .usually(1e-3, 1e5),
      core::field("r_col_end", &ExactWires::r_col_end, "ohm", core::above(0),
                  "resistance between a column's last cell and its driver or amplifier")
          .usually(1e-3, 1e5),
  };
  [[nodiscard]] std::optional<WireResistances> resistances() const {
    return WireResistances{r_row, r_col, r_row_end, r_col_end};
  }
  /// \param lost  lost share of the current that would flow without wires
  [[nodiscard]] Figure figure(double, double, double lost) const {
    return {"wire_loss", lost, "1",
            "share of the current that wires keep back with all lines driven alike"};
  }
};

}  // namespace ohmlab::crossbar
