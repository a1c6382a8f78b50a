// Cells that pulses wear out: how many by the law of their lives, and what is left of them.
#include <cmath>
#include <string>

#include "ohmlab/crossbar/analog_array.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;

namespace {

constexpr Index rows = 60, cols = 50;
constexpr double cells = rows * cols;

template <class Wear>
crossbar::AnalogArrayModel wearing(const Wear& wear, double endurance) {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.pulse.choice = devices::IdealPulse{.dw_min = 0.01};
  model.device.endurance = endurance;
  model.device.wear.choice = wear;
  model.pulser.choice = crossbar::StochasticPulser{
      {.desired_bl = 1, .bl_management = false, .update_management = false}};
  return model;
}

/// One pulse for every cell.
void pulse_all(crossbar::Array& array) {
  array.update(Matrix::Ones(1, array.rows()), Matrix::Ones(1, array.cols()), 1e6);
}

double figure(const crossbar::Array& array, const std::string& name) {
  for (const crossbar::Figure& f : array.figures()) {
    if (f.name == name) return f.value;
  }
  return -1;
}

void check_share(double share, double p) {
  CAPTURE(share, p);
  CHECK(std::abs(share - p) < 5 * std::sqrt(p * (1 - p) / cells) + 1e-12);
}

}  // namespace

TEST_CASE("cells wear out by the law of Weibull, pulse by pulse", "[stochastic]") {
  const auto seed = tests::seed(5);
  cost::Tally tally;
  crossbar::AnalogArray array(wearing(devices::WeibullWear{.shape = 2.5}, 20), rows, cols,
                              {.seed = seed, .tally = &tally});
  CHECK(figure(array, "cells_worn") == 0);
  for (int n = 1; n <= 40; ++n) {
    pulse_all(array);
    check_share(figure(array, "cells_worn"), 1 - std::exp(-std::pow(n / 20.0, 2.5)));
    CHECK(figure(array, "yield") == Approx(1 - figure(array, "cells_worn")));
    CHECK(figure(array, "cells_faulty") == figure(array, "cells_worn"));
  }
  CHECK(figure(array, "pulses_most") == 40);
}

TEST_CASE("cells wear out by a lognormal law, write-and-verify included", "[stochastic]") {
  const auto seed = tests::seed(6);
  crossbar::AnalogArrayModel model = wearing(devices::LognormalWear{.spread = 0.6}, 30);
  model.verify_pulses = 8.5;
  cost::Tally tally;
  crossbar::AnalogArray array(model, rows, cols, {.seed = seed, .tally = &tally});
  for (int n = 1; n <= 6; ++n) {
    array.program(Matrix::Constant(rows, cols, 0.1F * static_cast<float>(n)));
    pulse_all(array);
    const double z = std::log(9.5 * n / 30.0) / 0.6;
    check_share(figure(array, "cells_worn"), 0.5 * std::erfc(-z / std::sqrt(2.0)));
  }
}

TEST_CASE("a worn cell stays at one of the states that were asked", "[stochastic]") {
  const auto seed = tests::seed(7);
  cost::Tally tally;
  crossbar::AnalogArray array(
      wearing(devices::WeibullWear{.worn = {.low = 1, .high = 2, .here = 3}}, 10), rows, cols,
      {.seed = seed, .tally = &tally});
  MatrixD last = array.weights();
  double low = 0, high = 0, here = 0;
  MatrixD kept = MatrixD::Constant(rows, cols, -9);
  for (int n = 1; n <= 60; ++n) {
    pulse_all(array);
    const MatrixD now = array.weights();
    for (Index k = 0; k < now.size(); ++k) {
      const double w = now.data()[k];
      if (kept.data()[k] != -9) {
        CHECK(w == kept.data()[k]);
        continue;
      }
      if (w == -1) ++low;
      if (w == 1) ++high;
      if (w == last.data()[k]) ++here;  // worn by the pulse before, which moved it
      if (std::abs(w) == 1 || w == last.data()[k]) kept.data()[k] = w;
    }
    last = now;
  }
  CHECK(figure(array, "cells_worn") == 1);
  CHECK(low + high + here == cells);
  check_share(low / cells, 1.0 / 6);
  check_share(high / cells, 2.0 / 6);
  check_share(here / cells, 3.0 / 6);
}

TEST_CASE("worn cells are no fewer and no others after a resume") {
  const crossbar::AnalogArrayModel model = [] {
    crossbar::AnalogArrayModel out =
        wearing(devices::WeibullWear{.worn = {.low = 1, .high = 1, .here = 1}}, 12);
    out.device.faults.choice = devices::StuckFaults{.yield = 0.9};
    return out;
  }();
  cost::Tally tally;
  crossbar::AnalogArray calm(model, rows, cols, {.tally = &tally}),
      other(model, rows, cols, {.tally = &tally});
  calm.program(Matrix::Constant(rows, cols, 0.2F));
  for (int n = 0; n < 3; ++n) pulse_all(calm);
  core::Archive saved;
  calm.state(saved);
  for (int n = 0; n < 30; ++n) pulse_all(other);  // worn further than the state that it gets
  core::Archive restored(saved.items());
  other.state(restored);
  for (int n = 0; n < 8; ++n) {
    CHECK(other.weights() == calm.weights());
    CHECK(figure(other, "cells_worn") == figure(calm, "cells_worn"));
    CHECK(figure(other, "cells_worn") > 0.1);
    CHECK(figure(other, "cells_faulty") > figure(calm, "cells_worn"));
    pulse_all(calm);
    pulse_all(other);
  }
}

TEST_CASE("wear needs an endurance and pulses to count") {
  crossbar::AnalogArrayModel model = wearing(devices::WeibullWear{}, 10);
  CHECK(model.problem().empty());
  model.pulser.choice = crossbar::ExactPulser{};
  CHECK(model.problem().find("counts no pulses") != std::string::npos);
  CHECK(model.device.problem().empty());
  model.device.endurance.reset();
  CHECK(model.device.problem() == "wear of kind \"weibull\" needs endurance");
  CHECK(!devices::WornState{.low = 0}.problem().empty());
}
