#include "row_reads.hpp"

#include <algorithm>
#include <cmath>

#include "../core/errors.hpp"
#include "wired_cells.hpp"
#include "wires/nonlinear_tile.hpp"

namespace ohmlab::crossbar {
namespace {

using core::MatrixD;
using core::VectorD;

/// Currents out of the columns for a volt at one row, S, and the current into the row.
struct DrivenRow {
  VectorD out;
  double in = 0;
};

/// \param states  of the tiles that the row crosses, rows × all columns
/// \param row     number of the row in its tiles
DrivenRow driven_row(const MappedCells& cells, const WireResistances& wires,
                     const core::Matrix& states, Index row) {
  const Tiling& tiling = cells.tiling();
  const CellLaw law = law_of(cells.device());
  DrivenRow out{VectorD(tiling.cols), 0};
  for (Index j = 0; j < tiling.cols; j += tiling.tile_cols) {
    const Index cols = std::min(tiling.tile_cols, tiling.cols - j);
    const MatrixD g = cells.conductances(states.middleCols(j, cols));
    const VectorD rows_at = VectorD::Unit(states.rows(), row), cols_at = VectorD::Zero(cols);
    const TileState state = law ? solve_nonlinear(g, wires, rows_at, cols_at, law)
                                : LineSolver(g, wires).solve(rows_at, cols_at);
    if (!std::isfinite(state.bound)) {
      throw core::UserError({}, "array.wires", "\"exact\"",
                            "the voltages behind wires did not come to rest for a row: expected "
                            "lower resistances, a lower device.v_read or device.conduction "
                            "\"ohmic\"");
    }
    out.out.segment(j, cols) = state.of_cols();
    out.in += state.of_rows()[row];
  }
  return out;
}

/// Rows of the tiles that a row crosses.
struct Band {
  Index first, count, row;  ///< the row counts from the first one
};

Band band_of(const Tiling& tiling, Index row) {
  const Index first = row / tiling.tile_rows * tiling.tile_rows;
  return {first, std::min(tiling.tile_rows, tiling.rows - first), row - first};
}

double siemens_per_state(const MappedCells& cells) {
  return (cells.device().highest() - cells.device().lowest()) / 2;
}

}  // namespace

MappedCells::Row read_row(MappedCells& cells, const Wires& wires, std::size_t group, Index row,
                          double now) {
  const auto resistances = wires.resistances();
  MappedCells::Row out = cells.row(group, row, now);
  if (!resistances) return out;
  const Band band = band_of(cells.tiling(), row);
  VectorD currents = VectorD::Zero(cells.tiling().cols);
  out.conductance = 0;
  double fixed = 0;  // coefficient of the fixed cells that the row counts from
  for (std::size_t plane = 0; plane < cells.planes_of_group(); ++plane) {
    const DrivenRow driven =
        driven_row(cells, *resistances,
                   cells.traced_rows(group, plane, band.first, band.count, now), band.row);
    currents += cells.coefficient_in_group(plane) * driven.out;
    out.conductance += driven.in;
    fixed -= cells.coefficient_in_group(plane);
  }
  if (cells.fixed_cells() > 0) {
    const DrivenRow driven = driven_row(
        cells, *resistances, cells.reference(group).middleRows(band.first, band.count), band.row);
    currents += fixed * driven.out;
    out.conductance += cells.fixed_cells() * driven.in;
  }
  out.values = (currents / siemens_per_state(cells)).cast<float>();
  return out;
}

MappedCells::Row read_plane_row(MappedCells& cells, const Wires& wires, std::size_t group,
                                std::size_t plane, Index row, double now) {
  const auto resistances = wires.resistances();
  MappedCells::Row out = cells.plane_row(group, plane, row, now);
  if (!resistances) return out;
  const Band band = band_of(cells.tiling(), row);
  const DrivenRow driven = driven_row(
      cells, *resistances, cells.traced_rows(group, plane, band.first, band.count, now), band.row);
  const double rest = cells.conductances(
      core::Matrix::Constant(1, 1, static_cast<float>(cells.rest_of(plane))))(0, 0);
  out.values = ((driven.out.array() - rest) / siemens_per_state(cells)).cast<float>();
  out.conductance = driven.in;
  return out;
}

}  // namespace ohmlab::crossbar
