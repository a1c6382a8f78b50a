// Programming error, drift and their draws through an array: moments of many cells against the
// published ones, and which writes share a draw.
#include <array>
#include <cmath>
#include <vector>

#include "ohmlab/crossbar/analog_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Matrix;
using core::MatrixD;

namespace {

constexpr core::Index side = 256;
constexpr double count = side * side, day = 86400, sigmas = 4.892;  // exceeded once in a million

devices::Device device_of(double g_min, double g_max) {
  devices::Device device = tests::electrical();
  device.g_min = g_min * 1e-6;
  device.g_max = g_max * 1e-6;
  device.pulse.choice = devices::IdealPulse{};
  return device;
}

/// Many cells of one kind, all written to one conductance. Conductances in uS.
class Cells {
 public:
  explicit Cells(const devices::Device& device)
      : device_(device),
        plane_(crossbar::Tiling::of(side, side, 0, 0), device, tests::seed(3), 1, 0, {}) {}

  void program(double g, std::uint64_t operation, double start) {
    const double w = 2 * (g * 1e-6 - device_.lowest()) / (device_.highest() - device_.lowest()) - 1;
    plane_.program(Matrix::Constant(side, side, static_cast<float>(w)), {operation, start, 0});
    written_ = start;
  }
  [[nodiscard]] MatrixD after(double age) const {
    return plane_.seen(written_ + age)
        .unaryExpr([&](float w) {
      return static_cast<float>(1e6 * device_.conductance(static_cast<double>(w)));
    }).cast<double>();
  }

 private:
  devices::Device device_;
  crossbar::CellPlane plane_;
  double written_ = 0;
};

double mean(const MatrixD& g) { return g.mean(); }
double spread(const MatrixD& g) {
  return std::sqrt((g.array() - g.mean()).square().sum() / (count - 1));
}
double correlation(const MatrixD& a, const MatrixD& b) {
  return ((a.array() - a.mean()) * (b.array() - b.mean())).mean() / (spread(a) * spread(b));
}

void check_moments(const MatrixD& g, double expected_mean, double expected_spread) {
  CHECK(std::abs(mean(g) - expected_mean) < sigmas * expected_spread / std::sqrt(count) + 1e-4);
  CHECK(std::abs(spread(g) / expected_spread - 1) < sigmas / std::sqrt(2 * count) + 1e-4);
}

}  // namespace

TEST_CASE("arrays of filamentary memory have the published spreads at 1 s, 1 day and 2 days",
          "[stochastic]") {
  devices::Device device = device_of(1, 40);
  device.programming.choice = devices::RramWanProgramming{};
  device.drift.choice = devices::RramWanDrift{};
  Cells cells(device);
  cells.program(20, 1, 0);
  check_moments(cells.after(1), 20, 2.022938);
  // A cell widens by the spread at its written conductance, which has a spread of its own: the mean
  // of the squares over it moves the published number by less than 3 %.
  for (const auto& [age, published] : {std::array{day, 3.909}, std::array{2 * day, 3.929125}}) {
    CHECK(std::abs(mean(cells.after(age)) - 20) < sigmas * published / std::sqrt(count));
    CHECK(spread(cells.after(age)) == Approx(published).epsilon(0.03));
  }
}

TEST_CASE("the two fits of filamentary memory differ through the array", "[stochastic]") {
  for (const auto& [fit, published] : {std::pair{devices::RramWanCurve::quartic, 2.022938},
                                       std::pair{devices::RramWanCurve::cubic, 2.3618}}) {
    devices::Device device = device_of(1, 40);
    device.programming.choice = devices::RramWanProgramming{.fit = fit};
    Cells cells(device);
    cells.program(20, 1, 0);
    check_moments(cells.after(0), 20, published);
  }
}

TEST_CASE("arrays of metal oxide on HfOx have the published mean and spread", "[stochastic]") {
  devices::Device device = device_of(8, 90);
  device.programming.choice = devices::CmoHfoxProgramming{};
  device.drift.choice = devices::CmoHfoxDrift{};
  Cells cells(device);
  cells.program(50, 1, 0);
  check_moments(cells.after(1e-6), 50, 0.57573225);
  check_moments(cells.after(1), 50, std::hypot(0.57573225, 0.41183342));
  check_moments(cells.after(3600), 50 - 0.7288102, std::hypot(0.57573225, 0.7558515));
  check_moments(cells.after(day), 50 - 1.0116635, std::hypot(0.57573225, 0.8893659));
}

TEST_CASE("arrays of charge-trap transistors have the published spread after five days",
          "[stochastic]") {
  devices::Device device = device_of(0, 16);
  device.programming.choice = devices::SonosProgramming{};
  device.drift.choice = devices::SonosDrift{};
  Cells cells(device);
  cells.program(8, 1, 0);
  check_moments(cells.after(0), 8, 0.19673844);
  check_moments(cells.after(5 * day), 8, 0.33849367);
}

TEST_CASE("exponents and lifetimes have their spread over cells", "[stochastic]") {
  devices::Device device = device_of(0, 25);
  device.drift.choice = devices::StateIndependentDrift{.nu = 0.1, .nu_std = 0.02, .t0 = 20};
  Cells falling(device);
  falling.program(20, 1, 0);
  check_moments(-(falling.after(day).array() / 20).log().matrix() / std::log(day / 20 + 1), 0.1,
                0.02);
  device.drift.choice = devices::RetentionDrift{.lifetime = 5, .lifetime_dtod = 0.1, .rest = 0};
  Cells leaking(device);
  leaking.program(20, 1, 0);
  check_moments(-(leaking.after(3).array() / 20).log().inverse().matrix() * 3, 5, 0.5);
}

TEST_CASE("how a cell relaxes is drawn at each write and holds until the next", "[stochastic]") {
  devices::Device device = device_of(8, 90);
  device.drift.choice = devices::CmoHfoxDrift{};
  Cells cells(device);
  cells.program(50, 1, 0);
  const MatrixD first = cells.after(day), later = cells.after(3 * day), again = cells.after(day);
  CHECK(first == again);
  CHECK(correlation(first, later) > 0.999);
  cells.program(50, 2, 5 * day);
  CHECK(std::abs(correlation(first, cells.after(day))) < sigmas / std::sqrt(count));

  // An exponent is the cell's own.
  device.drift.choice = devices::StateIndependentDrift{};
  Cells same(device);
  same.program(50, 1, 0);
  const MatrixD before = same.after(1000);
  same.program(50, 2, 5 * day);
  CHECK((same.after(1000) - before).cwiseAbs().maxCoeff() < 1e-3);
}

TEST_CASE(
    "a drift that grows starts a pulse from where it has brought the cell, and relaxes anew") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = device_of(8, 90);
  model.device.pulse.choice = devices::IdealPulse{.dw_min = 0.001};
  model.device.drift.choice = devices::CmoHfoxDrift{};
  model.pulser.choice = crossbar::ExactPulser{};
  cost::Tally tally;
  crossbar::AnalogArray array(model, 1, 2, {.tally = &tally});
  array.program(Matrix::Zero(1, 2));
  array.wait(1e6);
  const MatrixD here = array.weights();
  CHECK(std::abs(here(0, 0)) > 1e-3);
  Matrix d(1, 2);
  d << 1, 0;  // only the first cell is written
  array.update(Matrix::Ones(1, 1), d, 0.01);
  CHECK(array.weights()(0, 0) == Approx(here(0, 0) + 0.01).margin(1e-5));
  CHECK(array.weights()(0, 1) == Approx(here(0, 1)).margin(1e-5));
}
