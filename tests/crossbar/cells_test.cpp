// A write starts from where a cell is and leaves it within its range: one law for states, reads,
// pulses, programming, drift and bills.
#include "ohmlab/crossbar/cells.hpp"

#include <cmath>
#include <limits>
#include <map>
#include <string>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/crossbar/pulse_reference.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;

namespace {

/// Without spread, so that bounds and steps are those of the mean device.
devices::ConstantStep even_steps(double dw_min) {
  return {{.dw_min = dw_min,
           .dw_min_dtod = 0,
           .dw_min_std = 0,
           .up_down_dtod = 0,
           .w_max_dtod = 0,
           .w_min_dtod = 0}};
}

crossbar::AnalogArrayModel one_pulse_each() {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.pulser.choice = crossbar::StochasticPulser{
      {.desired_bl = 1, .bl_management = false, .update_management = false}};
  return model;
}

/// One pulse for every cell, up or down.
void pulse_all(crossbar::Array& array, double direction) {
  array.update(Matrix::Ones(1, array.rows()), Matrix::Ones(1, array.cols()), direction * 1e6);
}

std::map<std::string, crossbar::Figure> figures_of(const crossbar::Array& array) {
  std::map<std::string, crossbar::Figure> out;
  for (const crossbar::Figure& figure : array.figures()) out[figure.name] = figure;
  return out;
}

}  // namespace

TEST_CASE(
    "a cell without a bound of its own stops at no conductance, comes back at once, and never "
    "earns joules") {
  const bool exact = GENERATE(false, true), pair = GENERATE(false, true);
  CAPTURE(exact, pair);
  crossbar::AnalogArrayModel model = one_pulse_each();
  model.device.pulse.choice = devices::IdealPulse{.dw_min = 0.25};
  if (pair) model.mapping.choice = crossbar::PairMapping{};
  if (exact) model.pulser.choice = crossbar::ExactPulser{};
  cost::Tally tally;
  crossbar::AnalogArray array(model, 3, 2, {.tally = &tally});
  const double floor = -1.25;  // 1 uS at -1, 9 uS at +1
  const auto step = [&](double direction) {
    if (exact) {
      array.update(Matrix::Ones(1, 3), Matrix::Ones(1, 2), direction * 0.25);
    } else {
      pulse_all(array, direction);
    }
    for (const cost::Entry& entry : tally.entries()) CHECK(entry.joules >= 0);
  };
  for (int n = 0; n < 40; ++n) step(-1);
  const double low = array.weights()(1, 1);
  if (!pair) CHECK(low == Approx(floor).epsilon(1e-6));
  CHECK(figures_of(array)["cells_at_bound"].value == (pair ? 0.5 : 1));
  step(+1);
  CHECK(array.weights()(1, 1) ==
        Approx(low + 0.25).epsilon(1e-6));  // no pulse is owed to a state below
}

TEST_CASE("reads, pulses and programming of cells at no conductance cost nothing or more") {
  crossbar::AnalogArrayModel model = one_pulse_each();
  model.device.g_min = 9.26e-9;  // the state of no conductance rounds below it
  model.device.g_max = 74.07e-9;
  model.device.pulse.choice = devices::IdealPulse{.dw_min = 0.1};
  cost::Tally tally;
  crossbar::AnalogArray array(model, 1, 1, {.tally = &tally});
  array.program(Matrix::Constant(1, 1, -100));
  pulse_all(array, -1);
  Matrix y(1, 1);
  array.read(crossbar::Direction::to_cols, Matrix::Ones(1, 1), y);
  CHECK(!tally.entries().empty());
  for (const cost::Entry& entry : tally.entries()) CHECK(entry.joules >= 0);
}

TEST_CASE("targets that no cell can hold are counted, whatever its pulses") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.mapping.choice = crossbar::PairMapping{};
  cost::Tally tally;
  const auto out_of_reach = [&](float target) {
    crossbar::AnalogArray array(model, 2, 2, {.tally = &tally});
    array.program(Matrix::Constant(2, 2, target));
    return figures_of(array)["programmed_out_of_reach"].value;
  };
  model.device.pulse.choice = devices::IdealPulse{};
  CHECK(out_of_reach(1.2F) == 0);
  CHECK(out_of_reach(5) ==
        0.5);  // the cells of one plane have no upper bound, the others would be below g = 0
  model.device.pulse.choice = even_steps(0.01);
  CHECK(out_of_reach(5) == 1);
  model.device = {};  // no conductances, no floor
  CHECK(out_of_reach(5) == 0);
}

