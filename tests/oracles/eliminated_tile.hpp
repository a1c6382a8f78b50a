#pragma once

#include <utility>

#include <Eigen/Cholesky>

#include "ohmlab/crossbar/wires/wired_tile.hpp"

/// A tile with wires by elimination of one line after another, in time cols · rows³ + rows · cols³.

namespace ohmlab::tests {
namespace line_by_line {

using core::Index;
using core::MatrixD;

/// One column with its line eliminated: conductances between its cells' row ends, and currents out
/// of the column's end per volt of a row.
struct Column {
  MatrixD between;       ///< S, rows × rows, symmetric
  Eigen::VectorXd sent;  ///< S, by row
};

/// A line of nodes with `wire` S between them and `end` S from the last one to zero volts. A cell
/// ties each node to its row.
inline Column eliminated(const Eigen::VectorXd& cells, double wire, double end) {
  const Index n = cells.size();
  MatrixD nodes = MatrixD::Zero(n, n);
  for (Index i = 0; i < n; ++i) {
    nodes(i, i) = cells[i] + (i > 0 ? wire : 0) + (i < n - 1 ? wire : end);
    if (i > 0) nodes(i, i - 1) = nodes(i - 1, i) = -wire;
  }
  const MatrixD inverse = nodes.llt().solve(MatrixD::Identity(n, n));
  Column out;
  out.between = -(cells.asDiagonal() * inverse * cells.asDiagonal()).eval();
  out.between.diagonal() += cells;
  out.sent = end * inverse.row(n - 1).transpose().cwiseProduct(cells);
  return out;
}

struct Sided {
  MatrixD transfer, input;
};

/// Eliminates column after column from the far end of the rows to their drivers. For a column, all
/// columns beyond it are one matrix of conductances between the rows. Currents out of those columns
/// are linear in the voltages of the rows there.
inline Sided from_rows(const MatrixD& g, double row_wire, double row_end, double col_wire,
                       double col_end) {
  const Index rows = g.rows(), cols = g.cols();
  // Conductances between the rows' nodes at the next column, of all columns from there on, S.
  MatrixD beyond = MatrixD::Zero(rows, rows);
  // Currents out of the columns from here on per volt of the rows' nodes at this column, S.
  MatrixD sent(cols, rows);
  for (Index j = cols - 1; j >= 0; --j) {
    const Column column = eliminated(g.col(j), col_wire, col_end);
    MatrixD here = column.between + beyond;
    sent.row(j) = column.sent;
    // Through the wire before the column, conductances are w - w (w + here)^-1 w, and voltages are
    // multiplied by (w + here)^-1 w.
    const double wire = j > 0 ? row_wire : row_end;
    MatrixD nodes = here;
    nodes.diagonal().array() += wire;
    const Eigen::LLT<Eigen::MatrixXd> solver(nodes);
    sent.bottomRows(cols - j) =
        wire * solver.solve(sent.bottomRows(cols - j).transpose()).transpose();
    // w (w + here)^-1 here is the same without the difference of two large numbers.
    beyond = wire * solver.solve(here);
    beyond = (0.5 * (beyond + beyond.transpose())).eval();
  }
  return {sent.transpose(), beyond};
}

}  // namespace line_by_line

inline crossbar::WiredTile eliminated_tile(const core::MatrixD& g,
                                           const crossbar::WireResistances& r) {
  using namespace line_by_line;
  Sided rows = from_rows(g, 1 / r.row, 1 / r.row_end, 1 / r.col, 1 / r.col_end);
  // From the other side a column's end is at its last row: the tile is turned by half a turn and
  // mirrored.
  const MatrixD turned = g.transpose().colwise().reverse().rowwise().reverse();
  const Sided cols = from_rows(turned, 1 / r.col, 1 / r.col_end, 1 / r.row, 1 / r.row_end);
  return {std::move(rows.transfer), std::move(rows.input),
          cols.input.colwise().reverse().rowwise().reverse()};
}

}  // namespace ohmlab::tests
