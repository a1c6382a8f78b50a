#pragma once

#include <algorithm>
#include <vector>

#include "../../core/matrix.hpp"
#include "wired_tile.hpp"

namespace ohmlab::crossbar {

/// Lines of one side of a tile with the cells' conductances to the other side, all computed side by
/// side. Positions run from the far end of a line to its outer end.
class Lines {
 public:
  /// \param cells  S, positions × lines
  /// \param wire, end  conductance of a piece of a line, and of the last one to the outside, S
  Lines(const core::MatrixD& cells, double wire, double end);
  /// Voltages of the nodes, with the outer ends and the other side at zero volts.
  /// \param currents  A, into the nodes, positions × lines
  void solve(const core::MatrixD& currents, core::MatrixD& volts) const;
  /// The two halves of the solution at one position: outward in ascending order, then back.
  void outward(core::Index position, const core::MatrixD& currents, core::MatrixD& volts) const {
    if (position == 0) {
      volts.row(0) = currents.row(0);
    } else {
      volts.row(position).array() =
          currents.row(position).array() +
          wire_ * volts.row(position - 1).array() * pivots_.row(position - 1).array();
    }
  }
  void back(core::Index position, core::MatrixD& volts) const {
    if (position + 1 == volts.rows()) {
      volts.row(position).array() *= pivots_.row(position).array();
    } else {
      volts.row(position).array() =
          (volts.row(position).array() + wire_ * volts.row(position + 1).array()) *
          pivots_.row(position).array();
    }
  }

 private:
  core::MatrixD pivots_;  ///< inverse, ohm
  double wire_;
};

/// The same for rows, which run across the storage of a tile: strips of rows are turned, so that a
/// strip stays in the nearest cache.
class StripLines {
 public:
  /// \param cells  S, rows × cols; rows have their outer ends at the first column
  StripLines(const core::MatrixD& cells, double wire, double end);
  /// \param currents, volts  rows × cols; may be one matrix
  void solve(const core::MatrixD& currents, core::MatrixD& volts) const;
  /// The same strip by strip: `give(row, currents)` writes the currents of a row, `take(row,
  /// volts)` gets its voltages while they are in the nearest cache.
  template <class Give, class Take>
  void each_strip(const Give& give, const Take& take) const {
    core::MatrixD strip(width, cols_);
    std::vector<double> turned(static_cast<std::size_t>(cols_ * width), 0);
    for (core::Index first = 0; first < rows_; first += width) {
      const core::Index count = std::min(width, rows_ - first);
      for (core::Index lane = 0; lane < count; ++lane) give(first + lane, strip.row(lane));
      turn(strip, count, turned.data());
      sweep(first / width, turned.data());
      turn_back(turned.data(), count, strip);
      for (core::Index lane = 0; lane < count; ++lane) take(first + lane, strip.row(lane));
    }
  }

 private:
  static void turn(const core::MatrixD& strip, core::Index count, double* turned) noexcept;
  static void turn_back(const double* turned, core::Index count, core::MatrixD& strip) noexcept;
  void sweep(core::Index strip, double* turned) const noexcept;

  static constexpr core::Index width = 8;  // one register of doubles
  core::Index rows_, cols_;
  std::vector<double> pivots_;  ///< inverse, ohm: strip by strip, position by position
  double wire_;
};

/// The state of a tile between voltages at its lines' ends.
struct TileState {
  core::MatrixD drops;     ///< V, at each cell: its row's node minus its column's node
  core::MatrixD currents;  ///< A, through each cell
  core::MatrixD rebuilt;   ///< V, drops that these currents leave at the cells, by sums along lines
  /// Bound on the sum of the errors of the currents at the ends of the columns, and of the rows, A,
  /// rounding aside.
  double bound = 0;
  int iterations = 0;

  /// Currents into the ends of rows, and out of the ends of columns, A.
  [[nodiscard]] core::VectorD of_rows() const { return currents.rowwise().sum().transpose(); }
  [[nodiscard]] core::VectorD of_cols() const { return currents.colwise().sum(); }
};

/// Voltages of a tile's nodes, rows × cols, V.
struct NodeVoltages {
  core::MatrixD rows, cols;
};
/// The voltages that currents of cells leave at the nodes of their lines, by sums from the lines'
/// outer ends.
[[nodiscard]] NodeVoltages node_voltages(const core::MatrixD& currents,
                                         const WireResistances& resistances,
                                         const core::VectorD& row_volts,
                                         const core::VectorD& col_volts);

/// Solves a tile for one input at a time: rows are eliminated exactly, and conjugate gradients find
/// the columns' voltages, preconditioned by the columns' lines. Time grows as the number of cells
/// times √(1 + g r n²).
///
/// The bound: the found currents of the cells obey Kirchhoff's current law. Wire voltages follow
/// from them by sums. What then fails Ohm's law at a cell, e, is a source of current beside it; its
/// two ends share out among the tile's ends, so that the errors of all ends sum to at most 2 Σ|e|.
class LineSolver {
 public:
  /// \param conductances  S, rows × cols, from 0
  /// \param share         share of the first step's energy, squared, at which iterations end
  LineSolver(const core::MatrixD& conductances, const WireResistances& resistances,
             double share = 1e-13);

  /// \param row_volts, col_volts  V, at the outer ends of the lines
  [[nodiscard]] TileState solve(const core::VectorD& row_volts,
                                const core::VectorD& col_volts) const;
  /// The same with a source of current beside each cell, from its row to its column, A.
  [[nodiscard]] TileState solve(const core::VectorD& row_volts, const core::VectorD& col_volts,
                                const core::MatrixD& sources) const;

 private:
  [[nodiscard]] int iterate() const;
  [[nodiscard]] TileState solve_with(const core::VectorD& row_volts, const core::VectorD& col_volts,
                                     const core::MatrixD* sources) const;

  core::MatrixD g_;
  WireResistances r_;
  double enough_;
  StripLines rows_;
  Lines cols_;
};

}  // namespace ohmlab::crossbar
