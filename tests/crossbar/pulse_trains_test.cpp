#include "ohmlab/crossbar/pulse_trains.hpp"

#include <bit>
#include <cmath>

#include "ohmlab/core/rng.hpp"

#include "tests/catch.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;

namespace {

const core::Stream stream = core::stream(tests::seed(5), core::StreamId::pulse_train);

}  // namespace

TEST_CASE("slots are on with the published probabilities and lines are independent",
          "[stochastic]") {
  Matrix x(1, 2), d(1, 2);
  x << 0.5F, 1;
  d << -0.4F, 0.1F;
  const crossbar::StochasticPulser pulser{
      {.desired_bl = 20, .bl_management = false, .update_management = false}};
  constexpr double rate = 0.004, dw_min = 0.001;
  constexpr int draws = 20000;
  double row[2] = {}, col[2] = {}, both = 0;
  for (std::uint64_t op = 0; op < draws; ++op) {
    const auto trains = crossbar::draw_trains({x, d, rate, dw_min}, pulser, stream, op);
    CHECK(trains.slots[0] == 20);
    for (Index i = 0; i < 2; ++i) row[i] += std::popcount(trains.row(0, i));
    for (Index j = 0; j < 2; ++j) col[j] += std::popcount(trains.col(0, j));
    both += std::popcount(trains.row(0, 1) & trains.col(0, 0));
  }
  const double gain = std::sqrt(rate / (dw_min * 20)), n = 20.0 * draws;
  const auto check = [&](double hits, double p) {
    CHECK(std::abs(hits / n - p) < 5 * std::sqrt(p * (1 - p) / n));
  };
  check(row[0], gain * 0.5);
  check(row[1], gain);
  check(col[0], gain * static_cast<double>(0.4F));
  check(both, gain * gain * static_cast<double>(0.4F));
}

TEST_CASE("management uses no more slots than are needed and evens out the probabilities") {
  Matrix x(2, 1), d(2, 1);
  x << 1, 0.01F;
  d << 0.01F, 0;
  const crossbar::StochasticPulser pulser{};
  const auto trains = crossbar::draw_trains({x, d, 1.0, 0.001}, pulser, stream, 0);
  CHECK(trains.slots[0] == 10);  // ceil(1 · 1 · 0.01 / 0.001)
  CHECK(trains.slots[1] == 0);   // nothing to write
  CHECK(trains.total_slots == 10);
  // sqrt(rate/(dw_min BL)) = 10, times 1 · sqrt(0.01) on the row and 0.01/sqrt(0.01) on the column:
  // both certain
  CHECK(trains.row(0, 0) == 0x3ff);
  CHECK(trains.col(0, 0) == 0x3ff);
  CHECK(trains.row_pulses == 10);
}

TEST_CASE("a slot depends on its line, vector, slot and operation only") {
  const crossbar::StochasticPulser pulser{
      {.desired_bl = 40, .bl_management = false, .update_management = false}};
  Matrix x = Matrix::Constant(3, 4, 0.3F), d = Matrix::Constant(3, 2, 0.3F);
  const auto all = crossbar::draw_trains({x, d, 0.04, 0.001}, pulser, stream, 7);
  x.row(0).setZero();
  x.col(1).setConstant(0.9F);
  const auto changed = crossbar::draw_trains({x, d, 0.04, 0.001}, pulser, stream, 7);
  for (Index b = 1; b < 3; ++b) {
    for (Index i = 0; i < 4; ++i) {
      if (i != 1) CHECK(changed.row(b, i) == all.row(b, i));
    }
    for (Index j = 0; j < 2; ++j) CHECK(changed.col(b, j) == all.col(b, j));
  }
  CHECK((all.row(1, 1) & ~changed.row(1, 1)) == 0);  // a likelier line keeps the slots it had
}

TEST_CASE("a slot is on where its own word is below its line's share of all words") {
  constexpr Index rows = 19, cols = 33, vectors = 5;
  constexpr double rate = 0.03, dw_min = 0.001;
  Matrix x(vectors, rows), d(vectors, cols);
  for (Index k = 0; k < x.size(); ++k) x.data()[k] = static_cast<float>(k * 37 % 101 - 50) / 50;
  for (Index k = 0; k < d.size(); ++k) d.data()[k] = static_cast<float>(k * 53 % 89 - 44) / 20;
  for (const std::int64_t slots : {1, 7, 31, 33, 64}) {
    CAPTURE(slots);
    const crossbar::StochasticPulser pulser{
        {.desired_bl = slots, .bl_management = false, .update_management = false}};
    const auto trains = crossbar::draw_trains({x, d, rate, dw_min}, pulser, stream, 11);
    const auto expected = [&](float value, Index line, Index b) {
      const double p = std::sqrt(rate / (dw_min * static_cast<double>(slots))) *
                       std::abs(static_cast<double>(value));
      std::uint64_t bits = 0;
      for (std::int64_t s = 0; s < slots; ++s) {
        const auto words = core::random_block(stream, static_cast<std::uint32_t>(line), 11,
                                              static_cast<std::uint32_t>(16 * b + s / 4));
        bits |= std::uint64_t{static_cast<double>(words[static_cast<int>(s % 4)]) < p * 0x1p32}
                << s;
      }
      return bits;
    };
    double row_pulses = 0;
    for (Index b = 0; b < vectors; ++b) {
      for (Index i = 0; i < rows; ++i) {
        CHECK(trains.row(b, i) == expected(x(b, i), i, b));
        row_pulses += std::popcount(trains.row(b, i));
      }
      for (Index j = 0; j < cols; ++j) CHECK(trains.col(b, j) == expected(d(b, j), rows + j, b));
    }
    CHECK(trains.row_pulses == row_pulses);
  }
}

TEST_CASE("a train for more steps than any integer has as many slots as it may have") {
  const Matrix one = Matrix::Ones(1, 1);
  for (const double dw_min : {1e-3, 1e-10, 1e-18, 1e-19, 1e-30, 1e-300}) {
    CAPTURE(dw_min);
    const auto trains = crossbar::draw_trains({one, one, 1, dw_min}, crossbar::StochasticPulser{},
                                              core::stream(1, core::StreamId::pulse_train), 0);
    CHECK(trains.slots[0] == 31);
    CHECK(trains.row_pulses == 31);
    CHECK(trains.obtained == 31);
    CHECK(trains.asked == Approx(1 / dw_min));
  }
}
