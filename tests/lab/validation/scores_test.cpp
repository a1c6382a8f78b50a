#include "ohmlab/lab/validation/scores.hpp"

#include <cmath>

#include "tests/catch.hpp"

using namespace ohmlab;

TEST_CASE("an interval costs its width, and twenty times what it misses at 90 %") {
  const validation::Prediction p{1, 0.5, 2};
  CHECK(validation::interval_score(p, 1.9) == Approx(1.5));
  CHECK(validation::interval_score(p, 2.1) == Approx(1.5 + 20 * 0.1));
  CHECK(validation::interval_score(p, 0.2) == Approx(1.5 + 20 * 0.3));
  CHECK(validation::interval_score(p, 0.2, 0.5) == Approx(1.5 + 4 * 0.3));
}

TEST_CASE("Student's quantiles are those of tables") {
  CHECK(validation::student_quantile(0.95, 1) == Approx(6.3138).epsilon(1e-4));
  CHECK(validation::student_quantile(0.95, 2) == Approx(2.9200).epsilon(1e-4));
  CHECK(validation::student_quantile(0.95, 10) == Approx(1.8125).epsilon(1e-4));
  CHECK(validation::student_quantile(0.975, 12) == Approx(2.1788).epsilon(1e-4));
}

TEST_CASE("a line's prediction is what least squares by hand gives") {
  // slope 1/2, intercept 1/6; residuals -1/6, 1/3, -1/6; s = sqrt(1/6); t of one degree of freedom
  const validation::Prediction p = validation::line_prediction({0, 1, 2}, {0, 1, 1}, 3);
  CHECK(p.median == Approx(5.0 / 3));
  const double half = 6.313752 * std::sqrt(1.0 / 6) * std::sqrt(1 + 1.0 / 3 + 4.0 / 2);
  CHECK(p.p95 - p.median == Approx(half).epsilon(1e-5));
  CHECK(p.median - p.p05 == Approx(half).epsilon(1e-5));
}

TEST_CASE("quantiles lie between the two nearest values") {
  const std::vector<double> sorted{1, 2, 4, 8};
  CHECK(validation::quantile(sorted, 0) == 1);
  CHECK(validation::quantile(sorted, 0.5) == Approx(3));
  CHECK(validation::quantile(sorted, 1) == 8);
}
