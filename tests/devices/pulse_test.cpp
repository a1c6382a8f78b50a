#include <algorithm>
#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/devices/pulses.hpp"

#include "tests/catch.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using devices::ConstantStep;
using devices::CycleNoise;
using devices::SoftBounds;
using devices::SpreadLaw;
using devices::StepSpread;

namespace {

constexpr double two_sided = 4.892;  // |standard normal| exceeds it with p = 1e-6
constexpr double both_ways = 5.03;   // the same for the largest of two
const core::Stream variation =
    core::stream(ohmlab::tests::seed(11), core::StreamId::device_variation, 2);
const core::Stream cycles = core::stream(ohmlab::tests::seed(11), core::StreamId::pulse_noise, 2);

using Cell = devices::Columns<float, StepSpread::columns>;

core::Block<float> normals_of(const core::Stream& stream, std::uint32_t cell, std::uint32_t block) {
  return core::normals(core::random_block<std::uint32_t>(stream, cell, 0, block));
}

template <class P>
Cell cell_of(const P& pulse, std::uint32_t cell) {
  return pulse.template draw<float>(devices::normals_of<float>(variation, cell, 0, P::normals));
}

/// A pulse response without any spread over devices.
template <class P>
P uniform(double dw_min, double dw_min_std) {
  P pulse;
  pulse.dw_min = dw_min;
  pulse.dw_min_std = dw_min_std;
  pulse.dw_min_dtod = pulse.up_down_dtod = pulse.w_max_dtod = pulse.w_min_dtod = 0;
  return pulse;
}

struct Moments {
  double count = 0, sum = 0, squares = 0;
  void add(double x) {
    ++count;
    sum += x;
    squares += x * x;
  }
  [[nodiscard]] double mean() const { return sum / count; }
  [[nodiscard]] double variance() const { return (squares - sum * mean()) / (count - 1); }
};

/// Mean and variance of a normal sample against its law, each with p > 1e-6.
void check_normal(const Moments& sample, double mean, double variance) {
  CHECK(std::abs(sample.mean() - mean) < two_sided * std::sqrt(variance / sample.count));
  CHECK(std::abs(sample.variance() / variance - 1) < two_sided * std::sqrt(2 / (sample.count - 1)));
}

/// Mean of |x| for a normal x; its mean square is mean² + sigma².
double folded_mean(double mean, double sigma) {
  if (sigma == 0) return std::abs(mean);
  return sigma * std::sqrt(2 / std::numbers::pi) * std::exp(-mean * mean / (2 * sigma * sigma)) +
         mean * std::erf(mean / (sigma * std::numbers::sqrt2));
}

constexpr std::uint32_t many_cells = 1U << 17U;

/// The columns of many cells, each divided by its mean parameter so that all are positive and
/// around 1.
std::array<std::vector<double>, 4> drawn_columns(const StepSpread& pulse) {
  std::array<std::vector<double>, 4> out;
  const double scale[4] = {pulse.dw_min, pulse.dw_min, pulse.w_max, pulse.w_min};
  for (std::uint32_t i = 0; i < many_cells; ++i) {
    const Cell cell = cell_of(pulse, i);
    for (int c = 0; c < 4; ++c) {
      out[static_cast<std::size_t>(c)].push_back(static_cast<double>(cell[c]) / scale[c]);
    }
  }
  return out;
}

double correlation(const std::vector<double>& x, const std::vector<double>& y) {
  Moments a, b;
  double product = 0;
  for (std::size_t i = 0; i < x.size(); ++i) {
    a.add(x[i]);
    b.add(y[i]);
    product += x[i] * y[i];
  }
  return (product / a.count - a.mean() * b.mean()) / std::sqrt(a.variance() * b.variance());
}

}  // namespace

TEST_CASE("an ideal pulse moves every cell by the same step, without bounds") {
  const devices::IdealPulse pulse{.dw_min = 0.25};
  const auto cell = pulse.draw<float>({});
  float w = 0;
  for (int n = 1; n <= 40; ++n) {
    w = pulse.step<float>(cell, w, true, 6.0F);
    CHECK(w == 0.25F * static_cast<float>(n));
    CHECK_FALSE(devices::IdealPulse::at_bound(cell, w));
  }
  CHECK(pulse.step<float>(cell, w, false, -6.0F) == 9.75F);
  CHECK(pulse.cycle_noise() == 0);
  CHECK(pulse.write_noise() == 0);
}

