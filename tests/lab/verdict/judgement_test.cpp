#include "ohmlab/lab/verdict/judgement.hpp"

#include <cmath>

#include "ohmlab/cost/outlook.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;
using namespace ohmlab::verdict;

namespace {

const cost::DrawOptions options{.draws = 4000};

std::optional<Paid> sharp(double cost) {
  const cost::Draws draws = cost::Outlook(options).exact(cost);
  return Paid{draws, draws};
}

std::optional<Paid> uncertain(const std::string& name, double median, double sigma) {
  const cost::Draws draws = cost::Outlook(options).factor(name, median, sigma);
  return Paid{draws, draws};
}

/// Bound on the error of a share of the draws: below 1e-6 of all seeds are farther off.
double bound(double p) { return 4.9 * std::sqrt(p * (1 - p) / static_cast<double>(options.draws)); }

double normal(double x) { return 0.5 * std::erfc(-x / std::sqrt(2.0)); }

}  // namespace

TEST_CASE("the probability to be cheaper is that of two lognormal costs") {
  const double sigma_a = 0.6, sigma_b = 0.3;
  const Versus found =
      versus({uncertain("a", 2, sigma_a)}, {uncertain("b", 1.5, sigma_b)}, options);
  const double sigma = std::hypot(sigma_a, sigma_b);
  const double expected = normal(std::log(1.5 / 2) / sigma);
  CHECK(std::abs(found.ahead - expected) < bound(expected));
  CHECK(found.prices_alone == Approx(found.ahead));
  CHECK(found.instances_alone == 0);  // at the medians of the prices it costs more
  CHECK(found.error == Approx(std::sqrt(expected * (1 - expected) / 4000)).epsilon(0.05));
  CHECK(found.factor.nominal == Approx(0.75));
  CHECK(std::log(found.factor.p05) == Approx(std::log(0.75) - 1.645 * sigma).margin(0.08));
  CHECK(std::log(found.factor.p95) == Approx(std::log(0.75) + 1.645 * sigma).margin(0.08));
  CHECK(word_of(found.factor) == "undecided");
}

TEST_CASE("uncertainty that both machines share decides nothing") {
  const Versus found = versus({uncertain("power", 2, 2)}, {uncertain("power", 3, 2)}, options);
  CHECK(found.ahead == 1);
  CHECK(found.error == Approx(1.0 / 4000));  // no draw tells more
  CHECK(found.factor.p05 == Approx(1.5));
  CHECK(found.factor.p95 == Approx(1.5));
  CHECK(word_of(found.factor) == "WINS");
  CHECK(word_of(versus({uncertain("power", 3, 2)}, {uncertain("power", 2, 2)}, options).factor) ==
        "LOSES");
}

TEST_CASE("instances that differ give their share of pairs, with the error of a jackknife") {
  const Versus found = versus({sharp(1), sharp(4), sharp(5)}, {sharp(2), sharp(4.5)}, options);
  CHECK(found.ahead == Approx((2 + 1 + 0) / 6.0));
  CHECK(found.instances_alone == Approx(0.5));
  // Means of the rows 1, 1/2, 0 and of the columns 1/3, 2/3: variances of their means 1/12, 1/36.
  CHECK(found.error == Approx(std::sqrt(1.0 / 12 + 1.0 / 36)).epsilon(0.01));
  CHECK(found.prices_alone == 1);  // middle instances: 4 against the dearer of two, 4.5
  CHECK(found.factor.nominal == Approx(4.5 / 4));
}

TEST_CASE("an arrival lies anywhere between the last evaluation below and the first one there") {
  const cost::Outlook outlook(options);
  const Instances wide{Paid{outlook.exact(0), outlook.exact(4)}};
  const Versus found = versus(wide, {sharp(1)}, options);
  CHECK(std::abs(found.ahead - 0.25) < bound(0.25));
  CHECK(found.factor.nominal == Approx(0.5));  // half way
  CHECK(middle_cost(wide)->nominal == 2);
}

TEST_CASE("a machine that does not arrive loses") {
  const Instances never{std::nullopt}, most{sharp(1), std::nullopt, sharp(2)};
  CHECK(versus(never, {sharp(1)}, options).ahead == 0);
  CHECK(versus(never, never, options).ahead == 0);
  const Versus alone = versus({sharp(1)}, never, options);
  CHECK(alone.ahead == 1);
  CHECK(std::isinf(alone.factor.nominal));
  CHECK(reached(most) == 2);
  CHECK(middle_instance(most) == 2);
  CHECK(middle_cost(most)->nominal == 2);
  CHECK_FALSE(middle_cost({std::nullopt, sharp(1), std::nullopt}));
}
