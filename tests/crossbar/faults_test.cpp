#include <algorithm>
#include <cmath>

#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/crossbar/fault_map.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;

namespace {

constexpr Index rows = 60, cols = 50;

crossbar::AnalogArrayModel broken(const devices::StuckFaults& faults) {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = tests::electrical();
  model.device.faults.choice = faults;
  return model;
}

double figure(const crossbar::Array& array, const std::string& name) {
  for (const crossbar::Figure& f : array.figures()) {
    if (f.name == name) return f.value;
  }
  return -1;
}

}  // namespace

TEST_CASE("stuck cells are as many as was asked, and stay where they are", "[stochastic]") {
  const auto seed = static_cast<std::int64_t>(tests::seed(3));
  cost::Tally tally;
  crossbar::AnalogArray array(
      broken({.yield = 0.7, .low = 1, .high = 2, .at = 3, .state = 0.25, .seed = seed}), rows, cols,
      {.tally = &tally});
  const MatrixD fresh = array.weights();
  array.program(Matrix::Constant(rows, cols, 0.5F));
  const MatrixD programmed = array.weights();
  array.update(Matrix::Ones(1, rows), Matrix::Ones(1, cols), 0.02);
  const MatrixD pulsed = array.weights();
  double low = 0, high = 0, at = 0;
  for (Index k = 0; k < fresh.size(); ++k) {
    const double state = fresh.data()[k];
    low += state == -1;
    high += state == 1;
    at += state == 0.25;
    if (state != 0) {
      CHECK(programmed.data()[k] == state);
      CHECK(pulsed.data()[k] == state);
    } else {
      CHECK(programmed.data()[k] != 0);
    }
  }
  const double n = rows * cols;
  const auto is = [&](double count, double p) {
    CHECK(std::abs(count / n - p) < 5 * std::sqrt(p * (1 - p) / n));
  };
  is(low, 0.05);
  is(high, 0.1);
  is(at, 0.15);
  CHECK(figure(array, "cells_faulty") == (low + high + at) / n);
}

TEST_CASE("cells stuck at random states are uniform within their range", "[stochastic]") {
  const auto seed = static_cast<std::int64_t>(tests::seed(4));
  const devices::StuckFaults faults{
      .yield = 0.25, .low = 1, .high = 0, .random = 2, .range = 0.5, .seed = seed};
  cost::Tally tally;
  crossbar::AnalogArray array(broken(faults), rows, cols, {.tally = &tally});
  const MatrixD fresh = array.weights();
  double low = 0, random = 0, sum = 0, squares = 0, most = 0;
  for (const double state : fresh.reshaped()) {
    low += state == -1;
    if (state == -1 || state == 0) continue;
    ++random;
    sum += state;
    squares += state * state;
    most = std::max(most, std::abs(state));
  }
  const double n = rows * cols;
  CHECK(std::abs(low / n - 0.25) < 5 * std::sqrt(0.25 * 0.75 / n));
  CHECK(std::abs(random / n - 0.5) < 5 * std::sqrt(0.25 / n));
  CHECK(std::abs(sum / random) < 5 * std::sqrt(1.0 / 12 / random));
  // of a square of a uniform on [-1/2, 1/2]: mean 1/12, variance 1/180
  CHECK(std::abs(squares / random - 1.0 / 12) < 5 * std::sqrt(1.0 / 180 / random));
  CHECK(most <= 0.5);
  CHECK(most > 0.49);
  array.program(Matrix::Constant(rows, cols, 0.5F));
  const MatrixD programmed = array.weights();
  for (Index k = 0; k < fresh.size(); ++k) {
    if (fresh.data()[k] != 0) CHECK(programmed.data()[k] == fresh.data()[k]);
  }
}

TEST_CASE("the seed of faults is their own, and arrays of other names have others") {
  const auto stuck = [](std::int64_t fault_seed, std::uint64_t seed, const char* name) {
    cost::Tally tally;
    return crossbar::AnalogArray(broken({.yield = 0.9, .seed = fault_seed}), rows, cols,
                                 {.seed = seed, .name = name, .tally = &tally})
        .weights();
  };
  CHECK(stuck(1, 1, "a") == stuck(1, 2, "a"));
  CHECK(stuck(1, 1, "a") != stuck(2, 1, "a"));
  CHECK(stuck(1, 1, "a") != stuck(1, 1, "b"));
}

