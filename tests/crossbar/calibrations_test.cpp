#include "ohmlab/crossbar/calibrations.hpp"

#include <cmath>
#include <string>

#include "ohmlab/crossbar/analog_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;

namespace {

constexpr Index rows = 4, cols = 5;

/// Soft bounds of different steps up and down, without noise: symmetry points away from zero.
crossbar::AnalogArrayModel lopsided(const crossbar::ZeroShift& shift) {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.pulse.choice = devices::SoftBounds{{.dw_min = 0.02,
                                                   .dw_min_dtod = 0.1,
                                                   .dw_min_std = 0,
                                                   .up_down = 0.3,
                                                   .up_down_dtod = 0.1,
                                                   .w_max_dtod = 0.1,
                                                   .w_min_dtod = 0.1}};
  model.calibration.choice = shift;
  return model;
}

double figure(const crossbar::Array& array, const std::string& name) {
  for (const crossbar::Figure& f : array.figures()) {
    if (f.name == name) return f.value;
  }
  return -1;
}

double off_after(const crossbar::ZeroShift& shift) {
  cost::Tally tally;
  const crossbar::AnalogArray array(lopsided(shift), rows, cols, {.seed = 4, .tally = &tally});
  return figure(array, "symmetry_off");
}

}  // namespace

TEST_CASE(
    "zero shifting closes in on the symmetry points by the square of (1 - step/bound) a pair") {
  // One pair of pulses on soft bounds contracts the distance by (1 - up/w_max)(1 - down/|w_min|).
  const double far = off_after({.pairs = 20}), near = off_after({.pairs = 60});
  CAPTURE(far, near);
  CHECK(near < far);
  const double mean = std::pow((1 - 0.02) * (1 - 0.014), 40);
  CHECK(near / far == Approx(mean).epsilon(0.25));
  // Both half cycles are averaged. With slopes u of upward and d of downward steps over w, the
  // ends of a cycle lie d/(u + d) and u/(u + d) of a step from the symmetry point.
  const double u = 0.02, d = 0.014, step = u * (1 - (u - d) / (u + d));
  CHECK(off_after({.pairs = 1000}) == Approx(step / 2 * (u - d) / (u + d)).epsilon(0.3));
}

TEST_CASE("weights are written and read relative to the states that count as zero") {
  cost::Tally tally;
  crossbar::AnalogArray array(lopsided({.pairs = 500}), rows, cols, {.seed = 4, .tally = &tally});
  CHECK(array.weights().cwiseAbs().maxCoeff() < 0.02);
  const Matrix target = tests::numbers(rows, cols, 3, -0.2, 0.2).cast<float>();
  array.program(target);
  CHECK((array.weights() - target.cast<double>()).cwiseAbs().maxCoeff() < 1e-6);
  const Matrix x = tests::numbers(3, rows, 1, -1, 1).cast<float>();
  Matrix y(3, cols);
  array.read(crossbar::Direction::to_cols, x, y);
  CHECK((y - x * target).cwiseAbs().maxCoeff() < 1e-5);
}

TEST_CASE("a calibration is on the bill, and again for hidden groups when it is due") {
  crossbar::AnalogArrayModel model = lopsided({.pairs = 10, .average = 2, .every = 3});
  model.path.choice = crossbar::TikiTaka2Path{};
  REQUIRE(model.problem().empty());
  cost::Tally tally;
  crossbar::AnalogArray array(model, rows, cols, {.seed = 4, .tally = &tally});
  const auto of = [&](cost::Action action, const std::string& stage) {
    double count = 0;
    for (const cost::Entry& e : tally.entries()) {
      if (e.action == action && e.stage == stage) count += e.count;
    }
    return count;
  };
  const double cells = rows * cols;
  // two groups, two pulses a pair; then the fixed cells are programmed
  CHECK(of(cost::Action::array_pulse, "start: program") ==
        Approx(2 * (20 * cells + model.verify_pulses * cells)));
  CHECK(of(cost::Action::adc_convert, "start: program") ==
        Approx(2 * (4 * cells + model.verify_pulses * cells)));
  for (int n = 0; n < 7; ++n) array.increment(Matrix::Constant(rows, cols, 0.01F));
  CHECK(of(cost::Action::array_pulse, "train: calibration") ==
        Approx(2 * (20 * cells + model.verify_pulses * cells)));
}

TEST_CASE("a killed run goes on with the same states that count as zero") {
  crossbar::AnalogArrayModel model = lopsided({.pairs = 10, .every = 5});
  model.path.choice = crossbar::ChoppedPath{};
  cost::Tally tally, other_tally;
  crossbar::AnalogArray array(model, rows, cols, {.seed = 4, .tally = &tally});
  crossbar::AnalogArray other(model, rows, cols, {.seed = 4, .tally = &other_tally});
  const auto learn = [](crossbar::Array& of, int changes) {
    for (int n = 0; n < changes; ++n) of.increment(Matrix::Constant(rows, cols, 0.01F));
  };
  learn(array, 8);
  core::Archive saved;
  array.state(saved);
  core::Archive restored(saved.items());
  other.state(restored);
  learn(array, 9);
  learn(other, 9);
  CHECK(array.weights() == other.weights());
}

TEST_CASE("calibrations that have no fixed cells or nothing hidden are refused") {
  crossbar::AnalogArrayModel model = lopsided({});
  CHECK(model.problem().empty());
  model.mapping.choice = crossbar::PairMapping{};
  CHECK(model.problem().find("fixed cells") != std::string::npos);
  model = lopsided({.every = 10});
  CHECK(model.problem().find("hidden") != std::string::npos);
}
