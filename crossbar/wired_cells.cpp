#include "wired_cells.hpp"

#include <algorithm>
#include <cmath>

#include "../core/parallel.hpp"
#include "wires/nonlinear_tile.hpp"

namespace ohmlab::crossbar {

using core::Matrix;
using core::MatrixD;
using core::VectorD;

CellLaw law_of(const devices::Device& device) {
  if (device.conduction.linear()) return {};
  return device.conduction.visit([&](const auto& entry) -> CellLaw {
    return [law = entry.law(device.v_read.value_or(0))](double u) { return law.current(u); };
  });
}

void WiredCells::set(const MappedCells& cells, const MappedCells::States& states,
                     const Wires& wires) {
  wires_ = *wires.resistances();
  tiling_ = cells.tiling();
  const double per_state = (cells.device().highest() - cells.device().lowest()) / 2;
  std::size_t at = 0;
  Index number = 0;
  tiling_->each_tile([&](Index i, Index rows, Index j, Index cols) {
    for (std::size_t p = 0; p < cells.planes(); ++p) {
      if (cells.coefficient(p) == 0) continue;
      take(at++,
           {.row = i,
            .col = j,
            .number = number,
            .g = cells.conductances(states[p].block(i, j, rows, cols)),
            .coefficient = cells.coefficient(p) / per_state},
           false);
    }
    for (std::size_t group = 0; group < cells.groups(); ++group) {
      double fixed = 0;  // coefficient of the fixed cells that a weight counts from
      for (std::size_t p = 0; p < cells.planes(); ++p) {
        if (cells.group_of(p) == group) fixed -= cells.coefficient(p);
      }
      if (fixed == 0) continue;
      take(at++,
           {.row = i,
            .col = j,
            .number = number,
            .g = cells.conductances(cells.reference(group).block(i, j, rows, cols)),
            .coefficient = fixed / per_state,
            .times = static_cast<double>(cells.fixed_cells())},
           true);
    }
    ++number;
  });
}

/// Keeps no matrix of cells that may change: which inputs are solved one by one must not depend on
/// changes before the last one, or a run that goes on after a stop would end in other bits.
/// \param at  place in the list, the same for the same tile and plane at all times
void WiredCells::take(std::size_t at, Tile tile, bool fixed) {
  if (fixed && at < tiles_.size() && tiles_[at].g == tile.g) return;
  const TileState probe =
      LineSolver(tile.g, wires_).solve(VectorD::Ones(tile.g.rows()), VectorD::Zero(tile.g.cols()));
  tile.probe = probe.of_cols();
  tile.bound = probe.bound;
  tile.iterations = probe.iterations;
  if (fixed) tile.solved = solve_wires(tile.g, wires_);
  if (at < tiles_.size()) {
    tiles_[at] = std::move(tile);
  } else {
    tiles_.push_back(std::move(tile));
  }
}

/// Constants as measured by `bench/crossbar/wires_bench`: see docs/wires.md.
double WiredCells::worth() const {
  constexpr double of_matrix = 180, sweeps_besides = 4;  // sweeps through the cells of a tile
  double matrix = 0, input = 0;
  for (const Tile& tile : tiles_) {
    if (tile.solved) continue;
    const auto cells = static_cast<double>(tile.g.size());
    input += cells * (tile.iterations + sweeps_besides);
    matrix += of_matrix * cells;
  }
  return input > 0 ? matrix / input : 0;
}

WiredCells::Solved WiredCells::matrix() {
  Solved out{MatrixD::Zero(tiling_->rows, tiling_->cols), {}, {}};
  for (Tile& tile : tiles_) {
    const Index rows = tile.g.rows(), cols = tile.g.cols();
    if (!tile.solved) tile.solved = solve_wires(tile.g, wires_);
    const WiredTile& solved = *tile.solved;
    out.weights.block(tile.row, tile.col, rows, cols) += tile.coefficient * solved.transfer;
    if (static_cast<std::size_t>(tile.number) == out.from_rows.size()) {
      out.from_rows.push_back(MatrixD::Zero(rows, rows));
      out.from_cols.push_back(MatrixD::Zero(cols, cols));
    }
    out.from_rows.back() += tile.times * solved.from_rows;
    out.from_cols.back() += tile.times * solved.from_cols;
    const VectorD sums = solved.transfer.colwise().sum();
    const double all = tile.probe.sum();
    if (all > 0)
      out.error = std::max(out.error, ((sums - tile.probe).cwiseAbs().sum() + tile.bound) / all);
  }
  return out;
}

WiredCells::Reading WiredCells::read(Direction direction, const ConstRows& levels,
                                     const CellLaw& law) const {
  const bool forward = direction == Direction::to_cols;
  const Index vectors = levels.rows();
  Reading out;
  out.currents.assign(static_cast<std::size_t>(tiling_->input_tiles(direction)),
                      Matrix::Zero(vectors, tiling_->outputs(direction)));
  Eigen::VectorXd heat = Eigen::VectorXd::Zero(vectors), error = heat;
  for (const Tile& tile : tiles_) {
    const Index rows = tile.g.rows(), cols = tile.g.cols();
    const Index input = forward ? tile.row : tile.col, inputs = forward ? rows : cols,
                output = forward ? tile.col : tile.row;
    Matrix& currents =
        out.currents[static_cast<std::size_t>(input / tiling_->input_tile(direction))];
    if (tile.solved && !law) {
      const MatrixD driven = levels.middleCols(input, inputs).cast<double>();
      const MatrixD& t = tile.solved->transfer;
      const MatrixD read = forward ? MatrixD(driven * t) : MatrixD(driven * t.transpose());
      currents.middleCols(output, read.cols()) += (tile.coefficient * read).cast<float>();
      const MatrixD into = driven * (forward ? tile.solved->from_rows : tile.solved->from_cols);
      heat += tile.times * driven.cwiseProduct(into).rowwise().sum();
      continue;
    }
    const LineSolver solver(tile.g, wires_);
    core::for_slices(vectors, 1, static_cast<double>(100 * tile.g.size()),
                     [&](Index b, Index) noexcept {
      const VectorD driven = levels.row(b).segment(input, inputs).cast<double>();
      if (driven.isZero(0)) return;
      const VectorD of_rows = forward ? driven : VectorD::Zero(rows),
                    of_cols = forward ? VectorD::Zero(cols) : driven;
      const TileState state = law ? solve_nonlinear(tile.g, wires_, of_rows, of_cols, law)
                                  : solver.solve(of_rows, of_cols);
      const VectorD into_rows = state.of_rows(), out_of_cols = state.of_cols();
      const VectorD read = forward ? out_of_cols : VectorD(-into_rows);
      currents.row(b).segment(output, read.size()) += (tile.coefficient * read).cast<float>();
      heat[b] += tile.times * (forward ? driven.dot(into_rows) : -driven.dot(out_of_cols));
      const double all = state.currents.cwiseAbs().sum();
      if (all > 0) error[b] = std::max(error[b], state.bound / all);
    });
  }
  out.heat = heat.sum();
  out.error = vectors > 0 ? error.maxCoeff() : 0;
  return out;
}

double WiredCells::lost() const {
  double flows = 0, would_flow = 0;
  for (const Tile& tile : tiles_) {
    flows += tile.times * tile.probe.sum();
    would_flow += tile.times * tile.g.sum();
  }
  return would_flow > 0 ? 1 - flows / would_flow : 0;
}

double WiredCells::error() const {
  double out = 0;
  for (const Tile& tile : tiles_) {
    if (const double all = tile.probe.sum(); all > 0) out = std::max(out, tile.bound / all);
  }
  return out;
}

}  // namespace ohmlab::crossbar
