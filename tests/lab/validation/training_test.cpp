#include "ohmlab/lab/validation/training.hpp"

#include <algorithm>
#include <cmath>
#include <set>

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/field_values.hpp"
#include "ohmlab/cost/accelerator.hpp"
#include "ohmlab/lab/validation/training_hours.hpp"
#include "ohmlab/lab/validation/training_power.hpp"
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

TEST_CASE("shapes of published runs have the parameters that were published, the active ones too") {
  int active = 0;
  for (const validation::PublishedRun& run : records().runs.runs) {
    CAPTURE(run.name, run.model.parameters(), run.model.active_parameters());
    // the largest: GLaM's 1.2 T is published in two digits, its active parameters in three
    CHECK(run.model.parameters() == Approx(run.parameters).epsilon(0.035));
    if (!run.active) continue;
    CHECK(run.model.active_parameters() == Approx(*run.active).epsilon(0.02));
    ++active;
  }
  CHECK(active == 5);
  for (const validation::PublishedRun& run : records().runs.runs) {
    if (run.excluded.empty()) CHECK(run.active.has_value() == (run.model.experts > 1));
  }
}

namespace {
double of_model(const validation::ScoredRun& run) { return run.model_hours; }
double of_blend(const validation::ScoredRun& run) { return run.blended_hours(); }
}  // namespace

TEST_CASE("a family's factor is the median of all others, or of those with a plan as known") {
  std::vector<validation::ScoredRun> runs(5);
  const double hours[] = {1, 2, 8, 100, 1000};
  for (std::size_t i = 0; i < 5; ++i) {
    runs[i].family = i < 2 ? "a" : i == 2 ? "b" : "c";
    runs[i].hours = hours[i];
    runs[i].model_hours = 1;
    runs[i].planned = i == 1 || i == 4;
  }
  const auto factors = validation::left_out_factors(runs, of_model, validation::Pool::all);
  CHECK(std::exp(factors[0]) == Approx(100));  // of 8, 100, 1000
  CHECK(factors[0] == factors[1]);
  CHECK(std::exp(factors[2]) == Approx(std::sqrt(2.0 * 100)));  // of 1, 2, 100, 1000
  CHECK(std::exp(factors[4]) == Approx(2));                     // of 1, 2, 8
  const auto alike = validation::left_out_factors(runs, of_model, validation::Pool::same_plan);
  CHECK(std::exp(alike[0]) == Approx(std::sqrt(8.0 * 100)));  // of 8, 100
  CHECK(std::exp(alike[1]) == Approx(1000));
  CHECK(std::exp(alike[2]) == Approx(std::sqrt(100.0)));  // of 1, 100
  CHECK(std::exp(alike[4]) == Approx(2));
  runs[1].planned = false;  // no other family has a plan: all of them count
  CHECK(std::exp(validation::left_out_factors(runs, of_model, validation::Pool::same_plan)[4]) ==
        Approx(2));
}

TEST_CASE("blended hours are a third of the step model's logarithm and two thirds of the peak's") {
  validation::ScoredRun run;
  run.model_hours = 27;
  run.peak_hours = 8;
  CHECK(run.blended_hours() == Approx(3 * 4));
  // the place of the factors: one on both predictions' blend cancels any utilisation
  CHECK(scale::blended(27, 8 / 0.125) == Approx(12 * 4));
}

TEST_CASE("a run's published hours move no prediction of its own family") {
  validation::PublishedRuns runs = records().runs;
  const auto before = validation::scored_runs(runs, {});
  for (validation::PublishedRun& run : runs.runs) {
    if (run.family == "palm") run.hours *= 100;
  }
  const auto after = validation::scored_runs(runs, {});
  const auto f = validation::left_out_factors(before, of_blend, validation::Pool::same_plan);
  const auto g = validation::left_out_factors(after, of_blend, validation::Pool::same_plan);
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
  CHECK(validation::evidence(records().energy).size() == 8);
  CHECK_THROWS_WITH(validation::evidence(records().energy, {"PaLM 540B"}),
                    ContainsSubstring("set a constant"));
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

TEST_CASE("the default utilisation and factors of a run are those of published runs") {
  const auto runs = validation::scored_runs(records().runs, {});
  const scale::TrainingRun run;
  CHECK(run.utilisation.median == Approx(validation::middle_utilisation(runs)).epsilon(0.005));
  for (const bool planned : {false, true}) {
    CAPTURE(planned);
    std::vector<double> factors, logs;
    for (const validation::ScoredRun& r : runs) {
      if (r.planned != planned) continue;
      factors.push_back(r.hours /
                        scale::blended(r.model_hours, r.peak_hours / run.utilisation.median));
      logs.push_back(std::log(factors.back()));
    }
    REQUIRE(factors.size() == (planned ? 8 : 16));
    std::sort(factors.begin(), factors.end());
    const double middle = (factors[factors.size() / 2 - 1] + factors[factors.size() / 2]) / 2;
    const cost::Share& misfit = scale::default_misfit(planned);
    CHECK(misfit.median == Approx(middle * run.goodput.median).epsilon(0.01));
    // Student's t of one new value, from tables: 1.895 for 7 degrees of freedom, 1.753 for 15
    double sum = 0, squares = 0;
    const auto n = static_cast<double>(logs.size());
    for (const double x : logs) sum += x;
    for (const double x : logs) squares += (x - sum / n) * (x - sum / n);
    const double half = (planned ? 1.895 : 1.753) * std::sqrt(squares / (n - 1) * (1 + 1 / n));
    CHECK(misfit.p05.value() == Approx(misfit.median * std::exp(-half)).epsilon(0.01));
    CHECK(misfit.p95.value() == Approx(misfit.median * std::exp(half)).epsilon(0.01));
  }
}

TEST_CASE(
    "the default share of the rated node is near that of the measured runs, its band theirs") {
  std::vector<double> shares;
  for (const validation::EnergyRecord& r : validation::evidence(records().energy)) {
    if (!r.watts) continue;
    CHECK(r.boundary == validation::Boundary::node);
    const cost::Accelerator a = cost::accelerator_preset(r.accelerator);
    shares.push_back(*r.watts / (a.tdp.median + a.host.median));
  }
  std::sort(shares.begin(), shares.end());
  REQUIRE(shares.size() == 6);
  const double middle = (shares[2] + shares[3]) / 2;
  const scale::TrainingRun run;
  CHECK(run.node_share.median == Approx(middle).epsilon(0.03));
  CHECK(validation::left_out_share(validation::evidence(records().energy), "") == Approx(middle));
  int inside = 0;
  for (const double share : shares)
    inside += *run.node_share.p05 < share && share < *run.node_share.p95;
  CHECK(inside == 5);  // 512 H100 for two minutes draw less
}

TEST_CASE("hours and node power reach their gates, runs and steps apart") {
  const validation::Validation v = validation::validate_training(records());
  int seen = 0;
  for (const validation::Gate& gate : v.gates) {
    if (gate.goal.empty()) continue;
    CAPTURE(gate.name, gate.reached);
    CHECK(gate.met);
    ++seen;
  }
  CHECK(seen == 3 + 3 + 1);
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
