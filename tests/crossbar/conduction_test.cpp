#include <cmath>

#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/devices/conductions.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using cost::Action;

namespace {

constexpr double v0 = 0.25, v_read = 0.2, v_write = 2;

/// Current of a cell, A, of a conductance at the read voltage.
double current(double g, double v) {
  return g * v_read * std::sinh(v / v0) / std::sinh(v_read / v0);
}

crossbar::AnalogArrayModel bent() {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.pulse.choice = devices::IdealPulse{};
  model.device.conduction.choice = devices::SinhConduction{.v0 = v0};
  return model;
}

double joules(const cost::Tally& tally, Action action) {
  double sum = 0;
  for (const cost::Entry& entry : tally.entries()) sum += entry.action == action ? entry.joules : 0;
  return sum;
}

double conductance(double w) { return 1e-6 + (w + 1) / 2 * 8e-6; }

}  // namespace

TEST_CASE("cells whose current is a hyperbolic sine add up their currents and their heat") {
  cost::Tally tally;
  crossbar::AnalogArray array(bent(), 3, 2, {.tally = &tally});
  Matrix w(3, 2), x(2, 3), y(2, 2);
  w << 0.5F, -0.25F, 1, 0, -0.75F, 0.25F;
  x << 1, -0.5F, 0.25F, 0.75F, 0, -1;
  array.program(w);
  const double programming = joules(tally, Action::array_read);
  array.read(crossbar::Direction::to_cols, x, y);
  double heat = 0;
  for (Index b = 0; b < 2; ++b) {
    for (Index j = 0; j < 2; ++j) {
      double sum = 0;
      for (Index i = 0; i < 3; ++i) {
        const double v = v_read * static_cast<double>(x(b, i)),
                     g = conductance(static_cast<double>(w(i, j)));
        sum += current(g, v) - current(conductance(0), v);
        heat += (current(g, v) + current(conductance(0), v)) * v * 1e-7;
      }
      CHECK(static_cast<double>(y(b, j)) == Approx(sum / (4e-6 * v_read)).margin(1e-6));
    }
  }
  CHECK(joules(tally, Action::array_read) - programming == Approx(heat).epsilon(1e-6));
}

TEST_CASE("a hyperbolic sine sets the heat of pulses, whole and half-selected") {
  crossbar::AnalogArrayModel model = bent();
  model.pulser.choice = crossbar::StochasticPulser{{.desired_bl = 1}};
  cost::Tally tally;
  crossbar::AnalogArray array(model, 2, 1, {.tally = &tally});
  Matrix x(1, 2);
  x << 1, 0;  // of the row that is not pulsed, the column's pulse half-selects the cell
  array.update(x, Matrix::Ones(1, 1), 1);
  // Cells at rest, each with its reference on the same lines.
  const double g = conductance(0), seconds = 1e-8;
  const double half = current(g, v_write / 2) * v_write / 2 * seconds,
               whole = current(g, v_write) * v_write * seconds;
  CHECK(joules(tally, Action::array_pulse) == Approx(whole + 2 * half + 2 * half).epsilon(1e-6));
}

TEST_CASE("cells with a cubic current add up their currents and their heat") {
  const double a = GENERATE(0.8, -0.07);
  CAPTURE(a);
  const auto cubic = [&](double g, double v) {
    return g * (v + a * v * v * v) / (1 + a * v_read * v_read);
  };
  crossbar::AnalogArrayModel model = bent();
  model.device.conduction.choice = devices::CubicConduction{.a = a};
  CHECK(model.device.problem().empty());
  cost::Tally tally;
  crossbar::AnalogArray array(model, 2, 1, {.tally = &tally});
  Matrix w(2, 1), x(1, 2), y(1, 1);
  w << 0.5F, -0.75F;
  x << 0.5F, -0.875F;
  array.program(w);
  const double programming = joules(tally, Action::array_read);
  array.read(crossbar::Direction::to_cols, x, y);
  double sum = 0, heat = 0;
  for (Index i = 0; i < 2; ++i) {
    const double v = v_read * static_cast<double>(x(0, i)),
                 g = conductance(static_cast<double>(w(i, 0)));
    sum += cubic(g, v) - cubic(conductance(0), v);
    heat += (cubic(g, v) + cubic(conductance(0), v)) * v * 1e-7;
  }
  CHECK(static_cast<double>(y(0, 0)) == Approx(sum / (4e-6 * v_read)).margin(1e-6));
  CHECK(joules(tally, Action::array_read) - programming == Approx(heat).epsilon(1e-6));
}

TEST_CASE("a cell at its read voltage is its conductance, whatever its law") {
  devices::Conduction::each([]<class Entry>() {
    CAPTURE(Entry::name);
    const auto law = Entry{}.law(0.3);
    CHECK(law.current(1.0) == Approx(1));
    CHECK(law.current(-1.0) == Approx(-1));
    CHECK(law.current(0.0) == 0);
    CHECK(law.power(0.3) == Approx(0.09));
  });
}

TEST_CASE("a hyperbolic sine needs the voltage at which conductances were measured") {
  devices::Device device;
  device.conduction.choice = devices::SinhConduction{};
  CHECK(device.problem().find("needs v_read") != std::string::npos);
  device.v_read = 0.2;
  CHECK(device.problem().empty());
}
