#include "ohmlab/crossbar/mapping/one_sided.hpp"

#include <cmath>
#include <string>
#include <vector>

#include "ohmlab/crossbar/analog_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;

namespace {

constexpr Index rows = 3, cols = 4;
constexpr double step = 0.01;

/// Pairs of equal cells without noise, all steps equal, pulsed upwards only.
crossbar::AnalogArrayModel one_sided(const crossbar::OneSidedMapping& mapping) {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  devices::ConstantStep pulse;
  pulse.dw_min = step;
  pulse.dw_min_dtod = pulse.dw_min_std = pulse.up_down_dtod = pulse.w_max_dtod = pulse.w_min_dtod =
      0;
  pulse.w_max = 1;
  pulse.w_min = -1;
  model.device.pulse.choice = pulse;
  model.pulser.choice = crossbar::DeterministicPulser{};
  model.mapping.choice = mapping;
  return model;
}

/// w_plus and w_minus, from the conductances.
std::vector<MatrixD> states(const crossbar::AnalogArray& array, const devices::Device& device) {
  std::vector<MatrixD> out;
  for (const MatrixD& g : array.conductances())
    out.push_back(((g.array() - *device.g_min) / (*device.g_max - *device.g_min) * 2 - 1).matrix());
  return out;
}

double figure(const crossbar::Array& array, const std::string& name) {
  for (const crossbar::Figure& f : array.figures()) {
    if (f.name == name) return f.value;
  }
  return -1;
}

void add(crossbar::Array& array, double change) {
  const Matrix x = Matrix::Ones(1, rows), d = Matrix::Ones(1, cols);
  array.update(x, d, change);
}

}  // namespace

TEST_CASE("a pair pulsed one way holds weights of both signs, one cell at rest") {
  const crossbar::AnalogArrayModel model = one_sided({});
  REQUIRE(model.problem().empty());
  cost::Tally tally;
  crossbar::AnalogArray array(model, rows, cols, {.seed = 2, .tally = &tally});
  CHECK(array.weights().isZero(0));
  CHECK(states(array, model.device)[0].isApproxToConstant(-1, 1e-12));
  const Matrix w = tests::numbers(rows, cols, 3, -0.9, 0.9).cast<float>();
  array.program(w);
  CHECK((array.weights() - w.cast<double>()).cwiseAbs().maxCoeff() < 1e-6);
  const std::vector<MatrixD> cells = states(array, model.device);
  for (Index k = 0; k < w.size(); ++k) {
    const bool positive = w.data()[k] > 0;
    CHECK(cells[positive ? 1 : 0].data()[k] == Approx(-1));
    CHECK(cells[positive ? 0 : 1].data()[k] ==
          Approx(-1 + 2 * std::abs(static_cast<double>(w.data()[k]))));
  }
}

TEST_CASE("changes of both signs move the cells of a one-sided pair upwards only") {
  for (const bool exact : {false, true}) {
    crossbar::AnalogArrayModel model = one_sided({.every = 1000});
    if (exact) model.pulser.choice = crossbar::ExactPulser{};
    cost::Tally tally;
    crossbar::AnalogArray array(model, rows, cols, {.seed = 2, .tally = &tally});
    add(array, 5 * step);
    add(array, -3 * step);
    const std::vector<MatrixD> cells = states(array, model.device);
    CHECK(cells[0].isApproxToConstant(-1 + 2 * 5 * step, 1e-6));
    CHECK(cells[1].isApproxToConstant(-1 + 2 * 3 * step, 1e-6));
    CHECK(array.weights().isApproxToConstant(2 * step, 1e-6));
    double pulses = 0;
    for (const cost::Entry& e : tally.entries())
      pulses += e.action == cost::Action::array_pulse ? e.count : 0;
    CHECK(pulses == (exact ? 0 : 16 * rows * cols));
  }
}

TEST_CASE("full pairs are read, reset and programmed to the same weight") {
  crossbar::AnalogArrayModel model = one_sided({.full = 0.505, .every = 10});
  model.verify_pulses = 4;
  cost::Tally tally;
  crossbar::AnalogArray array(model, rows, cols, {.seed = 2, .tally = &tally});
  // Both cells climb by 0.1 in ten changes.
  const auto ten = [&] {
    for (int k = 0; k < 5; ++k) {
      add(array, step);
      add(array, -step);
    }
  };
  for (int k = 0; k < 15; ++k) ten();  // near 0.5
  CHECK(figure(array, "refreshes_per_pair") == 0);
  CHECK(states(array, model.device)[0].isApproxToConstant(0.5, 1e-5));
  add(array, 4 * step);
  for (int k = 0; k < 9; ++k) add(array, step);
  CHECK(figure(array, "refreshes_per_pair") == 1);
  CHECK(array.weights().isApproxToConstant(13 * step, 1e-5));
  const std::vector<MatrixD> cells = states(array, model.device);
  CHECK(cells[0].isApproxToConstant(-1 + 2 * 13 * step, 1e-5));
  CHECK(cells[1].isApproxToConstant(-1, 1e-6));

  const auto of = [&](cost::Action action) {
    double count = 0;
    for (const cost::Entry& e : tally.entries())
      count += e.action == action && e.stage == "train: refresh" ? e.count : 0;
    return count;
  };
  const double pairs = rows * cols, checks = 16, rounds = 1 + model.verify_pulses;
  CHECK(of(cost::Action::array_pulse) == 2 * pairs * rounds);
  CHECK(of(cost::Action::array_read) == checks * 2 * rows + rounds * rows);
  CHECK(of(cost::Action::memory_read) == 0);
}

TEST_CASE("only pairs that are full are written, and their pulses are counted") {
  const crossbar::AnalogArrayModel model = one_sided({.full = 0.48, .every = 1});
  cost::Tally tally;
  crossbar::AnalogArray array(model, rows, cols, {.seed = 2, .tally = &tally});
  Matrix w = Matrix::Constant(rows, cols, 0.2F);
  w(1, 2) = 0.745F;
  array.program(w);
  add(array, step);
  CHECK(figure(array, "refreshes_per_pair") == Approx(1.0 / (rows * cols)));
  // 8.5 pulses are counted as 9, and one resets.
  CHECK(figure(array, "pulses_most") == Approx(2 + 10 + model.verify_pulses));
}

TEST_CASE("without a refresh a one-sided pair fills up, with it learning goes on") {
  const auto walk = [](std::int64_t every) {
    const crossbar::AnalogArrayModel model = one_sided({.every = every});
    cost::Tally tally;
    crossbar::AnalogArray array(model, rows, cols, {.seed = 2, .tally = &tally});
    for (int k = 0; k < 500; ++k) add(array, k % 2 == 0 ? 3 * step : -2 * step);
    return array.weights().mean();
  };
  CHECK(walk(1 << 20) == Approx(0).margin(1e-6));  // both cells are full
  CHECK(walk(10) > 0.7);  // the sum of the changes is 2.5, and a weight ends at 1
}

TEST_CASE("one-sided pairs are read through wires that resist, and not on lines that float") {
  crossbar::AnalogArrayModel model = one_sided({});
  model.sensing.choice = crossbar::VoltageSensing{};
  CHECK(model.problem().find("single rows") != std::string::npos);
  model = one_sided({});
  model.wires.choice = crossbar::ExactWires{};
  model.device = tests::electrical(model.device);
  CHECK(model.problem().empty());
}
