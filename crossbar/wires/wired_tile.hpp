#pragma once

#include "../../core/matrix.hpp"

namespace ohmlab::crossbar {

/// Resistances of the lines of one tile, ohm. Each line has one end outside: of a driver when it is
/// driven, of an amplifier that holds it at zero volts when it is read.
struct WireResistances {
  double row = 1, col = 1;  ///< of the piece of a row's or a column's line between two cells
  double row_end = 1,
         col_end = 1;  ///< between the outside and the first cell of a row, the last of a column
};

/// A tile of ohmic cells with wires, seen from outside: a linear network of its lines' ends.
struct WiredTile {
  /// S, rows × cols: the current out of a column's end for a volt at a row's, all others at zero;
  /// by reciprocity also that out of the row's for a volt at the column's.
  core::MatrixD transfer;
  /// S, rows × rows: currents into rows' ends for volts there, columns at zero
  core::MatrixD from_rows;
  core::MatrixD from_cols;  ///< S, cols × cols: the same for columns
};

/// Solves Kirchhoff's current law in every node of a tile, by elimination of one line after
/// another.
/// \param conductances  S, rows × cols, from 0
/// \pre all resistances are above 0
///
/// Time grows as cols · rows³ + rows · cols³.
[[nodiscard]] WiredTile solve_wires(const core::MatrixD& conductances,
                                    const WireResistances& resistances);

}  // namespace ohmlab::crossbar