TEST_CASE(
    "programming leaves no cell outside its own bounds, so that the next pulse moves none against "
    "its sign") {
  const float target = GENERATE(-1.0F, 1.0F, 0.3F);
  CAPTURE(target);
  crossbar::AnalogArrayModel model = one_pulse_each();
  devices::ConstantStep pulse;  // with its spreads
  pulse.dw_min = 0.001;
  pulse.dw_min_std = 0;
  model.device.pulse.choice = pulse;
  model.device.programming.choice = devices::GaussianProgramming{.std = 0.05};
  cost::Tally tally;
  for (const double direction : {+1.0, -1.0}) {
    crossbar::AnalogArray array(model, 50, 50, {.tally = &tally});
    array.program(Matrix::Constant(50, 50, target));
    const core::MatrixD before = array.weights();
    pulse_all(array, direction);
    const core::MatrixD moved = direction * (array.weights() - before);
    CHECK(moved.minCoeff() >= 0);
    CHECK(moved.maxCoeff() < 0.01);  // a few steps: none snaps
  }
}

TEST_CASE("an exact update is exact, however small the steps that it is counted in") {
  const double dw_min = GENERATE(1e-3, 1e-6, 1e-7, 1e-8, 1e-12);
  CAPTURE(dw_min);
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.pulser.choice = crossbar::ExactPulser{};
  const auto after = [&](double rate, const auto& pulse) {
    model.device.pulse.choice = pulse;
    cost::Tally tally;
    crossbar::AnalogArray array(model, 1, 1, {.tally = &tally});
    array.program(Matrix::Constant(1, 1, 0.5F));
    array.update(Matrix::Ones(10, 1), Matrix::Ones(10, 1), rate);
    return array.weights()(0, 0);
  };
  CHECK(after(0.01, devices::IdealPulse{.dw_min = dw_min}) == Approx(0.6).epsilon(1e-7));
  CHECK(after(0.01, even_steps(dw_min)) == Approx(0.6).epsilon(1e-7));
  CHECK(after(-0.01, even_steps(dw_min)) == Approx(0.4).epsilon(1e-7));
  CHECK(after(0.1, even_steps(dw_min)) == 1);  // held at the bound
  const devices::SoftBounds soft{static_cast<const devices::StepSpread&>(even_steps(dw_min))};
  CHECK(after(0.01, soft) == Approx(1 - 0.5 * std::pow(0.99, 10)).epsilon(1e-7));
}

TEST_CASE("a figure says how much float32 rounds steps") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  cost::Tally tally;
  const auto figure = [&](double dw_min) {
    model.device.pulse.choice = even_steps(dw_min);
    crossbar::AnalogArray array(model, 2, 1, {.tally = &tally});
    array.program(Matrix::Constant(2, 1, -1));
    return figures_of(array)["step_rounding"];
  };
  CHECK(figure(1e-3).value == Approx(0x1p-24 / 1e-3));
  CHECK(figure(1e-6).value == Approx(0x1p-24 / 1e-6));
}

TEST_CASE("a pulse starts from where drift has brought a cell, and its clock starts anew") {
  const bool exact = GENERATE(false, true);
  CAPTURE(exact);
  crossbar::AnalogArrayModel model = one_pulse_each();
  model.device.pulse.choice = even_steps(0.001);
  model.device.drift.choice = devices::PowerLawDrift{.nu = 0.1, .nu_dtod = 0, .t0 = 1};
  if (exact) model.pulser.choice = crossbar::ExactPulser{};
  cost::Tally tally;
  crossbar::AnalogArray array(model, 1, 2, {.tally = &tally});
  array.program(Matrix::Constant(1, 2, 0.5F));
  array.wait(1e6);
  const auto drifted = [](double w, double lapse) {
    const double g = 5e-6 + 4e-6 * w;
    return (g * std::pow(lapse, -0.1) - 5e-6) / 4e-6;
  };
  const double here = drifted(0.5, 1e6);
  CHECK(array.weights()(0, 0) == Approx(here).epsilon(1e-5));
  Matrix d(1, 2);
  d << -1, 0;  // only the first cell is written
  array.update(Matrix::Ones(1, 1), d, exact ? 0.001 : 1e6);
  CHECK(array.weights()(0, 0) == Approx(here - 0.001).epsilon(1e-5));
  CHECK(array.weights()(0, 1) == Approx(here).epsilon(1e-5));
  array.wait(1e6);
  CHECK(array.weights()(0, 0) == Approx(drifted(here - 0.001, 1e6)).epsilon(1e-5));
  CHECK(array.weights()(0, 1) == Approx(drifted(0.5, 2e6)).epsilon(1e-5));
}

