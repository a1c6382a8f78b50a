// Models that integrate an equation of motion over a pulse, against an independent integration of
// the published equations in their own units.
#include <cmath>
#include <type_traits>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/devices/device.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/oracles/driven_pulses.hpp"

using namespace ohmlab;
using namespace ohmlab::tests;

namespace {

constexpr Window windows[] = {Window::none, Window::joglekar, Window::biolek, Window::prodromakis};

/// The mean step against the oracle, in states from bound to bound.
template <class P>
void check_mean_steps(const P& pulse, double tolerance) {
  const auto cell = pulse.template draw<float>({});
  int moving = 0;
  for (int k = -9; k <= 9; ++k) {
    const double w = k / 10.0, g = conductance_at(pulse, w);
    for (const bool up : {true, false}) {
      CAPTURE(w, up);
      const double expected = (after_pulse(pulse, g, up) - g) / slope_of_conductance(pulse);
      const double change = P::held(cell, w, w + pulse.change(cell, w, up)) - w;
      CHECK(change == Approx(expected).epsilon(tolerance).margin(tolerance * 1e-3));
      moving += std::abs(expected) > 1e-6;
    }
  }
  CHECK(moving > 30);
}

template <class P, class Visit>
void each_case(const Visit& visit) {
  for (const Window window : windows) {
    for (const int order : {1, 3}) {
      if (window == Window::none && order != 1) continue;
      P pulse;
      pulse.window = window;
      pulse.window_order = order;
      pulse.window_scale = 1.5;
      CAPTURE(enum_names(window)[static_cast<std::size_t>(window)], order);
      visit(pulse);
    }
  }
}

}  // namespace

TEST_CASE("a pulse of VTEAM moves a cell as an independent integration does") {
  each_case<Vteam>([](Vteam pulse) {
    check_mean_steps(pulse, 1e-4);
    pulse.resistance = ResistanceLaw::exponential;
    check_mean_steps(pulse, 1e-4);
    pulse.width *= 100;  // long pulses meet the bounds
    pulse.substeps = 32;
    check_mean_steps(pulse, 1e-3);
  });
}

TEST_CASE("a pulse of linear ion drift moves a cell as an independent integration does") {
  each_case<LinearIonDrift>([](LinearIonDrift pulse) {
    check_mean_steps(pulse, 1e-4);
    pulse.width *= 30;
    pulse.v_reset = 0.4;
    pulse.substeps = 32;
    check_mean_steps(pulse, 1e-3);
  });
}

TEST_CASE("a pulse on a filament moves its gap as an independent integration does") {
  FilamentGap pulse;
  check_mean_steps(pulse, 1e-3);
  pulse.gap_max = 1.7e-9;  // the whole published range, 6 decades of speed
  pulse.v_set = 1.05;
  pulse.v_reset = 1.1;
  pulse.width = 1e-7;
  pulse.substeps = 32;
  check_mean_steps(pulse, 3e-3);
  pulse.r_th = 0;
  pulse.v_set = pulse.v_reset = 1.6;
  check_mean_steps(pulse, 3e-3);
}

TEST_CASE("one step of integration is within the error that it was accepted with") {
  // a set that runs away by its own heat, and a reset that stops itself
  FilamentGap pulse;
  pulse.v_set = pulse.v_reset = 1.16;
  CHECK(pulse.problem().empty());
  check_mean_steps(pulse, 0.02);
  pulse.v_set = pulse.v_reset = 1.3;
  CHECK_THAT(pulse.problem(), ContainsSubstring("expected at most 1 %: more substeps"));
  LinearIonDrift drift;
  drift.window = Window::joglekar;
  drift.width = 1e-3;
  CHECK_THAT(drift.problem(), ContainsSubstring("more substeps"));
  drift.substeps = 64;
  CHECK(drift.problem().empty());
}

TEST_CASE("a pulse below its threshold is refused, and a cell with a higher threshold rests") {
  Vteam pulse;
  pulse.v_set = 0.2;
  CHECK_THAT(pulse.problem(), ContainsSubstring("v_set above the threshold v_on"));
  pulse = Vteam{};
  pulse.v_reset = 0.01;
  CHECK_THAT(pulse.problem(), ContainsSubstring("v_reset above the threshold v_off"));
  pulse = Vteam{};
  pulse.v_on_spread.std = 0.1;
  for (const float xi : {-1.0F, 1.0F}) {  // thresholds of 0.18 V and 0.22 V under pulses of 0.21 V
    devices::Normals<float> normals;
    normals[3] = xi;
    const auto cell = pulse.draw<float>(normals);
    CHECK((pulse.change(cell, 0, true) > 0) == (xi < 0));
    CHECK((pulse.step<float>(cell, 0.25F, true, 0.0F) > 0.25F) == (xi < 0));
    CHECK(pulse.change(cell, 0, false) < 0);
  }
  FilamentGap cold;
  cold.v_set = cold.v_reset = 0.01;
  devices::Device device;
  device.pulse.choice = cold;
  CHECK_THAT(device.problem(), ContainsSubstring("is lost in a state"));
}

