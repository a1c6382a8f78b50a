#include "ohmlab/crossbar/drivers.hpp"

#include <cmath>
#include <memory>

#include "ohmlab/crossbar/analog_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;
using crossbar::Direction;

namespace {

constexpr std::uint32_t made_bit = 1U << 30U;

/// The law of a driver's errors again, in double, from the draws of its end.
double bent(double u, const crossbar::LineErrors& errors, std::uint64_t seed, Index end) {
  float xi[4];
  core::fill_normal(core::stream(seed, core::StreamId::output_noise, made_bit),
                    static_cast<std::uint64_t>(end), 0, xi);
  const double s = 1.5 * std::sqrt(3.0) * u * (1 - u * u), bow = 1 - u * u;
  return u + errors.offset * static_cast<double>(xi[0]) +
         errors.gain * static_cast<double>(xi[1]) * u +
         errors.inl * (static_cast<double>(xi[2]) * bow + static_cast<double>(xi[3]) * s);
}

Matrix read(crossbar::Array& array, Direction direction, const Matrix& x, Index outputs) {
  Matrix y(x.rows(), outputs);
  array.read(direction, x, y);
  return y;
}

}  // namespace

TEST_CASE("reads see each driver's own errors, tile by tile and in both directions") {
  const crossbar::LineErrors errors{.offset = 0.1, .gain = 0.2, .inl = 0.05};
  const Index rows = 7, cols = 5, tile_rows = 3, tile_cols = 2, row_tiles = 3;
  const MatrixD w = tests::numbers(rows, cols, 1, -1, 1), x = tests::numbers(4, rows, 2, -1, 1),
                d = tests::numbers(4, cols, 3, -1, 1);
  const auto round = [](double v) { return std::round(v * 15) / 15; };
  for (const bool timed : {false, true}) {
    crossbar::AnalogArrayModel model = tests::ideal_parts();
    if (timed) {
      model.dac.choice = crossbar::PulseWidthDac{.resolution = 5, .errors = errors};
    } else {
      model.dac.choice = crossbar::UniformDac{.resolution = 5, .errors = errors};
    }
    model.tile_rows = tile_rows;
    model.tile_cols = tile_cols;
    cost::Tally tally;
    crossbar::AnalogArray array(model, rows, cols, {.seed = 9, .tally = &tally});
    array.program(w.cast<float>());
    MatrixD y = MatrixD::Zero(4, cols), z = MatrixD::Zero(4, rows);
    for (Index b = 0; b < 4; ++b) {
      for (Index i = 0; i < rows; ++i) {
        for (Index j = 0; j < cols; ++j) {
          // Ends of columns come first, one for each tile of rows; then those of rows.
          const Index of_row = row_tiles * cols + (j / tile_cols) * rows + i,
                      of_col = (i / tile_rows) * cols + j;
          const auto level = [&](double v, Index end) {
            const double u = round(v);
            return timed && u == 0 ? 0 : bent(u, errors, 9, end);
          };
          y(b, j) += w(i, j) * level(x(b, i), of_row);
          z(b, i) += w(i, j) * level(d(b, j), of_col);
        }
      }
    }
    const Matrix forward = read(array, Direction::to_cols, x.cast<float>(), cols);
    CHECK((forward.cast<double>() - y).cwiseAbs().maxCoeff() < 1e-5);
    CHECK((read(array, Direction::to_rows, d.cast<float>(), rows).cast<double>() - z)
              .cwiseAbs()
              .maxCoeff() < 1e-5);
    CHECK(read(array, Direction::to_cols, x.cast<float>(), cols) == forward);  // fixed over reads
    Matrix few(4, 3);
    array.read(Direction::to_cols, x.cast<float>(), few, {1, 3});
    CHECK((few - forward.middleCols(1, 3)).cwiseAbs().maxCoeff() == 0);
  }
}

TEST_CASE("lines that rest at zero have no errors, and held voltages do") {
  const crossbar::LineErrors errors{.offset = 0.1, .noise = 0.1};
  const auto at_zero = [&](const auto& dac) {
    crossbar::AnalogArrayModel model = tests::ideal_parts();
    model.dac.choice = dac;
    cost::Tally tally;
    crossbar::AnalogArray array(model, 3, 2, {.tally = &tally});
    array.program(Matrix::Ones(3, 2));
    return static_cast<double>(
        read(array, Direction::to_cols, Matrix::Zero(2, 3), 2).cwiseAbs().maxCoeff());
  };
  CHECK(at_zero(crossbar::PulseWidthDac{.errors = errors}) == 0);
  CHECK(at_zero(crossbar::BitSerialDac{.errors = errors}) == 0);
  CHECK(at_zero(crossbar::UniformDac{.errors = errors}) > 0.01);
}

TEST_CASE("noise of a driver is fresh in each read and shared by all outputs of its tile",
          "[stochastic]") {
  constexpr Index count = 4000;
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.dac.choice = crossbar::UniformDac{.resolution = 7, .errors = {.noise = 0.1}};
  cost::Tally tally;
  crossbar::AnalogArray array(model, 1, 2, {.seed = tests::seed(4), .tally = &tally});
  array.program(Matrix::Ones(1, 2));
  const Matrix first = read(array, Direction::to_cols, Matrix::Zero(count, 1), 2),
               second = read(array, Direction::to_cols, Matrix::Zero(count, 1), 2);
  CHECK(first.col(0) == first.col(1));
  const double variance = static_cast<double>(first.col(0).squaredNorm()) / count;
  CHECK(std::sqrt(variance) == Approx(0.1).epsilon(5 / std::sqrt(2.0 * count)));
  const double both = static_cast<double>(first.col(0).dot(second.col(0))) / count / variance;
  CHECK(std::abs(both) < 5 / std::sqrt(static_cast<double>(count)));
}
