#include "ohmlab/transformer/scale/training_run.hpp"

#include <cmath>
#include <string>

#include "tests/catch.hpp"
#include "tests/transformer/scale/small_model.hpp"

using namespace ohmlab;
using namespace ohmlab::scale::test;
using scale::ModelShape;
using scale::TrainingPlan;

TEST_CASE("a run's hours, joules at three boundaries, money and CO2 follow from its medians") {
  const ModelShape m = small();
  cost::Accelerator a = plain();
  a.rent = cost::Rent{2, {}, {}, cost::Evidence::assumed, "a test"};
  const TrainingPlan plan = unfused();
  const auto step = scale::training_step(m, a, plan, scale::perfect());
  scale::TrainingRun run;
  run.tokens = 1e12;
  const auto exact = [](double x) {
    return cost::Share{x, {}, {}, cost::Evidence::assumed, "a test"};
  };
  run.goodput = exact(0.5);
  run.utilisation = exact(0.25);
  run.misfit = exact(2);
  run.node_share = exact(0.6);
  run.pue = exact(1.25);
  run.carbon = {0.5, {}, {}, cost::Evidence::assumed, "a test"};
  const auto cost = scale::run_cost(step, 1, a, run, {.draws = 50});
  // a third of the logarithm is the step model's, two thirds those of 6 N T over peak and constant
  const double by_constant = 6 * m.parameters() * 8 * 128 / 1e15 / 0.25;
  const double seconds = std::cbrt(step.time.total() * by_constant * by_constant);
  CHECK(cost.step_seconds.nominal == Approx(2 * seconds));
  const double hours = seconds * 2 / 0.5 * 1e12 / (8 * 128) / 3600;
  CHECK(cost.accelerator_hours.nominal == Approx(hours));
  CHECK(cost.days.nominal == Approx(hours / 24));
  CHECK(scale::run_cost(step, 24, a, run, {.draws = 50}).accelerator_hours.nominal ==
        Approx(24 * hours));
  // half of the hours at 0.6 of the rated 1000 W, half at 100 W idle; the host draws 0.6 throughout
  const double chip = 0.5 * 600 + 0.5 * 100;
  CHECK(cost.chip_watts.nominal == Approx(chip));
  CHECK(cost.node_joules.nominal == Approx((chip + 0.6 * 200) * hours * 3600));
  CHECK(cost.facility_joules.nominal == Approx(1.25 * cost.node_joules.nominal));
  CHECK(cost.dollars.nominal == Approx(2 * hours));
  CHECK(cost.co2.nominal == Approx(cost.facility_joules.nominal / 3.6e6 * 0.5));
  CHECK(cost.accelerator_hours.band().p05 == Approx(hours));
  run.misfit = {2, 1.0, 4.0, cost::Evidence::assumed, "a test"};
  const auto banded = scale::run_cost(step, 1, a, run, {.draws = 2000});
  CHECK(banded.accelerator_hours.band().p05 < hours * 0.6);
  CHECK(banded.accelerator_hours.band().p95 > hours * 1.7);
  const auto again = scale::run_cost(step, 1, a, run, {.draws = 2000});
  CHECK(again.co2.values == banded.co2.values);
  // without a misfit of its own, a run has that of known plans
  run.misfit = {};
  CHECK(scale::run_cost(step, 1, a, run, {.draws = 50}).accelerator_hours.nominal ==
        Approx(hours / 2 * scale::default_misfit(true).median));
  // a banded utilisation enters with two thirds of its logarithm
  run.misfit = exact(2);
  run.utilisation = {0.25, 0.125, 0.5, cost::Evidence::assumed, "a test"};
  const cost::Band band =
      scale::run_cost(step, 1, a, run, {.draws = 2000}).accelerator_hours.band();
  CHECK(band.p95 / band.p05 == Approx(std::pow(4, 2.0 / 3)).epsilon(0.1));
}

TEST_CASE("a node draws its share of the rating in steps, and its chips idle in lost hours") {
  const cost::Accelerator a = plain();
  CHECK(scale::chip_watts(a, 0.7, 1) == Approx(700));
  CHECK(scale::node_watts(a, 0.7, 1) == Approx(0.7 * 1200));
  CHECK(scale::chip_watts(a, 0.7, 0) == Approx(100));
  CHECK(scale::node_watts(a, 0.7, 0.75) == Approx(0.75 * 700 + 0.25 * 100 + 0.7 * 200));
}

TEST_CASE("6 N T over peak counts active parameters, and 16 bits for narrower formats") {
  ModelShape m = small();
  m.experts = 4;
  cost::Accelerator a = plain();
  a.peak.emplace("fp8", a.peak.at("bf16"));
  a.peak.at("fp8").median = 2e15;
  TrainingPlan plan = unfused();
  const auto seconds_at = [&](const std::string& format) {
    plan.format = format;
    return scale::training_step(m, a, plan, {}).peak_seconds;
  };
  CHECK(seconds_at("bf16") == Approx(6 * m.active_parameters() * 8 * 128 / 1e15));
  CHECK(seconds_at("fp8") == seconds_at("bf16"));
}
