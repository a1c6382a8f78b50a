#include "ohmlab/lab/foundation/crossing.hpp"

#include <cmath>

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {
cost::Draws of(double nominal, std::vector<double> values) { return {nominal, std::move(values)}; }
}  // namespace

TEST_CASE(
    "a ratio crosses 1 where fixed and variable joules make up for each other, draw by draw") {
  // 2 + 3 x against 10: 8/3; in the draws 2 + x against 10: 8, and 2 + 4 x against 10: 2
  const foundation::Contest contest{of(2, {2, 2}), of(3, {1, 4}), of(10, {10, 10}), of(0, {0, 0})};
  CHECK(contest.ratio(2).nominal == Approx(0.8));
  const foundation::Crossing found = foundation::crossing(contest, 0.1, 100);
  CHECK(found.at.nominal == Approx(8.0 / 3));
  CHECK(found.at.p05 == Approx(2));
  CHECK(found.never == 0);
  CHECK(found.always == 0);
}

TEST_CASE("what never crosses says so, and whether analog loses or wins everywhere") {
  // CAUTION: g++ 12 with AVX-512 makes a vector {1, 1, 1, 0} of doubles {1, 1, 1, 1}.
  const foundation::Contest loses{of(20, {20, 20, 2, 2}), of(1, {1, 1, 1, 0.01}),
                                  of(10, {10, 10, 10, 10}), of(0, {0, 0, 0, 0})};
  const foundation::Crossing found = foundation::crossing(loses, 0.1, 100);
  CHECK(std::isnan(found.at.nominal));
  CHECK(found.never == Approx(0.5));
  CHECK(found.always == Approx(0.25));
  CHECK(found.at.p05 == Approx(8));  // the one draw that crosses
}

TEST_CASE("a digital machine that grows faster than the analog one is overtaken from above") {
  const foundation::Contest contest{of(5, {5}), of(1, {1}), of(1, {1}), of(2, {2})};
  CHECK(foundation::crossing(contest, 1, 100).at.nominal == Approx(4));
}

TEST_CASE("a crossing between points of a grid lies on the straight line of ln ratio") {
  const std::vector<double> bits{4, 5, 6, 7};
  std::vector<cost::Draws> ratios;
  for (const double b : bits)
    ratios.push_back(of(std::exp2(b - 5.5), {std::exp2(b - 4.25), std::exp2(b)}));
  const foundation::Crossing found = foundation::crossing(bits, ratios);
  CHECK(found.at.nominal == Approx(5.5));
  CHECK(found.at.p05 == Approx(4.25));
  CHECK(found.never == Approx(0.5));
}

TEST_CASE("a grid is even in logarithms and holds its ends") {
  const std::vector<double> grid = foundation::even_logarithms(1e-2, 1e2, 5);
  REQUIRE(grid.size() == 5);
  CHECK(grid[0] == Approx(1e-2));
  CHECK(grid[2] == Approx(1));
  CHECK(grid[4] == Approx(1e2));
}