TEST_CASE("n constant steps have n times the mean and n times the variance of one",
          "[stochastic]") {
  const auto pulse = uniform<ConstantStep>(0.001, 0.3);
  constexpr int n = 400;  // far from the bounds: they are 100 standard deviations away
  for (const bool up : {true, false}) {
    CAPTURE(up);
    Moments sample;
    for (std::uint32_t i = 0; i < 20'000; ++i) {
      const Cell cell = cell_of(pulse, i);
      float w = 0;
      core::Block<float> xi{};
      for (std::uint32_t k = 0; k < n; ++k) {
        if (k % 4 == 0) xi = normals_of(cycles, i, k / 4);
        w = pulse.step<float>(cell, w, up, xi[static_cast<int>(k % 4)]);
      }
      sample.add(static_cast<double>(w));
    }
    check_normal(sample, (up ? 1 : -1) * n * 0.001, n * 0.0003 * 0.0003);
  }
}

TEST_CASE("a constant step does not depend on the state, and stops at its own bounds") {
  const ConstantStep pulse;
  for (std::uint32_t i = 0; i < 100; ++i) {
    const Cell cell = cell_of(pulse, i);
    for (const float share : {-0.9F, -0.3F, 0.0F, 0.5F, 0.9F}) {
      const float w = share * (share < 0 ? -cell[StepSpread::lower] : cell[StepSpread::upper]);
      const bool fits =
          std::abs(w) + 0.01F < std::min(cell[StepSpread::upper], -cell[StepSpread::lower]);
      if (!fits) continue;
      CHECK(pulse.step<float>(cell, w, true, 0.5F) - w ==
            Approx(cell[StepSpread::up] * 1.15F).margin(2e-7));
      CHECK(pulse.step<float>(cell, w, false, 0.5F) - w ==
            Approx(-cell[StepSpread::down] * 1.15F).margin(2e-7));
    }
    CHECK(pulse.step<float>(cell, cell[StepSpread::upper], true, 0.0F) == cell[StepSpread::upper]);
    CHECK(pulse.step<float>(cell, cell[StepSpread::lower], false, 0.0F) == cell[StepSpread::lower]);
    CHECK(StepSpread::at_bound(cell, cell[StepSpread::upper]));
    CHECK(StepSpread::at_bound(cell, cell[StepSpread::lower]));
    CHECK_FALSE(StepSpread::at_bound(cell, 0.0F));
  }
}

TEST_CASE("noise-free soft bounds are the geometric approach to the bound") {
  SoftBounds pulse;
  pulse.dw_min = 0.01;
  for (const CycleNoise cycle : {CycleNoise::additive, CycleNoise::multiplicative}) {
    pulse.cycle = cycle;
    for (std::uint32_t i = 0; i < 20; ++i) {
      const Cell cell = cell_of(pulse, i);
      float risen = 0, fallen = 0;
      for (int n = 1; n <= 300; ++n) {
        risen = pulse.step<float>(cell, risen, true, 0.0F);
        fallen = pulse.step<float>(cell, fallen, false, 0.0F);
        if (n % 50 != 0) continue;
        const double up = cell[StepSpread::up], w_max = cell[StepSpread::upper];
        const double down = cell[StepSpread::down], w_min = cell[StepSpread::lower];
        CHECK(risen == Approx(w_max * (1 - std::pow(1 - up / w_max, n))).epsilon(2e-5));
        CHECK(fallen == Approx(w_min * (1 - std::pow(1 + down / w_min, n))).epsilon(2e-5));
      }
    }
  }
}

TEST_CASE("no noise takes a cell out of its bounds", "[stochastic]") {
  const auto check = [](auto pulse) {
    pulse.dw_min = 0.1;
    pulse.dw_min_std = 5;
    int at_bound = 0;
    for (std::uint32_t i = 0; i < 2000; ++i) {
      const Cell cell = cell_of(pulse, i);
      float w = 0;
      for (std::uint32_t k = 0; k < 20; ++k) {
        const auto xi = normals_of(cycles, i, k);
        w = pulse.template step<float>(cell, w, xi[1] > 0,
                                       k % 3 == 0 ? std::copysign(6.77F, xi[0]) : xi[0]);
        REQUIRE(w <= cell[StepSpread::upper]);
        REQUIRE(w >= cell[StepSpread::lower]);
        at_bound += StepSpread::at_bound(cell, w);
      }
    }
    CHECK(at_bound > 1000);  // it was tried
  };
  check(ConstantStep{});
  check(SoftBounds{});
  SoftBounds multiplicative;
  multiplicative.cycle = CycleNoise::multiplicative;
  check(multiplicative);
}

