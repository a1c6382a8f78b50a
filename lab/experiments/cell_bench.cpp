#include "cell_bench.hpp"

#include <cmath>

#include "../../crossbar/analog_array_model.hpp"

namespace ohmlab::experiments {
namespace {

using core::Index;
using core::Matrix;

/// The largest divisor of n that is not above its root.
Index shorter_side(Index n) {
  auto out = static_cast<Index>(std::sqrt(static_cast<double>(n)));
  while (n % out != 0) --out;
  return out;
}

std::unique_ptr<crossbar::Array> array_of(const devices::Device& device, Index cells,
                                          std::uint64_t seed, cost::Tally& tally) {
  crossbar::AnalogArrayModel model;
  model.device = device;
  model.pulser.choice = crossbar::StochasticPulser{{.desired_bl = 1}};
  const Index rows = shorter_side(cells);
  return model.make(rows, cells / rows, {.seed = seed, .name = "cells", .tally = &tally});
}

core::Vector in_order(const Matrix& cells) {
  return Eigen::Map<const core::Vector>(cells.data(), cells.size());
}

}  // namespace

CellBench::CellBench(const devices::Device& device, Index cells, std::uint64_t seed)
    : tally_(std::make_unique<cost::Tally>()),
      array_(array_of(device, cells, seed, *tally_)),
      step_(device.pulse.granularity()),
      rows_(Matrix::Identity(array_->rows(), array_->rows())),
      ones_by_row_(Matrix::Ones(1, array_->rows())),
      ones_by_col_(Matrix::Ones(1, array_->cols())),
      read_(array_->rows(), array_->cols()) {}

/// An update of ones at the rate of one step is a train of one pulse on every line.
void CellBench::pulse(bool up) {
  array_->update(ones_by_row_, ones_by_col_, up ? step_ : -step_);
  array_->read(crossbar::Direction::to_cols, rows_, read_);
}

void CellBench::program(double w) {
  array_->program(Matrix::Constant(array_->rows(), array_->cols(), static_cast<float>(w)));
}

core::Vector CellBench::states() const { return in_order(array_->weights().cast<float>()); }

core::Vector CellBench::sensed() {
  array_->sense(crossbar::Direction::to_cols, rows_, read_);
  return in_order(read_);
}

}  // namespace ohmlab::experiments