TEST_CASE("nothing flows through a line that is open, in its own tile only") {
  crossbar::AnalogArrayModel model = broken({.yield = 1, .open_rows = 0.3, .open_cols = 0.2});
  model.device.read_noise.choice = devices::WhiteReadNoise{.std = 0.05};
  model.tile_rows = 20;
  model.tile_cols = 25;
  cost::Tally tally;
  crossbar::AnalogArray array(model, rows, cols, {.tally = &tally});
  array.program(Matrix::Constant(rows, cols, 0.5F));
  const MatrixD w = array.weights();
  const double off = 2 * -1e-6 / 8e-6 - 1;  // the state of no conductance
  const MatrixD variance = array.decision_law(crossbar::Direction::to_cols).variance;
  Index open_rows = 0, open_cols = 0, cells = 0;
  for (Index i = 0; i < rows; i += 20) {
    for (Index j = 0; j < cols; j += 25) {
      const auto tile = w.block(i, j, 20, 25).array();
      const auto is_off = (tile < off + 1e-6).eval();
      cells += is_off.count();
      for (Index r = 0; r < 20; ++r) open_rows += is_off.row(r).all();
      for (Index c = 0; c < 25; ++c) open_cols += is_off.col(c).all();
      // every cell that is off lies on a line that is off
      for (Index r = 0; r < 20; ++r) {
        for (Index c = 0; c < 25; ++c) {
          if (is_off(r, c)) {
            CHECK((is_off.row(r).all() || is_off.col(c).all()));
            CHECK(variance(i + r, j + c) == 0);
          } else {
            CHECK(variance(i + r, j + c) > 0);
          }
        }
      }
    }
  }
  CHECK(open_rows > 20);  // of 120
  CHECK(open_rows < 60);
  CHECK(open_cols > 10);  // of 150
  CHECK(open_cols < 60);
  CHECK(figure(array, "cells_faulty") == static_cast<double>(cells) / (rows * cols));
  CHECK(figure(array, "programmed_out_of_reach") >= static_cast<double>(cells) / (rows * cols));
}

TEST_CASE("drift does not move a cell that is stuck") {
  crossbar::AnalogArrayModel model = broken({.yield = 0});
  model.device.drift.choice = devices::PowerLawDrift{};
  cost::Tally tally;
  crossbar::AnalogArray array(model, 4, 4, {.tally = &tally});
  array.wait(1e6);
  CHECK(array.weights() == MatrixD::Constant(4, 4, -1));
}

TEST_CASE("clusters take their share of the cells, and neighbours together", "[stochastic]") {
  constexpr double share = 0.2;
  for (const double density : {1.0, 0.4}) {
    CAPTURE(density);
    // Cells within 2 of one cell: 13 places; within 2 of it and of its neighbour on the right: 8,
    // of the one 4 to the right: 1.
    constexpr double disc = 13;
    const auto both = [&](double common) {
      // P(neither) of two cells: discs about common places miss both with chance (1 - density)^2
      const double mean = -std::log(1 - share) / (disc * density);
      const double union_ = 2 * disc * density - common * density * density;
      return std::exp(-mean * union_) - 1 + 2 * share;
    };
    const int common_near = 8, common_far = 1;
    double taken = 0, near = 0, far = 0, apart = 0;
    constexpr int maps = 60;
    for (int n = 0; n < maps; ++n) {
      const auto seed = static_cast<std::int64_t>(tests::seed(40 + static_cast<unsigned>(n)));
      cost::Tally tally;
      const MatrixD w = crossbar::AnalogArray(broken({.yield = 1,
                                                      .clustered = share,
                                                      .cluster_radius = 2,
                                                      .cluster_density = density,
                                                      .seed = seed}),
                                              rows, cols, {.tally = &tally})
                            .weights();
      const auto bad = (w.array() == -1).cast<double>().eval();
      taken += bad.mean() / maps;
      near += (bad.leftCols(cols - 1) * bad.rightCols(cols - 1)).mean() / maps;
      far += (bad.leftCols(cols - 4) * bad.rightCols(cols - 4)).mean() / maps;
      apart += (bad.leftCols(cols - 5) * bad.rightCols(cols - 5)).mean() / maps;
    }
    // about 13 cells share a draw: so many fewer independent ones
    const double error = 5 * std::sqrt(share / (maps * rows * cols / (2 * disc)));
    CAPTURE(taken, near, far, apart, error);
    CHECK(std::abs(taken - share) < error);
    CHECK(std::abs(near - both(common_near)) < error);
    CHECK(std::abs(far - both(common_far)) < error);
    CHECK(std::abs(apart - share * share) < error);
    CHECK(near > share * share + error);
  }
}

TEST_CASE("single defects, clusters and open lines add up") {
  cost::Tally tally;
  crossbar::AnalogArray array(
      broken({.yield = 0.9, .clustered = 0.2, .cluster_radius = 0, .open_rows = 0.1}), 200, 200,
      {.tally = &tally});
  const double works = 1 - figure(array, "cells_faulty");
  CHECK(figure(array, "yield") == Approx(works));
  CHECK(std::abs(works - 0.9 * 0.8 * 0.9) < 0.06);  // of 200 lines, 0.021 each standard deviation
}

TEST_CASE("broken cells must be stuck somewhere") {
  CHECK(!devices::StuckFaults{.yield = 1, .low = 0, .clustered = 0.1}.problem().empty());
  CHECK(devices::StuckFaults{.cluster_density = 1.5}.problem() ==
        "expected cluster_density up to 1");
  CHECK(devices::StuckFaults{.low = 0}.problem().find("above 0") != std::string::npos);
  CHECK(devices::StuckFaults{.yield = 1, .low = 0}.problem().empty());
}
