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

/// Currents through the cells, from rows to columns, rows × cols.
inline core::MatrixD cell_currents(const Crossbar& c, const Eigen::VectorXd& row_volts,
                                   const Eigen::VectorXd& col_volts) {
  const Eigen::VectorXd v = node_voltages(c, row_volts, col_volts);
  core::MatrixD out = c.g;
  for (core::Index k = 0; k < out.size(); ++k) out.data()[k] *= v[k] - v[out.size() + k];
  return out;
}

/// Currents through cells of i = g f(v), by Newton's iteration on all nodes at once from the state
/// of ohmic cells, with numerical slopes.
template <class Law>
core::MatrixD nonlinear_currents(const Crossbar& c, const Law& f, const Eigen::VectorXd& row_volts,
                                 const Eigen::VectorXd& col_volts) {
  const core::Index n = c.g.size(), cols = c.g.cols(), rows = c.g.rows();
  Eigen::VectorXd v = node_voltages(c, row_volts, col_volts);
  core::MatrixD out = c.g;
  for (int step = 0; step < 100; ++step) {
    Eigen::MatrixXd slopes = Eigen::MatrixXd::Zero(2 * n, 2 * n);
    Eigen::VectorXd law = Eigen::VectorXd::Zero(2 * n);
    const auto join = [&](core::Index a, core::Index b, double siemens) {
      slopes(a, a) += siemens;
      slopes(b, b) += siemens;
      slopes(a, b) -= siemens;
      slopes(b, a) -= siemens;
      law[a] += siemens * (v[a] - v[b]);
      law[b] += siemens * (v[b] - v[a]);
    };
    for (core::Index i = 0; i < rows; ++i) {
      for (core::Index j = 0; j < cols; ++j) {
        const core::Index a = i * cols + j, b = n + a;
        if (j > 0) join(a - 1, a, 1 / c.row);
        if (i > 0) join(b - cols, b, 1 / c.col);
        const double u = v[a] - v[b], h = 1e-6, current = c.g(i, j) * f(u),
                     slope = c.g(i, j) * (f(u + h) - f(u - h)) / (2 * h);
        out(i, j) = current;
        law[a] += current;
        law[b] -= current;
        slopes(a, a) += slope;
        slopes(b, b) += slope;
        slopes(a, b) -= slope;
        slopes(b, a) -= slope;
      }
      const core::Index a = i * cols;
      slopes(a, a) += 1 / c.row_end;
      law[a] += (v[a] - row_volts[i]) / c.row_end;
    }
    for (core::Index j = 0; j < cols; ++j) {
      const core::Index b = n + (rows - 1) * cols + j;
      slopes(b, b) += 1 / c.col_end;
      law[b] += (v[b] - col_volts[j]) / c.col_end;
    }
    const Eigen::VectorXd change = slopes.fullPivLu().solve(law);
    v -= change;
    if (change.cwiseAbs().maxCoeff() < 1e-14) break;
  }
  return out;
}

}  // namespace ohmlab::tests