namespace {

/// A cell drawn at one standard deviation of one parameter is the mean cell of a device whose own
/// parameter is moved that far. States are compared as conductances: a device's states are relative
/// to its mean parameters.
template <class P>
void check_spread(double P::* parameter, devices::Spread P::* spread) {
  for (const auto law : {devices::ParameterLaw::normal, devices::ParameterLaw::lognormal}) {
    P pulse, moved;
    (pulse.*spread).std = 0.02;
    (pulse.*spread).law = law;
    moved.*parameter *= law == devices::ParameterLaw::normal ? 1.02 : std::exp(0.02);
    const auto mean = pulse.template draw<float>({});
    int matching = 0, differing = 0;
    for (int k = 0; k < P::normals; ++k) {
      devices::Normals<float> normals;
      normals[k] = 1;
      const auto own = pulse.template draw<float>(normals);
      const auto expected = moved.template draw<float>({});
      bool differs = false, matches = true;
      for (const double w : {-0.6, 0.1, 0.7}) {
        const double g = conductance_at(pulse, w);
        const double w_moved = (g - conductance_at(moved, 0)) / slope_of_conductance(moved);
        for (const bool up : {true, false}) {
          const double step = pulse.change(own, w, up) * slope_of_conductance(pulse);
          const double right = moved.change(expected, w_moved, up) * slope_of_conductance(moved);
          const double usual = pulse.change(mean, w, up) * slope_of_conductance(pulse);
          differs = differs || std::abs(step / usual - 1) > 1e-3;
          matches = matches && std::abs(step / right - 1) < 2e-4;
        }
      }
      const auto bound = [&](const P& p, const auto& cell, int end) {
        return conductance_at(p, static_cast<double>(cell[end])) / conductance_at(pulse, 0);
      };
      for (const int end : {0, 1}) {
        differs = differs || std::abs(bound(pulse, own, end) / bound(pulse, mean, end) - 1) > 1e-3;
        matches =
            matches && std::abs(bound(pulse, own, end) / bound(moved, expected, end) - 1) < 2e-4;
      }
      differing += differs;
      matching += differs && matches;
    }
    CHECK(differing == 1);
    CHECK(matching == 1);
  }
}

}  // namespace

TEST_CASE("each parameter of a driven model spreads by its own law") {
  check_spread(&Vteam::k_on, &Vteam::k_on_spread);
  check_spread(&Vteam::k_off, &Vteam::k_off_spread);
  check_spread(&Vteam::v_on, &Vteam::v_on_spread);
  check_spread(&Vteam::v_off, &Vteam::v_off_spread);
  check_spread(&Vteam::alpha_on, &Vteam::alpha_on_spread);
  check_spread(&Vteam::alpha_off, &Vteam::alpha_off_spread);
  check_spread(&Vteam::length, &Vteam::length_spread);
  check_spread<Vteam>(&Vteam::r_on, &Vteam::r_on_spread);
  check_spread<Vteam>(&Vteam::r_off, &Vteam::r_off_spread);
  check_spread<LinearIonDrift>(&LinearIonDrift::r_off, &LinearIonDrift::r_off_spread);
  check_spread<LinearIonDrift>(&LinearIonDrift::r_on, &LinearIonDrift::r_on_spread);
  check_spread(&LinearIonDrift::mobility, &LinearIonDrift::mobility_spread);
  check_spread(&LinearIonDrift::length, &LinearIonDrift::length_spread);
  check_spread(&FilamentGap::nu0, &FilamentGap::nu0_spread);
  check_spread(&FilamentGap::ea, &FilamentGap::ea_spread);
  check_spread(&FilamentGap::gamma0, &FilamentGap::gamma0_spread);
  check_spread(&FilamentGap::length, &FilamentGap::length_spread);
  check_spread(&FilamentGap::i0, &FilamentGap::i0_spread);
  check_spread(&FilamentGap::g0, &FilamentGap::g0_spread);
  check_spread(&FilamentGap::v0, &FilamentGap::v0_spread);
  check_spread(&FilamentGap::r_th, &FilamentGap::r_th_spread);
  check_spread(&FilamentGap::gap_min, &FilamentGap::gap_min_spread);
  check_spread(&FilamentGap::gap_max, &FilamentGap::gap_max_spread);
}

TEST_CASE(
    "a device whose operating point contradicts its pulse model is refused with both values") {
  devices::Device device;
  Vteam pulse;
  device.pulse.choice = pulse;
  CHECK(device.problem().empty());
  device.v_write = 0.21;
  device.t_pulse = 1e-9;
  device.g_min = 1e-3;
  device.g_max = 0.02;
  CHECK(device.problem().empty());
  device.v_write = 1;
  CHECK_THAT(device.problem(),
             ContainsSubstring("v_write = 1 V contradicts pulse.v_set and pulse.v_reset"));
  device.v_write.reset();
  device.t_pulse = 1e-8;
  CHECK_THAT(device.problem(),
             ContainsSubstring("t_pulse = 1e-08 s contradicts pulse.width: expected 1e-09 s"));
  device.t_pulse.reset();
  device.g_max = 0.03;
  CHECK_THAT(device.problem(),
             ContainsSubstring("g_max = 0.03 S contradicts 1/pulse.r_on: expected 0.02 S"));

  FilamentGap gap;
  device = devices::Device{};
  device.pulse.choice = gap;
  device.v_read = 0.1;
  device.g_min = conductance_at(gap, -1);
  device.g_max = conductance_at(gap, 1);
  CHECK(device.problem().empty());  // at 0.1 V the current is nearly linear
  device.v_read = 1;
  CHECK_THAT(device.problem(), ContainsSubstring("sinh(v_read/v0)"));
  device.v_read.reset();
  device.g_min = *device.g_min * 2;
  CHECK_THAT(device.problem(), ContainsSubstring("g_max/g_min"));
}