TEST_CASE("pulses up and down in turn lead soft bounds to their symmetry point", "[stochastic]") {
  SoftBounds pulse;
  pulse.dw_min = 0.01;
  pulse.up_down = 0.3;
  for (std::uint32_t i = 0; i < 20; ++i) {
    CAPTURE(i);
    const Cell cell = cell_of(pulse, i);
    const double up = cell[StepSpread::up], down = cell[StepSpread::down];
    const double w_max = cell[StepSpread::upper], w_min = cell[StepSpread::lower];
    const double symmetry_point = (up - down) / (up / w_max - down / w_min);

    // there, the two steps are equal and opposite
    const auto w = static_cast<float>(symmetry_point);
    const float rise = pulse.step<float>(cell, w, true, 0.0F) - w,
                fall = pulse.step<float>(cell, w, false, 0.0F) - w;
    CHECK(rise == Approx(-fall).margin(3e-7));
    CHECK(rise > 0);

    // and from anywhere pulses in turn end within a step of it
    for (float from : {cell[StepSpread::lower], 0.0F, cell[StepSpread::upper]}) {
      for (int n = 0; n < 30'000; ++n) from = pulse.step<float>(cell, from, n % 2 == 0, 0.0F);
      CHECK(std::abs(static_cast<double>(from) - symmetry_point) < up + down);
    }
  }
}

TEST_CASE(
    "additive noise keeps its size near the bound, multiplicative noise shrinks with the step",
    "[stochastic]") {
  auto pulse = uniform<SoftBounds>(1e-4, 2);
  const Cell cell = cell_of(pulse, 0);
  constexpr float w = 0.875F;  // an eighth of the step is left
  for (const bool up : {true, false}) {
    for (const CycleNoise cycle : {CycleNoise::additive, CycleNoise::multiplicative}) {
      pulse.cycle = cycle;
      const double left = up ? 1 - 0.875 : 1 + 0.875;
      const double sigma = 2e-4 * (cycle == CycleNoise::additive ? 1 : left);
      CAPTURE(up, cycle == CycleNoise::additive);
      Moments sample;
      for (std::uint32_t i = 0; i < 25'000; ++i) {
        const auto xi = normals_of(cycles, i, 0);
        for (int k = 0; k < 4; ++k)
          sample.add(static_cast<double>(pulse.step<float>(cell, w, up, xi[k]) - w));
      }
      check_normal(sample, (up ? 1e-4 : -1e-4) * left, sigma * sigma);
    }
  }
}

TEST_CASE("asymmetry weakens one direction and never strengthens the other") {
  auto pulse = uniform<ConstantStep>(0.01, 0);
  const auto steps = [&](double up_down) {
    pulse.up_down = up_down;
    const Cell cell = cell_of(pulse, 0);
    return std::array{static_cast<double>(cell[StepSpread::up]) / 0.01,
                      static_cast<double>(cell[StepSpread::down]) / 0.01};
  };
  CHECK(steps(0)[0] == Approx(1));
  CHECK(steps(0)[1] == Approx(1));
  CHECK(steps(0.2)[0] == Approx(1));
  CHECK(steps(0.2)[1] == Approx(0.8));
  CHECK(steps(-0.2)[0] == Approx(0.8));
  CHECK(steps(-0.2)[1] == Approx(1));
}

TEST_CASE("a lognormal spread has the mean step as its median", "[stochastic]") {
  auto pulse = uniform<SoftBounds>(0.02, 0);
  pulse.dw_min_law = SpreadLaw::lognormal;
  pulse.dw_min_dtod = 0.78;
  const auto gain = drawn_columns(pulse)[StepSpread::up];
  Moments logs;
  double above = 0;
  for (const double x : gain) {
    logs.add(std::log(x));
    above += x > 1;
  }
  check_normal(logs, 0, 0.78 * 0.78);
  CHECK(std::abs(above / many_cells - 0.5) < two_sided * 0.5 / std::sqrt(many_cells));
}

TEST_CASE("each parameter of a cell has the mean and spread that it was given", "[stochastic]") {
  // the second device is so wide that its draws fold at zero
  for (const double widen : {1.0, 8.0}) {
    for (const double up_down : {0.25, -0.25}) {
      CAPTURE(widen, up_down);
      ConstantStep pulse;
      pulse.dw_min = 0.003;
      pulse.dw_min_dtod = 0.1 * widen;
      pulse.up_down = up_down;
      pulse.up_down_dtod = 0.05 * widen;
      pulse.w_max = 1.25;
      pulse.w_max_dtod = 0.08 * widen;
      pulse.w_min = -0.75;
      pulse.w_min_dtod = 0.12 * widen;
      const double step = std::hypot(pulse.dw_min_dtod, pulse.up_down_dtod);
      const double mean[4] = {1 + std::min(up_down, 0.0), 1 - std::max(up_down, 0.0), 1, 1};
      const double sigma[4] = {step, step, pulse.w_max_dtod, pulse.w_min_dtod};

      const auto columns = drawn_columns(pulse);
      for (int c = 0; c < 4; ++c) {
        CAPTURE(c);
        Moments sample, squares;
        for (const double x : columns[static_cast<std::size_t>(c)]) {
          sample.add(x);
          squares.add(x * x);
        }
        CHECK(*std::min_element(columns[static_cast<std::size_t>(c)].begin(),
                                columns[static_cast<std::size_t>(c)].end()) >= 0);
        const double m = mean[c], s2 = sigma[c] * sigma[c], folded = folded_mean(m, sigma[c]);
        CHECK(std::abs(sample.mean() - folded) <
              two_sided * std::sqrt((m * m + s2 - folded * folded) / many_cells));
        CHECK(std::abs(squares.mean() - (m * m + s2)) <
              two_sided * std::sqrt((2 * s2 * s2 + 4 * m * m * s2) / many_cells));
      }
    }
  }
}

TEST_CASE(
    "a cell's parameters are independent of each other, but for the gain that both its steps share",
    "[stochastic]") {
  ConstantStep pulse;
  pulse.dw_min_dtod = 0.1;
  pulse.up_down_dtod = 0.06;
  pulse.w_max_dtod = pulse.w_min_dtod = 0.1;
  const auto columns = drawn_columns(pulse);
  const double bound = two_sided / std::sqrt(many_cells - 3.0);
  for (const auto& [a, b] : {std::pair{0, 2}, {0, 3}, {1, 2}, {1, 3}, {2, 3}}) {
    CAPTURE(a, b);
    CHECK(std::abs(correlation(columns[static_cast<std::size_t>(a)],
                               columns[static_cast<std::size_t>(b)])) < bound);
  }
  const double shared = (0.01 - 0.0036) / (0.01 + 0.0036);
  CHECK(std::abs(std::atanh(correlation(columns[0], columns[1])) - std::atanh(shared)) < bound);
}

TEST_CASE("no two cells share their parameters, and neighbours are unrelated", "[stochastic]") {
  const ConstantStep pulse;
  std::vector<std::array<float, 4>> cells;
  for (std::uint32_t i = 0; i < many_cells; ++i) {
    const Cell cell = cell_of(pulse, i);
    cells.push_back({cell[0], cell[1], cell[2], cell[3]});
  }
  const auto columns = drawn_columns(pulse);
  for (const auto& column : columns) {
    const std::vector<double> cell(column.begin(), column.end() - 1),
        next(column.begin() + 1, column.end());
    CHECK(std::abs(correlation(cell, next)) < both_ways / std::sqrt(many_cells - 4.0));
  }
  std::sort(cells.begin(), cells.end());
  CHECK(std::adjacent_find(cells.begin(), cells.end()) == cells.end());
}

TEST_CASE("write noise is told in units of the state") {
  SoftBounds pulse;
  pulse.dw_min = 0.002;
  pulse.write_noise_std = 56;
  CHECK(pulse.write_noise() == Approx(0.112));
  CHECK(pulse.cycle_noise() == pulse.dw_min_std);
  CHECK(devices::Pulse{{pulse}}.granularity() == 0.002);
}