TEST_CASE(
    "cells that drift get the bits of the pulse-by-pulse specification, started where they are") {
  crossbar::AnalogArrayModel model;
  model.device = tests::electrical();
  model.device.pulse.choice = devices::SoftBounds{{.dw_min = 0.01, .write_noise_std = 2}};
  model.device.drift.choice = devices::PowerLawDrift{.nu = 0.1, .nu_dtod = 0.5, .t0 = 1};
  constexpr Index rows = 70, cols = 37, vectors = 9;
  constexpr std::uint32_t layer = 2;
  constexpr std::uint64_t seed = 3;
  Matrix x(vectors, rows), d(vectors, cols), target(rows, cols);
  for (Index k = 0; k < x.size(); ++k) x.data()[k] = static_cast<float>(k * 7919 % 13 - 6) / 12;
  for (Index k = 0; k < d.size(); ++k) d.data()[k] = static_cast<float>(k * 104729 % 11 - 5) / 10;
  for (Index k = 0; k < target.size(); ++k)
    target.data()[k] = static_cast<float>(k * 31 % 17 - 8) / 10;

  crossbar::CellPlane plane(crossbar::Tiling::of(rows, cols, 0, 0), model.device, seed, layer, 0,
                            {});
  plane.program(target, {0, 0, 0.5});
  const auto trains = crossbar::draw_trains({x, d, 0.005, 0.01}, crossbar::StochasticPulser{},
                                            core::stream(seed, core::StreamId::pulse_train), 1);
  const crossbar::PulseEvents events(trains, x, d);
  const double now = 1e5;

  // The specification: states, apparent states and clocks of a plane as it is, with pulses one by
  // one.
  struct Columns {
    Matrix w, apparent;
    crossbar::CellNumbers written, pulses;
  } cells;
  std::vector<Matrix> parameters(devices::SoftBounds::columns, Matrix(rows, cols));
  const auto& response = std::get<devices::SoftBounds>(model.device.pulse.choice);
  Matrix xi(rows, cols);
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < cols; ++j) {
      const auto cell = static_cast<std::uint32_t>(i * cols + j);
      const auto normals = [&](core::StreamId id, std::uint32_t block) {
        return core::normals(core::random_block(core::stream(seed, id, layer), cell, 0, block));
      };
      const auto variation = normals(core::StreamId::device_variation, 0);
      auto own = response.draw<float>({{variation[0], variation[1], variation[2], variation[3]}});
      devices::SoftBounds::limit(own, *model.device.lowest_state());
      for (int c = 0; c < devices::SoftBounds::columns; ++c)
        parameters[static_cast<std::size_t>(c)](i, j) = own[c];
      xi(i, j) = normals(core::StreamId::drift, 0)[0];
    }
  }
  cells.pulses.setZero(rows, cols);
  cells.written.setZero(rows, cols);
  cells.w.resize(rows, cols);
  const auto& drift = std::get<devices::PowerLawDrift>(model.device.drift.choice);
  const double range = 8e-6;
  const auto drifted = [&](float w, Index i, Index j, double age) {
    const auto g = static_cast<float>(1e-6 + (static_cast<double>(w) + 1) / 2 * range);
    const float left = drift.conductance<float>(g, static_cast<float>(age), xi(i, j), 9e-6F);
    return static_cast<float>(2 * (static_cast<double>(left) - 1e-6) / range - 1);
  };
  Matrix written_states(rows, cols);
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < cols; ++j) {
      const float w =
          std::max(parameters[2 + 1](i, j), std::min(parameters[2](i, j), target(i, j)));
      written_states(i, j) = w;
      cells.w(i, j) = drifted(w, i, j, now - 0.5 * static_cast<double>(i + 1));
    }
  }
  cells.apparent = cells.w;
  const Matrix here = cells.w;
  CHECK(plane.seen(now) == here);
  const auto expected = crossbar::pulse_cells_one_by_one(
      model.device.pulse, trains, x, d,
      {.w = cells.w,
       .apparent = cells.apparent,
       .written = cells.written,
       .pulses = cells.pulses,
       .parameters = parameters,
       .first_cell = 0,
       .noise = core::stream(seed, core::StreamId::pulse_noise, layer),
       .noise_sum = core::stream(seed, core::StreamId::pulse_noise_sum, layer),
       .write = core::stream(seed, core::StreamId::write_noise, layer),
       .operation = 1,
       .write_place = 1,
       .way = {1}});
  const auto got = plane.pulse(events, {1}, {1, now});
  CHECK(got.coincidences == expected.coincidences);
  CHECK(got.coincidences > 500);
  CHECK(std::abs(got.w_sum - expected.w_sum) < 1e-5 * expected.coincidences);
  Matrix seen = cells.apparent;
  Index untouched = 0;
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < cols; ++j) {
      if (cells.pulses(i, j) == 0) {
        ++untouched;
        CHECK(cells.written(i, j) == 0);
      } else {
        seen(i, j) = std::max(*model.device.lowest_state(), seen(i, j));
      }
    }
  }
  CHECK(untouched > 10);
  CHECK(plane.seen(now) == seen);
}

