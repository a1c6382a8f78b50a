#pragma once

#include <Eigen/LU>

#include "ohmlab/core/matrix.hpp"

/// A crossbar with wires, node by node: the plainest statement of Kirchhoff's current law.
namespace ohmlab::tests {

struct Crossbar {
  core::MatrixD g;                    ///< S, rows × cols
  double row, col, row_end, col_end;  ///< ohm
};

/// Voltages of all nodes, rows' first, for voltages of the lines' outer ends.
inline Eigen::VectorXd node_voltages(const Crossbar& c, const Eigen::VectorXd& row_volts,
                                     const Eigen::VectorXd& col_volts) {
  const core::Index rows = c.g.rows(), cols = c.g.cols(), n = rows * cols;
  Eigen::MatrixXd law = Eigen::MatrixXd::Zero(2 * n, 2 * n);
  Eigen::VectorXd into = Eigen::VectorXd::Zero(2 * n);
  const auto of_row = [&](core::Index i, core::Index j) { return i * cols + j; };
  const auto of_col = [&](core::Index i, core::Index j) { return n + i * cols + j; };
  const auto join = [&](core::Index a, core::Index b, double siemens) {
    law(a, a) += siemens;
    law(b, b) += siemens;
    law(a, b) -= siemens;
    law(b, a) -= siemens;
  };
  for (core::Index i = 0; i < rows; ++i) {
    for (core::Index j = 0; j < cols; ++j) {
      join(of_row(i, j), of_col(i, j), c.g(i, j));
      if (j > 0) join(of_row(i, j - 1), of_row(i, j), 1 / c.row);
      if (i > 0) join(of_col(i - 1, j), of_col(i, j), 1 / c.col);
    }
    law(of_row(i, 0), of_row(i, 0)) += 1 / c.row_end;
    into[of_row(i, 0)] += row_volts[i] / c.row_end;
  }
  for (core::Index j = 0; j < cols; ++j) {
    law(of_col(rows - 1, j), of_col(rows - 1, j)) += 1 / c.col_end;
    into[of_col(rows - 1, j)] += col_volts[j] / c.col_end;
  }
  return law.fullPivLu().solve(into);
}

/// Currents that flow into the rows' ends, then into the columns'.
inline std::pair<Eigen::VectorXd, Eigen::VectorXd> end_currents(const Crossbar& c,
                                                                const Eigen::VectorXd& row_volts,
                                                                const Eigen::VectorXd& col_volts) {
  const core::Index rows = c.g.rows(), cols = c.g.cols();
  const Eigen::VectorXd v = node_voltages(c, row_volts, col_volts);
  Eigen::VectorXd of_rows(rows), of_cols(cols);
  for (core::Index i = 0; i < rows; ++i) of_rows[i] = (row_volts[i] - v[i * cols]) / c.row_end;
  for (core::Index j = 0; j < cols; ++j)
    of_cols[j] = (col_volts[j] - v[rows * cols + (rows - 1) * cols + j]) / c.col_end;
  return {of_rows, of_cols};
}

}  // namespace ohmlab::tests
