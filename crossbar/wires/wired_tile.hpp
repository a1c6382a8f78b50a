#pragma once

#include "../../core/matrix.hpp"

namespace ohmlab::crossbar {

/// Resistances of the lines of one tile, ohm. Each line has one end outside. A driven line ends at
/// a driver; a read line ends at an amplifier that holds it at zero volts.
struct WireResistances {
  double row = 1, col = 1;  ///< piece of a row's or a column's line between two cells
  /// From the outside to the first cell of a row, or to the last cell of a column.
  double row_end = 1, col_end = 1;
};

/// A tile of ohmic cells with wires, seen from outside: a linear network of its lines' ends.
struct WiredTile {
  /// Current out of a column's end per volt at a row's end, all others at zero, S, rows × cols. By
  /// reciprocity also the current out of a row's end per volt at a column's end.
  core::MatrixD transfer;
  /// Currents into rows' ends per volt at these ends, columns at zero, S, rows × rows.
  core::MatrixD from_rows;
  core::MatrixD from_cols;  ///< the same for columns, S, cols × cols
};

/// Solves Kirchhoff's current law in every node of a tile, by merging its parts; see
/// `merged_tile.hpp`.
/// \param conductances  S, rows × cols, from 0
/// \pre all resistances are above 0
[[nodiscard]] WiredTile solve_wires(const core::MatrixD& conductances,
                                    const WireResistances& resistances);

}  // namespace ohmlab::crossbar
