// Cells of models that integrate an equation of motion over a pulse: bits, bounds and noise.
#include <bit>
#include <cmath>
#include <cstdint>
#include <type_traits>
#include <utility>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/devices/pulses.hpp"

#include "tests/catch.hpp"
#include "tests/oracles/driven_pulses.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using namespace ohmlab::tests;
using core::F16;
using core::I16;
using core::U16;

namespace {

const core::Stream dice = core::stream(ohmlab::tests::seed(31), core::StreamId::data, 3);

/// A fixed pulse with spreads of all parameters and noise.
template <class P>
P spread_out() {
  P pulse;
  const auto spread = [](devices::Spread& s) {
    s.std = 0.05;
    s.law = devices::ParameterLaw::lognormal;
  };
  P::fields.each([&](const auto& f) {
    if constexpr (std::is_same_v<std::remove_cvref_t<decltype(pulse.*(f.member))>, devices::Spread>)
      spread(pulse.*(f.member));
  });
  if constexpr (requires { pulse.cycle_std; }) pulse.cycle_std = 0.3;
  if constexpr (requires { pulse.gap_std; }) pulse.gap_std = 1e-12;
  return pulse;
}
template <class Visit>
void each_model(const Visit& visit) {
  visit(spread_out<Vteam>());
  Vteam exponential = spread_out<Vteam>();
  exponential.resistance = ResistanceLaw::exponential;
  exponential.window = Window::biolek;
  visit(exponential);
  visit(spread_out<LinearIonDrift>());
  LinearIonDrift slowed = spread_out<LinearIonDrift>();
  slowed.window = Window::prodromakis;
  slowed.window_order = 2;
  slowed.substeps = 3;
  visit(slowed);
  visit(spread_out<FilamentGap>());
  FilamentGap hot = spread_out<FilamentGap>();
  hot.v_set = 1.2;
  hot.substeps = 4;
  visit(hot);
}

bool same_bits(float a, float b) {
  return std::bit_cast<std::uint32_t>(a) == std::bit_cast<std::uint32_t>(b);
}

}  // namespace

TEST_CASE("sixteen spread and noisy cells under driven pulses get the bits of each alone") {
  each_model([](const auto& pulse) {
    using P = std::remove_cvref_t<decltype(pulse)>;
    CAPTURE(P::name);
    int wrong = 0;
    for (std::uint32_t first = 0; first < 4096; first += 16) {
      const U16 numbers = core::lane_index<U16>() + first;
      const auto together =
          pulse.template draw<F16>(devices::normals_of<F16>(dice, numbers, 1, P::normals));
      const auto input = core::normals(core::random_block(dice, numbers, 0, 0U));
      I16 up;
      for (int lane = 0; lane < 16; ++lane) up[lane] = input[1][lane] > 0 ? -1 : 0;
      const F16 w = input[0] * 0.6F;
      const F16 stepped = pulse.template step<F16>(together, w, up, input[2]);
      for (int lane = 0; lane < 16; ++lane) {
        const auto alone = pulse.template draw<float>(devices::normals_of<float>(
            dice, first + static_cast<std::uint32_t>(lane), 1, P::normals));
        for (int c = 0; c < P::columns; ++c) wrong += !same_bits(alone[c], together[c][lane]);
        const float step =
            pulse.template step<float>(alone, w[lane], up[lane] != 0, input[2][lane]);
        wrong += !same_bits(step, stepped[lane]) || step != step;
      }
    }
    CHECK(wrong == 0);
  });
}

TEST_CASE(
    "driven pulses lead monotonically to the cell's own bounds, and their mean is their step") {
  each_model([](const auto& pulse) {
    using P = std::remove_cvref_t<decltype(pulse)>;
    CAPTURE(P::name);
    int against = 0, off = 0, outside = 0;
    for (std::uint32_t k = 0; k < 200; ++k) {
      const auto cell =
          pulse.template draw<float>(devices::normals_of<float>(dice, k, 2, P::normals));
      const auto [low, high] = P::range(cell);
      for (const bool up : {true, false}) {
        float w = static_cast<float>(up ? low : high);
        for (int n = 0; n < 100; ++n) {
          const float next = pulse.template step<float>(cell, w, up, 0.0F);
          const double mean = P::held(cell, w, w + pulse.change(cell, w, up));
          against += up ? next < w : next > w;
          off += std::abs(static_cast<double>(next) - mean) > 1e-6 + 1e-3 * std::abs(mean - w);
          outside += next < cell[0] || next > cell[1];
          w = next;
        }
      }
    }
    CHECK(against == 0);
    CHECK(off == 0);
    CHECK(outside == 0);
  });
  FilamentGap pulse;
  const auto cell = pulse.draw<float>({});
  float w = -1;
  for (int n = 0; n < 20'000 && !FilamentGap::at_bound(cell, w) + (w == -1); ++n)
    w = pulse.step<float>(cell, w, true, 0.0F);
  CHECK(w == cell[1]);
}

TEST_CASE("noise scales the speed of a resistor and displaces a gap", "[stochastic]") {
  const auto moments = [](const auto& pulse, float w) {
    const auto cell = pulse.template draw<float>({});
    double sum = 0, squares = 0;
    constexpr std::uint32_t blocks = 20'000;
    for (std::uint32_t k = 0; k < blocks; ++k) {
      const auto xi = core::normals(core::random_block(dice, k, 7, std::uint32_t{0}));
      for (int q = 0; q < 4; ++q) {
        const double step = static_cast<double>(pulse.template step<float>(cell, w, true, xi[q])) -
                            static_cast<double>(w);
        sum += step;
        squares += step * step;
      }
    }
    const double n = 4.0 * blocks, mean = sum / n;
    return std::pair{mean, std::sqrt(squares / n - mean * mean)};
  };
  Vteam vteam;
  vteam.cycle_std = 0.2;
  const double step = vteam.change(vteam.draw<float>({}), 0, true);
  const auto [mean, sigma] = moments(vteam, 0);
  CHECK(mean == Approx(step).epsilon(0.005));
  CHECK(sigma == Approx(0.2 * step).epsilon(0.02));

  FilamentGap gap;
  gap.gap_std = 2e-12;
  const double h = (conductance_at(gap, 0.2)) / slope_of_conductance(gap);  // dw/du
  const double warm = 298 + gap.r_th * gap.v_set * gap.i0 * std::sinh(gap.v_set / gap.v0) *
                                conductance_at(gap, 0.2) * gap.v0 / gap.i0;
  const double expected = 2e-12 / gap.g0 / (1 + std::exp((450 - warm) / 500)) * h;
  CHECK(moments(gap, 0.2F).second == Approx(expected).epsilon(0.02));
}
