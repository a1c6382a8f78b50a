#include <cmath>

#include "ohmlab/crossbar/analog_array.hpp"

#include "tests/catch.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;

namespace {

/// Noisy reads of zero weights, an output each.
Matrix noise_of(std::uint32_t layer, const crossbar::AnalogArrayModel& model, Index rows,
                Index reads) {
  cost::Tally tally;
  crossbar::AnalogArray array(model, rows, 1,
                              {.seed = tests::seed(6), .layer = layer, .tally = &tally});
  array.program(Matrix::Zero(rows, 1));
  Matrix y(reads, 1);
  array.read(crossbar::Direction::to_cols, Matrix::Ones(reads, rows), y);
  return y;
}

crossbar::AnalogArrayModel noisy() {
  crossbar::AnalogArrayModel model;
  model.adc.choice = crossbar::NoAdc{};
  model.dac.choice = crossbar::NoDac{};
  model.weight_scale = 1;
  model.output_noise = 0.1;
  return model;
}

}  // namespace

TEST_CASE("arrays of different layers have output noise of their own", "[stochastic]") {
  constexpr Index reads = 4000;
  const core::MatrixD a = noise_of(1, noisy(), 2, reads).cast<double>(),
                      b = noise_of(2, noisy(), 2, reads).cast<double>();
  const double correlation = (a.array() * b.array()).mean() / (0.1 * 0.1);
  CHECK(std::abs(correlation) < 5 / std::sqrt(double{reads}));
}

TEST_CASE("tiles have output noise of their own, which adds up in squares", "[stochastic]") {
  constexpr Index reads = 4000, tiles = 4;
  crossbar::AnalogArrayModel model = noisy();
  model.tile_rows = 3;
  const core::MatrixD y = noise_of(0, model, 3 * tiles, reads).cast<double>();
  const double share = y.array().square().mean() / (tiles * 0.1 * 0.1);
  CHECK(std::abs(share - 1) < 5 * std::sqrt(2.0 / reads));
}

TEST_CASE("a device's clock runs while it is read") {
  crossbar::AnalogArrayModel model = noisy();
  model.output_noise = 0;
  model.device.g_min = 0.0;
  model.device.g_max = 10e-6;
  model.device.t_read = 1.0;
  model.device.drift.choice = devices::PowerLawDrift{.nu = 0.1, .nu_dtod = 0, .t0 = 1};
  cost::Tally tally;
  crossbar::AnalogArray array(model, 1, 1, {.tally = &tally});
  array.program(Matrix::Ones(1, 1));
  Matrix y(1000, 1);
  array.read(crossbar::Direction::to_cols, Matrix::Ones(1000, 1), y);
  // g falls by 1000^-0.1, and w = 2 g/g_max - 1; programming is before
  const double g = std::pow(1000.0, -0.1);
  CHECK(array.weights()(0, 0) == Approx(2 * g - 1).epsilon(1e-4));
}