TEST_CASE(
    "drift may take a cell below its bound, from where pulses up bring it back and pulses down "
    "leave it") {
  crossbar::AnalogArrayModel model = one_pulse_each();
  model.device.drift.choice = devices::PowerLawDrift{.nu = 0.1, .nu_dtod = 0, .t0 = 1};
  const bool soft = GENERATE(false, true);
  if (soft) {
    model.device.pulse.choice =
        devices::SoftBounds{static_cast<const devices::StepSpread&>(even_steps(0.01))};
  } else {
    model.device.pulse.choice = even_steps(0.01);
  }
  cost::Tally tally;
  const auto moved = [&](double direction) {
    crossbar::AnalogArray array(model, 1, 1, {.tally = &tally});
    array.program(Matrix::Constant(1, 1, -0.95F));
    array.wait(1e9);
    const double here = array.weights()(0, 0);
    CHECK(here < -1.1);
    pulse_all(array, direction);
    return array.weights()(0, 0) - here;
  };
  CHECK(moved(-1) == Approx(0).margin(1e-6));
  CHECK(moved(+1) == Approx(soft ? 0.01 * 2.21 : 0.01).epsilon(0.02));
}

TEST_CASE("a row's age counts from the end of its own programming") {
  constexpr Index rows = 784;
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.drift.choice = devices::PowerLawDrift{.nu = 0.05, .nu_dtod = 0, .t0 = 1e-6};
  cost::Tally tally;
  crossbar::AnalogArray array(model, rows, 1, {.tally = &tally});
  array.program(Matrix::Constant(rows, 1, 0.5F));
  const double a_row = 8.5 * (1e-8 + 1e-7);  // pulses, each with its read
  const core::MatrixD weights = array.weights();
  CHECK(weights(rows - 1, 0) == 0.5);
  for (const Index row : {Index{0}, Index{400}, rows - 3}) {
    const double age = static_cast<double>(rows - 1 - row) * a_row;
    const double g = 7e-6 * std::pow(age / 1e-6, -0.05);
    CHECK(weights(row, 0) == Approx((g - 5e-6) / 4e-6).epsilon(1e-4));
  }
}

TEST_CASE("an update's own duration is no age of what it writes") {
  crossbar::AnalogArrayModel model = one_pulse_each();
  model.device.pulse.choice = even_steps(0.001);
  model.device.t_pulse = 1;
  model.device.drift.choice = devices::PowerLawDrift{.nu = 0.1, .nu_dtod = 0, .t0 = 1e-3};
  cost::Tally tally;
  crossbar::AnalogArray array(model, 1, 1, {.tally = &tally});
  array.update(Matrix::Ones(1, 1), Matrix::Ones(1, 1), 1e6);  // takes a second
  const double share = std::pow(1000.0, -0.1);
  const double pulsed = (share * 5e-6 - 5e-6) / 4e-6 + 0.001;  // not pulsed first and aged then
  CHECK(array.weights()(0, 0) == Approx(pulsed).epsilon(1e-5));
  array.wait(1);
  CHECK(array.weights()(0, 0) ==
        Approx((share * (5e-6 + 4e-6 * pulsed) - 5e-6) / 4e-6).epsilon(1e-5));
}

