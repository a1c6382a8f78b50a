#include "ohmlab/lab/experiments/probe.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <string>
#include <vector>

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/field_values.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {

devices::Device device(const std::string& toml) {
  return core::read<devices::Device>(core::parse_config(toml, "device.toml"));
}

const std::string exact =
    "dw_min_dtod = 0, dw_min_std = 0, up_down_dtod = 0, w_max_dtod = 0, w_min_dtod = 0";

}  // namespace

TEST_CASE("the curve of cells with constant steps is a triangle with flat tops at the bounds") {
  const auto cell =
      device("pulse = {kind = 'constant_step', dw_min = 0.25, w_max = 0.6, " + exact + "}");
  const core::Matrix curve = experiments::pulse_curve(cell, 3, 2, 2, 2, 1);
  const std::vector<float> expected{0.25F, 0.5F, 0.6F, 0.35F, 0.1F, 0.35F, 0.6F, 0.6F, 0.35F, 0.1F};
  REQUIRE(curve.rows() == 2);
  REQUIRE(curve.cols() == 10);
  for (core::Index cell_number = 0; cell_number < 2; ++cell_number) {
    for (core::Index i = 0; i < 10; ++i) {
      CHECK(curve(cell_number, i) == Approx(expected[static_cast<std::size_t>(i)]).margin(1e-6));
    }
  }
}

TEST_CASE(
    "the curve of cells with soft bounds closes a fixed share of what is left with every pulse") {
  const auto cell =
      device("pulse = {kind = 'soft_bounds', dw_min = 0.1, w_max = 0.8, " + exact + "}");
  const core::Matrix curve = experiments::pulse_curve(cell, 20, 0, 1, 1, 1);
  for (core::Index k = 0; k < 20; ++k) {
    const double left = std::pow(1 - 0.1 / 0.8, static_cast<double>(k + 1));
    CHECK(static_cast<double>(curve(0, k)) == Approx(0.8 * (1 - left)).epsilon(1e-5));
  }
}

TEST_CASE("every pulse of a curve is one pulse, however small the step") {
  for (const char* step : {"0.001", "0.0002", "0.37", "7e-5"}) {
    const auto cell = device(std::string("pulse = {kind = 'ideal', dw_min = ") + step + "}");
    const core::Matrix curve = experiments::pulse_curve(cell, 5, 0, 1, 3, 1);
    CHECK(static_cast<double>(curve(2, 4)) == Approx(5 * std::stod(step)).epsilon(1e-5));
  }
}

TEST_CASE("devices of a curve differ as their spread says, and a seed repeats them") {
  const auto cell =
      device("pulse = {kind = 'constant_step', dw_min = 0.01, dw_min_std = 0, up_down_dtod = 0}");
  const core::Matrix curve = experiments::pulse_curve(cell, 1, 0, 1, 4000, 5);
  const Eigen::ArrayXd steps = curve.col(0).cast<double>().array() / 0.01;
  const double mean = steps.mean();
  const double spread = std::sqrt((steps - mean).square().sum() / 3999);
  CHECK(mean == Approx(1).margin(5 * 0.3 / std::sqrt(4000)));
  CHECK(spread == Approx(0.3).margin(5 * 0.3 / std::sqrt(2.0 * 4000)));
  CHECK(curve == experiments::pulse_curve(cell, 1, 0, 1, 4000, 5));
  CHECK(curve != experiments::pulse_curve(cell, 1, 0, 1, 4000, 6));
}

TEST_CASE("retention follows the drift's own law in conductance") {
  const auto cell = device(
      "g_min = 0\ng_max = '20 uS'\ndrift = {kind = 'power_law', nu = 0.1, t0 = 2, nu_dtod = 0}\n"
      "pulse = {kind = 'constant_step', w_max_dtod = 0, w_min_dtod = 0}");
  const std::vector<double> ages{0, 6, 1000};
  const core::Matrix w = experiments::retention(cell, 0.5, ages, 2, 1);
  REQUIRE(w.cols() == 3);
  for (std::size_t i = 0; i < ages.size(); ++i) {
    const double g = 15e-6 * std::pow(std::max(ages[i], 2.0) / 2, -0.1);
    CHECK(cell.conductance(static_cast<double>(w(1, static_cast<core::Index>(i)))) ==
          Approx(g).epsilon(1e-4));
  }
}

TEST_CASE("a curve without devices or with negative counts, and ages that go back, are refused") {
  const devices::Device cell;
  const auto complaint = [](const auto& act) -> std::string {
    try {
      act();
    } catch (const core::UserError& error) {
      return error.what();
    }
    return "none";
  };
  const auto curve_complaint = [&](std::int64_t up, std::int64_t devices) {
    return complaint(
        [&] { static_cast<void>(experiments::pulse_curve(cell, up, 1000, 1000, devices, 1)); });
  };
  CHECK(curve_complaint(1, 0).starts_with("devices = 0: expected a number from 1"));
  CHECK(curve_complaint(-1, 1).starts_with("pulses_up = -1: expected a number from 0"));
  CHECK(curve_complaint(100000, 100000).starts_with("pulses_up = 100000: expected"));
  CHECK(curve_complaint(100, 100000).starts_with("cycles = 1000: expected"));
  const std::vector<double> back{2, 1};
  CHECK(complaint([&] { static_cast<void>(experiments::retention(cell, 0, back, 1, 1)); }) ==
        "ages = 1: expected seconds that ascend from 0");
  constexpr double nan = std::numeric_limits<double>::quiet_NaN(),
                   inf = std::numeric_limits<double>::infinity();
  const auto retention_complaint = [&](double state, double age) {
    const std::vector<double> ages{age};
    return complaint([&] { static_cast<void>(experiments::retention(cell, state, ages, 1, 1)); });
  };
  CHECK(retention_complaint(nan, 0) == "state = nan: expected a finite number");
  CHECK(retention_complaint(1e300, 0) == "state = 1e+300: expected a finite number");
  CHECK(retention_complaint(0, nan) == "ages = nan: expected seconds that ascend from 0");
  CHECK(retention_complaint(0, inf) == "ages = inf: expected seconds that ascend from 0");
  CHECK(retention_complaint(0, -1) == "ages = -1: expected seconds that ascend from 0");
}
