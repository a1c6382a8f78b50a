// States that wander along the clock, held to the closed form of a random walk.
#include <cmath>

#include "ohmlab/crossbar/analog_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;

namespace {

constexpr Index rows = 80, cols = 70;
constexpr double cells = rows * cols;

crossbar::AnalogArrayModel wandering(double diffusion) {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.pulse.choice = devices::IdealPulse{.dw_min = 0.01};
  model.device.diffusion = diffusion;
  return model;
}

void check_variance(const MatrixD& x, double expected) {
  CAPTURE(expected);
  CHECK(std::abs(x.mean()) < 5 * std::sqrt(expected / cells));
  CHECK(std::abs(x.array().square().mean() / expected - 1) < 5 * std::sqrt(2 / cells));
}

}  // namespace

TEST_CASE("the variance of a diffusing state is proportional to time", "[stochastic]") {
  const auto seed = tests::seed(9);
  cost::Tally tally;
  crossbar::AnalogArray array(wandering(0.01), rows, cols, {.seed = seed, .tally = &tally});
  array.program(Matrix::Constant(rows, cols, 0.3F));
  const MatrixD start = array.weights();
  CHECK((start.array() - 0.3).abs().maxCoeff() < 1e-4);  // rows wait for the last one
  array.wait(9);
  const MatrixD first = array.weights();
  check_variance(first - start, 9 * 1e-4);
  for (int k = 0; k < 4; ++k) array.wait(4);
  const MatrixD second = array.weights();
  check_variance(second - first, 16 * 1e-4);
  check_variance(second - start, 25 * 1e-4);
  const double common = (first - start).cwiseProduct(second - first).mean();
  CHECK(std::abs(common) < 5 * 9e-2 * 16e-2 * 1e-1 / std::sqrt(cells));

  // reads see the states where they are, and an update starts from there
  Matrix y(rows, cols);
  array.read(crossbar::Direction::to_cols, Matrix::Identity(rows, rows), y);
  CHECK((y.cast<double>() - second).cwiseAbs().maxCoeff() < 1e-5);
  array.update(Matrix::Ones(1, rows), Matrix::Ones(1, cols), 0.05);
  CHECK(std::abs((array.weights() - second).mean() - 0.05) < 0.01);

  // a write forgets the walk
  array.program(Matrix::Constant(rows, cols, -0.2F));
  CHECK((array.weights().array() + 0.2).abs().maxCoeff() < 1e-4);
}

TEST_CASE("a diffusing cell stays within its range, and heat makes it faster", "[stochastic]") {
  crossbar::AnalogArrayModel model = wandering(0.5);
  model.device.pulse.choice = devices::ConstantStep{{.dw_min = 0.01,
                                                     .dw_min_dtod = 0,
                                                     .up_down_dtod = 0,
                                                     .w_max = 0.4,
                                                     .w_max_dtod = 0,
                                                     .w_min = -0.3,
                                                     .w_min_dtod = 0}};
  cost::Tally tally;
  crossbar::AnalogArray bounded(model, rows, cols, {.tally = &tally});
  bounded.wait(1e4);
  CHECK(bounded.weights().maxCoeff() == Approx(0.4));
  CHECK(bounded.weights().minCoeff() == Approx(-0.3));

  model = wandering(0.001);
  model.device.temperature = 350;
  model.device.activation = {.low = 0, .high = 0, .drift = 0.5};
  REQUIRE(model.device.problem().empty());
  const auto seed = tests::seed(10);
  crossbar::AnalogArray hot(model, rows, cols, {.seed = seed, .tally = &tally});
  hot.wait(50);
  const double factor = std::exp(0.5 / 8.617333262e-5 * (1 / 300.0 - 1 / 350.0));
  check_variance(hot.weights(), 1e-6 * 50 * factor);
}

TEST_CASE("a walk that is saved and restored goes on with the same bits") {
  cost::Tally tally;
  crossbar::AnalogArray calm(wandering(0.1), 7, 5, {.tally = &tally}),
      resumed(wandering(0.1), 7, 5, {.tally = &tally});
  const auto use = [](crossbar::AnalogArray& array) {
    Matrix y(2, 5);
    array.read(crossbar::Direction::to_cols, Matrix::Ones(2, 7), y);
    array.wait(0.3);
    array.update(Matrix::Ones(1, 7), Matrix::Ones(1, 5), 0.02);
    return y;
  };
  use(calm);
  core::Archive saved;
  calm.state(saved);
  core::Archive restored(saved.items());
  resumed.state(restored);
  for (int k = 0; k < 3; ++k) CHECK(use(calm) == use(resumed));
}
