#include "seen_cells.hpp"

#include <algorithm>
#include <limits>

namespace ohmlab::crossbar {
namespace {

using core::Matrix;
using core::MatrixD;
using core::VectorD;

constexpr Direction directions[] = {Direction::to_cols, Direction::to_rows};

/// Conductances of the lines that are read, within each tile, tile by line, S.
MatrixD tile_conductances(const MappedCells& cells, Direction direction,
                          const MappedCells::States& states) {
  Matrix state_sums = states[0];
  for (std::size_t p = 1; p < states.size(); ++p) state_sums += states[p];
  if (cells.fixed_cells() > 0) state_sums += cells.reference(0);
  const Tiling& tiling = cells.tiling();
  const bool forward = direction == Direction::to_cols;
  const Index inputs = tiling.inputs(direction), tile = tiling.input_tile(direction);
  MatrixD out(tiling.input_tiles(direction), tiling.outputs(direction));
  for (Index number = 0; number < out.rows(); ++number) {
    const Index first = number * tile, count = std::min(tile, inputs - first);
    const double all = cells.cells_of(count);
    for (Index j = 0; j < out.cols(); ++j) {
      const double w_sum = forward ? state_sums.col(j).segment(first, count).cast<double>().sum()
                                   : state_sums.row(j).segment(first, count).cast<double>().sum();
      // A line whose cells are all off has no defined voltage. It gets a millionth of its
      // conductance at rest.
      out(number, j) =
          std::max(cells.conductance_sum(w_sum, all), 1e-6 * cells.conductance_sum(0, all));
    }
  }
  return out;
}

/// Readings of floating lines of these conductances, relative to the readings at rest.
MatrixD float_gains(const MappedCells& cells, Direction direction, const MatrixD& conductances) {
  const Tiling& tiling = cells.tiling();
  const Index inputs = tiling.inputs(direction), tile = tiling.input_tile(direction);
  MatrixD out = conductances.cwiseInverse();
  for (Index number = 0; number < out.rows(); ++number) {
    const Index count = std::min(tile, inputs - number * tile);
    out.row(number) *= cells.conductance_sum(0, cells.cells_of(count));
  }
  return out;
}

/// Packs a matrix for one direction unless it is packed.
void pack_as(Direction direction, std::array<PackedMatrix, 2>& packed, const Matrix& from) {
  PackedMatrix& to = packed[static_cast<std::size_t>(direction)];
  if (!to.empty()) return;
  if (direction == Direction::to_cols) {
    to.pack(from);
  } else {
    to.pack_transposed(from);
  }
}

SeenCells::Lines lines_of(const MappedCells& cells, const MappedCells::States& states,
                          std::size_t group) {
  const Tiling& tiling = cells.tiling();
  SeenCells::Lines out{VectorD::Zero(tiling.rows), VectorD::Zero(tiling.cols)};
  for (std::size_t p = 0; p < states.size(); ++p) {
    if (cells.group_of(p) != group) continue;
    out.rows += VectorD(states[p].cast<double>().rowwise().sum());
    out.cols += VectorD(states[p].cast<double>().colwise().sum());
  }
  if (cells.fixed_cells() > 0) {
    const core::MatrixD fixed = cells.reference(group).cast<double>();
    out.rows += fixed.rowwise().sum();
    out.cols += fixed.colwise().sum();
  }
  const auto of_line = [&](double w_sum, Index weights) {
    return cells.conductance_sum(w_sum, cells.cells_of(weights));
  };
  out.rows = out.rows.unaryExpr([&](double w) { return of_line(w, tiling.cols); }).eval();
  out.cols = out.cols.unaryExpr([&](double w) { return of_line(w, tiling.rows); }).eval();
  return out;
}

}  // namespace

void SeenCells::refresh(const MappedCells& cells, double now) {
  const Tiling& tiling = cells.tiling();
  const MappedCells::States states = cells.with_trace(now);
  seen_ = cells.weights(states);
  variance_ = cells.variance(now);
  lines_.clear();
  driven_ = {VectorD::Zero(tiling.rows), VectorD::Zero(tiling.cols)};
  for (std::size_t group = 0; group < cells.groups(); ++group) {
    lines_.push_back(lines_of(cells, states, group));
    if (cells.gain(group) == 0) continue;
    driven_.rows += lines_[group].rows;
    driven_.cols += lines_[group].cols;
  }
  if (floats_) {
    for (const Direction direction : directions) {
      const auto at = static_cast<std::size_t>(direction);
      line_conductance_[at] = tile_conductances(cells, direction, states);
      line_gain_[at] = float_gains(cells, direction, line_conductance_[at]).cast<float>();
    }
  }
  has_matrix_ = !wires_.resist();
  if (!keep_alone_) alone_ = 0;
  keep_alone_ = false;
  if (wires_.resist()) {
    wired_.set(cells, states, wires_);
    lost_ = wired_.lost();
    error_ = std::max(error_, wired_.error());
  }
  if (variance_.size() > 1 && variance_.minCoeff() == variance_.maxCoeff())
    variance_ = variance_.topLeftCorner(1, 1).eval();
  for (PackedMatrix& packed : packed_) packed.clear();
  for (PackedMatrix& packed : packed_variance_) packed.clear();
}

bool SeenCells::reads_alone(double inputs, bool held) {
  if (has_matrix_ || !held) return false;
  if (alone_ + inputs > wired_.worth()) return false;
  alone_ += inputs;
  return true;
}

WiredCells::Reading SeenCells::read_alone(Direction direction, const ConstRows& levels,
                                          const CellLaw& law) {
  WiredCells::Reading out = wired_.read(direction, levels, law);
  error_ = std::max(error_, out.error);
  inputs_alone_ += static_cast<double>(levels.rows());
  return out;
}

void SeenCells::state(core::Archive& archive, bool same) {
  archive.item("alone", alone_);
  archive.item("inputs_alone", inputs_alone_);
  archive.item("error", error_);
  archive.item("lost", lost_);
  keep_alone_ = same;
}

void SeenCells::pack(Direction direction) {
  if (!has_matrix_) {
    WiredCells::Solved solved = wired_.matrix();
    seen_ = solved.weights.cast<float>();
    inputs_ = {std::move(solved.from_rows), std::move(solved.from_cols)};
    error_ = std::max(error_, solved.error);
    has_matrix_ = true;
    alone_ = std::numeric_limits<double>::infinity();
  }
  pack_as(direction, packed_, seen_);
  pack_variance(direction);
}

void SeenCells::pack_variance(Direction direction) {
  if (variance_.size() > 1) pack_as(direction, packed_variance_, variance_);
}

MatrixD SeenCells::effective(const MappedCells& cells, const MappedCells::States& states,
                             const Wires& wires, const Sensing& sensing, Direction direction) {
  if (wires.resist()) {
    WiredCells behind;
    behind.set(cells, states, wires);
    return behind.matrix().weights;
  }
  return cells.exact_weights(states).cwiseProduct(gains(cells, states, sensing, direction));
}

MatrixD SeenCells::gains(const MappedCells& cells, const MappedCells::States& states,
                         const Sensing& sensing, Direction direction) {
  const Tiling& tiling = cells.tiling();
  MatrixD out = MatrixD::Ones(tiling.rows, tiling.cols);
  if (!sensing.floats()) return out;
  const bool forward = direction == Direction::to_cols;
  const MatrixD gain = float_gains(cells, direction, tile_conductances(cells, direction, states));
  for (Index i = 0; i < out.rows(); ++i) {
    for (Index j = 0; j < out.cols(); ++j)
      out(i, j) = forward ? gain(i / tiling.tile_rows, j) : gain(j / tiling.tile_cols, i);
  }
  return out;
}

}  // namespace ohmlab::crossbar
