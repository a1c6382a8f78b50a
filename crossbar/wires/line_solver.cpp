#include "line_solver.hpp"

#include <algorithm>
#include <cmath>

namespace ohmlab::crossbar {
namespace {

using core::Index;
using core::MatrixD;
using core::VectorD;

// Share of the first step's energy at which iterations end. Squared since energies are compared.
constexpr double small = 1e-13 * 1e-13;
constexpr int most_iterations = 5000;

double dot(const MatrixD& a, const MatrixD& b) { return a.cwiseProduct(b).sum(); }

}  // namespace

Lines::Lines(const MatrixD& cells, double wire, double end)
    : pivots_(cells.rows(), cells.cols()), wire_(wire) {
  const Index last = cells.rows() - 1;
  Eigen::Array<double, 1, Eigen::Dynamic> beyond = cells.row(0);  // S, from a node to zero volts
  for (Index k = 0; k <= last; ++k) {
    const double next = k < last ? wire : end;
    pivots_.row(k) = (beyond + next).inverse();
    // In series with the wire: a product and not a difference, so that no digits are lost.
    if (k < last) beyond = cells.row(k + 1).array() + wire * beyond * pivots_.row(k).array();
  }
}

void Lines::solve(const MatrixD& currents, MatrixD& volts) const {
  const Index last = currents.rows() - 1;
  volts.resize(currents.rows(), currents.cols());
  volts.row(0) = currents.row(0);
  for (Index k = 1; k <= last; ++k) {
    volts.row(k).array() =
        currents.row(k).array() + wire_ * volts.row(k - 1).array() * pivots_.row(k - 1).array();
  }
  volts.row(last).array() *= pivots_.row(last).array();
  for (Index k = last - 1; k >= 0; --k) {
    volts.row(k).array() =
        (volts.row(k).array() + wire_ * volts.row(k + 1).array()) * pivots_.row(k).array();
  }
}

StripLines::StripLines(const MatrixD& cells, double wire, double end)
    : rows_(cells.rows()), cols_(cells.cols()), wire_(wire) {
  const Index strips = (rows_ + width - 1) / width;
  pivots_.assign(static_cast<std::size_t>(strips * cols_ * width), 0);
  for (Index i = 0; i < rows_; ++i) {
    double beyond = cells(i, cols_ - 1);
    double* pivot = pivots_.data() + i / width * cols_ * width + i % width;
    for (Index j = cols_ - 1; j >= 0; --j) {
      pivot[j * width] = 1 / (beyond + (j > 0 ? wire : end));
      if (j > 0) beyond = cells(i, j - 1) + wire * beyond * pivot[j * width];
    }
  }
}

void StripLines::solve(const MatrixD& currents, MatrixD& volts) const {
  using Lane = Eigen::Array<double, width, 1>;
  volts.resize(rows_, cols_);
  const Index strips = (rows_ + width - 1) / width;
  std::vector<double> turned(static_cast<std::size_t>(cols_ * width), 0);
  for (Index strip = 0; strip < strips; ++strip) {
    const Index first = strip * width, count = std::min(width, rows_ - first);
    for (Index lane = 0; lane < count; ++lane) {
      const double* from = currents.row(first + lane).data();
      for (Index j = 0; j < cols_; ++j)
        turned[static_cast<std::size_t>(j * width + lane)] = from[j];
    }
    const double* pivots = pivots_.data() + strip * cols_ * width;
    const auto at = [&](Index j) { return Eigen::Map<Lane>(turned.data() + j * width); };
    const auto pivot = [&](Index j) { return Eigen::Map<const Lane>(pivots + j * width); };
    Lane x = at(cols_ - 1);
    for (Index j = cols_ - 2; j >= 0; --j) {
      x = at(j) + wire_ * x * pivot(j + 1);
      at(j) = x;
    }
    x *= pivot(0);
    at(0) = x;
    for (Index j = 1; j < cols_; ++j) {
      x = (at(j) + wire_ * x) * pivot(j);
      at(j) = x;
    }
    for (Index lane = 0; lane < count; ++lane) {
      double* to = volts.row(first + lane).data();
      for (Index j = 0; j < cols_; ++j) to[j] = turned[static_cast<std::size_t>(j * width + lane)];
    }
  }
}

LineSolver::LineSolver(const MatrixD& conductances, const WireResistances& resistances)
    : g_(conductances),
      r_(resistances),
      rows_(g_, 1 / r_.row, 1 / r_.row_end),
      cols_(g_, 1 / r_.col, 1 / r_.col_end) {}

TileState LineSolver::solve(const VectorD& row_volts, const VectorD& col_volts) const {
  return solve_with(row_volts, col_volts, nullptr);
}

TileState LineSolver::solve(const VectorD& row_volts, const VectorD& col_volts,
                            const MatrixD& sources) const {
  return solve_with(row_volts, col_volts, &sources);
}

/// With U the lines of rows and W those of columns: U u = s + g w, W w = t + g u. The columns'
/// voltages obey (W - g U⁻¹ g) w = t + g U⁻¹ s.
TileState LineSolver::solve_with(const VectorD& row_volts, const VectorD& col_volts,
                                 const MatrixD* sources) const {
  MatrixD of_rows = MatrixD::Zero(g_.rows(), g_.cols()), of_cols = of_rows;  // A, s and t
  if (sources != nullptr) {
    of_rows -= *sources;
    of_cols += *sources;
  }
  of_rows.col(0) += row_volts.transpose() / r_.row_end;
  of_cols.row(g_.rows() - 1) += col_volts / r_.col_end;

  TileState out;
  MatrixD u(g_.rows(), g_.cols()), w = MatrixD::Zero(g_.rows(), g_.cols()), z, left = of_cols;
  rows_.solve(of_rows, u);
  left += g_.cwiseProduct(u);
  cols_.solve(left, z);
  MatrixD direction = z, of_direction = left;  // W direction, by its own recurrence
  double energy = dot(left, z);
  const double enough = small * energy;
  while (energy > enough && out.iterations < most_iterations) {
    u = g_.cwiseProduct(direction);
    rows_.solve(u, u);
    u = of_direction - g_.cwiseProduct(u);  // current that the direction takes
    const double step = energy / dot(direction, u);
    if (!(step > 0) || !std::isfinite(step)) break;  // rounding is all that is left
    w += step * direction;
    left -= step * u;
    cols_.solve(left, z);
    const double next = dot(left, z);
    direction = z + next / energy * direction;
    of_direction = left + next / energy * of_direction;
    energy = next;
    ++out.iterations;
  }
  // One sweep through both sides, of sums of products alone.
  const auto row_nodes = [&] {
    u = of_rows + g_.cwiseProduct(w);
    rows_.solve(u, u);
  };
  row_nodes();
  u = of_cols + g_.cwiseProduct(u);
  cols_.solve(u, w);
  row_nodes();
  out.drops = u - w;
  out.currents = g_.cwiseProduct(out.drops);
  if (sources != nullptr) out.currents += *sources;
  out.rebuilt = rebuilt(out.currents, row_volts, col_volts);
  u = g_.cwiseProduct(out.rebuilt) - out.currents;
  if (sources != nullptr) u += *sources;
  out.bound = 2 * u.cwiseAbs().sum();
  return out;
}

MatrixD LineSolver::rebuilt(const MatrixD& currents, const VectorD& row_volts,
                            const VectorD& col_volts) const {
  const Index rows = g_.rows(), cols = g_.cols();
  // Currents through the piece of a line on the side of its outer end, A.
  MatrixD in_rows = currents, in_cols = currents;
  for (Index j = cols - 2; j >= 0; --j) in_rows.col(j) += in_rows.col(j + 1);
  for (Index i = 1; i < rows; ++i) in_cols.row(i) += in_cols.row(i - 1);
  MatrixD u(rows, cols), w(rows, cols);
  for (Index j = 0; j < cols; ++j) {
    if (j == 0) {
      u.col(0) = row_volts.transpose() - r_.row_end * in_rows.col(0);
    } else {
      u.col(j) = u.col(j - 1) - r_.row * in_rows.col(j);
    }
  }
  for (Index i = rows - 1; i >= 0; --i) {
    if (i == rows - 1) {
      w.row(i) = col_volts + r_.col_end * in_cols.row(i);
    } else {
      w.row(i) = w.row(i + 1) + r_.col * in_cols.row(i);
    }
  }
  return u - w;
}

}  // namespace ohmlab::crossbar
