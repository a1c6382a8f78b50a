#include "line_solver.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

namespace ohmlab::crossbar {
namespace {

using core::Index;
using core::MatrixD;
using core::VectorD;

constexpr int most_iterations = 5000;

/// Matrices that a thread keeps from one solution to the next, rows × cols. Fresh memory from the
/// system would take longer than the solution itself.
struct Scratch {
  MatrixD of_rows, of_cols, u, w, left, z, direction, of_direction, taken;
};
Scratch& scratch() {
  thread_local Scratch out;
  return out;
}

/// Voltages u and w of the nodes of rows and columns. At first they hold the currents through the
/// piece of line on the outer side of a node.
void add_up(const MatrixD& currents, const WireResistances& r, const VectorD& row_volts,
            const VectorD& col_volts, MatrixD& u, MatrixD& w) {
  const Index rows = currents.rows(), cols = currents.cols();
  u = currents;
  w = currents;
  for (Index i = 0; i < rows; ++i) {
    double* line = u.row(i).data();
    for (Index j = cols - 2; j >= 0; --j) line[j] += line[j + 1];
    line[0] = row_volts[i] - r.row_end * line[0];
    for (Index j = 1; j < cols; ++j) line[j] = line[j - 1] - r.row * line[j];
    if (i > 0) w.row(i) += w.row(i - 1);
  }
  w.row(rows - 1) = col_volts + r.col_end * w.row(rows - 1);
  for (Index i = rows - 2; i >= 0; --i) w.row(i) = w.row(i + 1) + r.col * w.row(i);
}

}  // namespace

NodeVoltages node_voltages(const MatrixD& currents, const WireResistances& resistances,
                           const VectorD& row_volts, const VectorD& col_volts) {
  NodeVoltages out;
  add_up(currents, resistances, row_volts, col_volts, out.rows, out.cols);
  return out;
}

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
  volts.resize(currents.rows(), currents.cols());
  for (Index k = 0; k < volts.rows(); ++k) outward(k, currents, volts);
  for (Index k = volts.rows() - 1; k >= 0; --k) back(k, volts);
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
  volts.resize(rows_, cols_);
  each_strip([&](Index row, auto&& to) { to = currents.row(row); },
             [&](Index row, auto&& from) { volts.row(row) = from; });
}

void StripLines::turn(const MatrixD& strip, Index count, double* turned) noexcept {
  for (Index lane = 0; lane < count; ++lane) {
    const double* from = strip.row(lane).data();
    for (Index j = 0; j < strip.cols(); ++j) turned[j * width + lane] = from[j];
  }
}

void StripLines::turn_back(const double* turned, Index count, MatrixD& strip) noexcept {
  for (Index lane = 0; lane < count; ++lane) {
    double* to = strip.row(lane).data();
    for (Index j = 0; j < strip.cols(); ++j) to[j] = turned[j * width + lane];
  }
}

/// Solves the lines of a strip in place.
void StripLines::sweep(Index strip, double* turned) const noexcept {
  using Lane = Eigen::Array<double, width, 1>;
  const double* pivots = pivots_.data() + strip * cols_ * width;
  const auto at = [&](Index j) { return Eigen::Map<Lane>(turned + j * width); };
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
}

LineSolver::LineSolver(const MatrixD& conductances, const WireResistances& resistances,
                       double share)
    : g_(conductances),
      r_(resistances),
      enough_(share * share),
      rows_(g_, 1 / r_.row, 1 / r_.row_end),
      cols_(g_, 1 / r_.col, 1 / r_.col_end) {}

TileState LineSolver::solve(const VectorD& row_volts, const VectorD& col_volts) const {
  return solve_with(row_volts, col_volts, nullptr);
}

TileState LineSolver::solve(const VectorD& row_volts, const VectorD& col_volts,
                            const MatrixD& sources) const {
  return solve_with(row_volts, col_volts, &sources);
}

/// Conjugate gradients, preconditioned by the columns' lines. Adds to the voltages w of columns
/// those by the currents `left`, both in the scratch. Each line of both sides is passed once an
/// iteration, with all that is added up on the way: memory limits the speed.
int LineSolver::iterate() const {
  const Index rows = g_.rows();
  auto& [of_rows, of_cols, u, w, left, z, direction, of_direction, taken] = scratch();
  taken.resize(rows, g_.cols());
  int iterations = 0;
  cols_.solve(left, z);
  double energy = left.cwiseProduct(z).sum(), kept = 0;  // kept: share of the last direction
  direction.setZero(rows, g_.cols());
  of_direction.setZero(rows, g_.cols());  // W direction, by its own recurrence
  const double enough = enough_ * energy;
  while (energy > enough && iterations < most_iterations) {
    double along = 0;
    rows_.each_strip([&](Index i, auto&& currents) {
      direction.row(i) = z.row(i) + kept * direction.row(i);
      of_direction.row(i) = left.row(i) + kept * of_direction.row(i);
      currents = g_.row(i).cwiseProduct(direction.row(i));
    }, [&](Index i, auto&& volts) {
      taken.row(i) = of_direction.row(i) - g_.row(i).cwiseProduct(volts);
      along += direction.row(i).dot(taken.row(i));
    });
    const double step = energy / along;
    if (!(step > 0) || !std::isfinite(step)) break;  // rounding is all that is left
    for (Index i = 0; i < rows; ++i) {
      w.row(i) += step * direction.row(i);
      left.row(i) -= step * taken.row(i);
      cols_.outward(i, left, z);
    }
    double next = 0;
    for (Index i = rows - 1; i >= 0; --i) {
      cols_.back(i, z);
      next += left.row(i).dot(z.row(i));
    }
    kept = next / energy;
    energy = next;
    ++iterations;
  }
  return iterations;
}

/// With U the lines of rows and W those of columns: U u = s + g w, W w = t + g u. The columns'
/// voltages obey (W - g U⁻¹ g) w = t + g U⁻¹ s.
TileState LineSolver::solve_with(const VectorD& row_volts, const VectorD& col_volts,
                                 const MatrixD* sources) const {
  // of_rows, of_cols: s and t, A
  auto& [of_rows, of_cols, u, w, left, z, direction, of_direction, taken] = scratch();
  of_rows.setZero(g_.rows(), g_.cols());
  of_cols.setZero(g_.rows(), g_.cols());
  if (sources != nullptr) {
    of_rows -= *sources;
    of_cols += *sources;
  }
  of_rows.col(0) += row_volts.transpose() / r_.row_end;
  of_cols.row(g_.rows() - 1) += col_volts / r_.col_end;

  TileState out;
  w.setZero(g_.rows(), g_.cols());
  rows_.solve(of_rows, u);
  left = of_cols + g_.cwiseProduct(u);
  out.iterations = iterate();
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
  add_up(out.currents, r_, row_volts, col_volts, u, w);
  out.rebuilt = u - w;
  u = g_.cwiseProduct(out.rebuilt) - out.currents;
  if (sources != nullptr) u += *sources;
  out.bound = 2 * u.cwiseAbs().sum();
  return out;
}

}  // namespace ohmlab::crossbar