TEST_CASE("a device that drifts has the same floor in every path, with conductances or without") {
  crossbar::AnalogArrayModel model = one_pulse_each();
  model.device = {};
  model.device.pulse.choice = devices::IdealPulse{.dw_min = 0.5};
  model.device.drift.choice = devices::PowerLawDrift{};
  cost::Tally tally;
  crossbar::AnalogArray array(model, 1, 1, {.tally = &tally});
  for (int n = 0; n < 10; ++n) pulse_all(array, -1);
  CHECK(array.weights()(0, 0) == -1);
  pulse_all(array, +1);
  CHECK(array.weights()(0, 0) == -0.5);
}

TEST_CASE(
    "inputs beyond full scale and updates cut off at desired_bl are counted, and warned about") {
  crossbar::AnalogArrayModel model;
  model.device = tests::electrical();
  model.device.pulse.choice = devices::IdealPulse{.dw_min = 0.001};
  cost::Tally tally;
  SECTION("inputs") {
    const int way = GENERATE(0, 1, 2, 3);
    if (way == 1) model.dac.choice = crossbar::PulseWidthDac{};
    if (way == 2) model.dac.choice = crossbar::BitSerialDac{};
    if (way == 3) model.dac.choice = crossbar::NoDac{};
    crossbar::AnalogArray array(model, 20, 2, {.tally = &tally});
    CHECK(figures_of(array)["inputs_clipped"].value == 0);
    Matrix x = Matrix::Constant(10, 20, 0.5F), y(10, 2);
    x(3, 3) = 1;
    x(4, 1) = -1.5F;
    array.read(crossbar::Direction::to_cols, x, y);
    CHECK(figures_of(array)["inputs_clipped"].value == (way == 3 ? 0 : 1.0 / 200));
    Matrix bits(30, 20);
    array.decide(crossbar::Direction::to_rows, Matrix::Constant(30, 2, 3), core::Vector::Zero(20),
                 bits);
    CHECK(figures_of(array)["inputs_clipped"].value == Approx(way == 3 ? 0 : 61.0 / 260));
  }
  SECTION("updates") {
    crossbar::AnalogArray array(model, 1, 1, {.tally = &tally});
    array.update(Matrix::Ones(1, 1), Matrix::Ones(1, 1), 0.03);
    CHECK(figures_of(array)["updates_cut"].value == Approx(0).margin(1e-12));
    const double before = array.weights()(0, 0);
    array.update(Matrix::Ones(1, 1), Matrix::Ones(1, 1), 1);
    CHECK(array.weights()(0, 0) - before == Approx(0.031).epsilon(1e-4));  // asked for 1
    CHECK(figures_of(array)["updates_cut"].value == Approx(1 - 0.061 / 1.03));
  }
  SECTION("copies have the share of them all") {
    model.copies = 2;
    const auto array = model.make(1, 1, {.tally = &tally});
    Matrix x(3, 1), y(3, 1);
    x << 0.5F, 0.5F, 3;  // two for the first copy, one for the second
    array->read(crossbar::Direction::to_cols, x, y);
    CHECK(figures_of(*array)["inputs_clipped"].value == Approx(1.0 / 3));
  }
}

TEST_CASE("times, targets and ages that are no numbers are refused") {
  const double nan = std::numeric_limits<double>::quiet_NaN(),
               infinity = std::numeric_limits<double>::infinity();
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  cost::Tally tally;
  crossbar::AnalogArray array(model, 1, 1, {.tally = &tally});
  crossbar::CellPlane plane(crossbar::Tiling::of(1, 1, 0, 0), model.device, 1, 0, 0, {});
  const Matrix zero = Matrix::Zero(1, 1);
  for (const double bad : {nan, infinity, -1.0}) {
    CAPTURE(bad);
    CHECK_THROWS_AS(array.wait(bad), core::UserError);
    CHECK_THROWS_AS(plane.seen(bad), core::UserError);
    CHECK_THROWS_AS(plane.read_variance(bad), core::UserError);
    CHECK_THROWS_AS(plane.program(zero, {0, bad, 0}), core::UserError);
    CHECK_THROWS_AS(plane.program(zero, {0, 0, bad}), core::UserError);
    CHECK_THROWS_AS(plane.move(zero, zero, 1, bad), core::UserError);
  }
  for (const double bad : {nan, infinity}) {
    const Matrix target = Matrix::Constant(1, 1, static_cast<float>(bad));
    CHECK_THROWS_AS(array.program(target), core::UserError);
    CHECK_THROWS_AS(plane.program(target, {0, 0, 0}), core::UserError);
  }
}
