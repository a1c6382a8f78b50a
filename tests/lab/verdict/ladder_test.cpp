#include "ohmlab/lab/verdict/ladder.hpp"

#include <limits>

#include "tests/catch.hpp"

using namespace ohmlab::verdict;

namespace {

constexpr double no_number = std::numeric_limits<double>::quiet_NaN();

Curve curve(const std::vector<double>& quality) {
  Curve out{{}, quality};
  for (std::size_t i = 0; i < quality.size(); ++i) out.at.push_back(static_cast<double>(i));
  return out;
}

}  // namespace

TEST_CASE("a curve arrives at its first value at the level, and numbers that are none count not") {
  const Curve noisy = curve({-25, no_number, -19, -22, -18.5});
  CHECK(best(noisy) == -18.5);
  CHECK(arrival(noisy, -20) == 2);
  CHECK(arrival(noisy, -25) == 0);
  CHECK(arrival(noisy, -18.5) == 4);
  CHECK_FALSE(arrival(noisy, -18));
  CHECK(best(curve({no_number})) == -std::numeric_limits<double>::infinity());
}

TEST_CASE("a level is reached if more than half of the curves reach it") {
  const std::vector<Curve> curves{curve({-25, -19}), curve({-25, -20}), curve({-25, -21})};
  const std::vector<double> levels{-24, -20, -19};
  CHECK(most_reach(curves, -20));
  CHECK_FALSE(most_reach(curves, -19));
  CHECK(highest(curves, levels) == -20);
  const std::vector<Curve> two{curve({-19}), curve({-21})};
  CHECK_FALSE(most_reach(two, -20));  // one of two is not most
  CHECK_FALSE(highest(std::vector{curve({-26})}, levels));
  CHECK(middle({3, 1, 2}) == 2);
  CHECK(middle({4, 1, 2, 3}) == 2);
}

TEST_CASE("the best curve goes on, and the first to come near it if that is another one") {
  const std::vector<Curve> curves{curve({-25, -21, -20, -18}), curve({-25, -18.9, -18.8, -18.7}),
                                  curve({-25, -18.9, -18.8, -18.5})};
  CHECK(finalists(curves, 1) == std::vector<std::size_t>{0, 2});  // 1 and 2 are as quick
  CHECK(finalists(curves, 0.1) == std::vector<std::size_t>{0});
  CHECK(finalists(std::vector{curves[0]}, 1) == std::vector<std::size_t>{0});
}
