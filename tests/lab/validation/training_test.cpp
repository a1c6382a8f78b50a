#include "ohmlab/lab/validation/training.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/field_values.hpp"
#include "ohmlab/cost/accelerator.hpp"
#include "ohmlab/transformer/scale/training_run.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"

using namespace ohmlab;

namespace {
const validation::TrainingRecords& records() {
  static const validation::TrainingRecords loaded = validation::load_training_records();
  return loaded;
}
}  // namespace

TEST_CASE("step times of Megatron's eight points are within 9 %, those held out too") {
  const cost::Accelerator a = cost::accelerator_preset(records().steps.accelerator);
  REQUIRE(records().steps.points.size() == 8);
  for (const validation::StepPoint& p : records().steps.points) {
    CAPTURE(p.name);
    const auto step = scale::training_step(p.model, a, p.plan, {}, false);
    CHECK(step.time.total() == Approx(p.seconds).epsilon(0.09));
  }
}

TEST_CASE(
    "the printed utilisations follow from the measured seconds: operations are counted as in the "
    "paper") {
  const cost::Accelerator a = cost::accelerator_preset(records().steps.accelerator);
  int seen = 0;
  for (const validation::StepPoint& p : records().steps.points) {
    if (!p.utilisation) continue;
    CAPTURE(p.name);
    const double flops =
        p.model.training_flops_per_token() * static_cast<double>(p.plan.batch * p.model.sequence);
    const double mfu = flops / (p.seconds * static_cast<double>(p.plan.accelerators()) * 312e12);
    CHECK(mfu == Approx(*p.utilisation).epsilon(0.01));
    ++seen;
  }
  CHECK(seen == 4);
}

TEST_CASE(
    "the frozen constants are the fit to the points that are marked as calibration, and to no "
    "other") {
  std::vector<validation::StepPoint> calibration;
  for (const validation::StepPoint& p : records().steps.points) {
    if (p.calibration) calibration.push_back(p);
  }
  CHECK(calibration.size() == 4);
  const cost::Accelerator a = cost::accelerator_preset(records().steps.accelerator);
  const scale::Efficiency frozen, fitted = validation::fit_efficiency(a, calibration, {});
  CHECK(fitted.ceiling == Approx(frozen.ceiling).epsilon(0.005));
  CHECK(fitted.link == Approx(frozen.link).epsilon(0.005));
  CHECK(fitted.call == frozen.call);
}

TEST_CASE("shapes of published runs have the parameters that were published") {
  for (const validation::PublishedRun& run : records().runs.runs) {
    if (run.excluded.empty()) {
      CAPTURE(run.name, run.model.parameters());
      // Gopher's relative positions have a matrix a layer that the shape leaves out: 8 %
      CHECK(run.model.parameters() == Approx(run.parameters).epsilon(0.08));
    }
  }
}

TEST_CASE("a family's factor is the median of all others") {
  std::vector<validation::ScoredRun> runs(5);
  const double hours[] = {1, 2, 8, 100, 1000};
  for (std::size_t i = 0; i < 5; ++i) {
    runs[i].family = i < 2 ? "a" : i == 2 ? "b" : "c";
    runs[i].hours = hours[i];
    runs[i].model_hours = 1;
  }
  const auto factors = validation::left_out_factors(runs, &validation::ScoredRun::model_hours);
  CHECK(std::exp(factors[0]) == Approx(100));  // of 8, 100, 1000
  CHECK(factors[0] == factors[1]);
  CHECK(std::exp(factors[2]) == Approx(std::sqrt(2.0 * 100)));  // of 1, 2, 100, 1000
  CHECK(std::exp(factors[4]) == Approx(2));                     // of 1, 2, 8
}

TEST_CASE("a run's published hours move no prediction of its own family") {
  validation::PublishedRuns runs = records().runs;
  const auto before = validation::scored_runs(runs, {});
  for (validation::PublishedRun& run : runs.runs) {
    if (run.family == "palm") run.hours *= 100;
  }
  const auto after = validation::scored_runs(runs, {});
  const auto f = validation::left_out_factors(before, &validation::ScoredRun::model_hours);
  const auto g = validation::left_out_factors(after, &validation::ScoredRun::model_hours);
  for (std::size_t i = 0; i < before.size(); ++i) {
    CHECK(before[i].model_hours == after[i].model_hours);
    if (before[i].family == "palm") CHECK(f[i] == g[i]);
  }
}

TEST_CASE(
    "circular and estimated records, and those that set a constant, are refused as evidence") {
  CHECK_THROWS_WITH(validation::evidence(records().energy, {"LLaMA 65B"}),
                    ContainsSubstring("is circular, not measured"));
  CHECK_THROWS_WITH(validation::evidence(records().energy, {"Switch 1.5T"}),
                    ContainsSubstring("is estimated, not measured"));
  validation::EnergyRecords marked = records().energy;
  marked.records[0].calibration = true;
  CHECK_THROWS_WITH(validation::evidence(marked, {marked.records[0].name}),
                    ContainsSubstring("set a constant"));
  for (const validation::EnergyRecord& r : validation::evidence(records().energy)) {
    CHECK(r.evidence == validation::Evidence::independent);
  }
  CHECK(validation::evidence(records().energy).size() == 10);
}

TEST_CASE("a record needs either watts or joules, and joules a length") {
  const auto read = [](const std::string& what) {
    return core::read<validation::EnergyRecord>(
        core::parse_config("name='x'\naccelerator='h100'\naccelerators=1\nbatch=1\nboundary='node'"
                           "\nevidence='independent'\n"
                           "model={}\nsource='a test'\n" +
                               what,
                           "t"));
  };
  CHECK_NOTHROW(read("watts = 3"));
  CHECK_THROWS_WITH(read(""), ContainsSubstring("either watts or joules"));
  CHECK_THROWS_WITH(read("watts = 3\njoules = 4"), ContainsSubstring("either watts or joules"));
  CHECK_THROWS_WITH(read("joules = 4"), ContainsSubstring("tokens is missing"));
}

TEST_CASE("the default factor of a run is what published runs took over their steps") {
  std::vector<double> factors;
  for (const validation::ScoredRun& run : validation::scored_runs(records().runs, {})) {
    factors.push_back(run.hours / run.model_hours);
  }
  std::sort(factors.begin(), factors.end());
  const scale::TrainingRun run;
  const double middle = (factors[factors.size() / 2 - 1] + factors[factors.size() / 2]) / 2;
  CHECK(factors.size() % 2 == 0);
  CHECK(run.misfit.median == Approx(middle * run.goodput.median).epsilon(0.02));
}

TEST_CASE("every gate says what was reached, and a missed one why") {
  const validation::Validation v = validation::validate_training(records());
  std::set<std::string> names;
  for (const validation::Gate& gate : v.gates) {
    CHECK(names.insert(gate.name).second);
    CHECK(!gate.reached.empty());
    if (!gate.met) CHECK(!gate.cause.empty());
  }
  for (const validation::ValidationTable& table : v.tables) {
    CHECK(!table.rows.empty());
    for (const auto& row : table.rows) {
      CHECK(row.size() == table.head.size());
      CHECK(!row.back().empty());  // the source
    }
  }
}
