#include "ohmlab/lab/experiments/deploy.hpp"

#include <cmath>

#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/run.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

lab::Plan deploy(const std::vector<std::string>& sets) {
  const std::string text =
      "kind = 'deploy'\ninstances = 4\nages = [1, 3600, 86400]\ndata = {kind = 'bars_and_stripes', "
      "size = 3}\n"
      "model = {kind = 'rbm', hidden = 8}\nrule = {kind = 'pcd', chains = 50}\n"
      "training = {epochs = 500, batch = 16, rate = 0.2, bias_rate = 0.2}\n"
      "array = {kind = 'analog', weight_scale = 8, device = {g_min = '1 uS', g_max = '25 uS'}}\n";
  return lab::plan(core::parse_config(text, "deploy.toml", {}, sets));
}

results::Result result_of(const std::vector<std::string>& sets) {
  results::Progress silent;
  const lab::Plan plan = deploy(sets);
  const auto& experiment = std::get<experiments::Deploy>(plan.experiment->choice);
  return experiment.run(experiment.data.load(), silent);
}

const std::vector<double>& metric(const results::Result& result, const std::string& name) {
  for (const results::Series& series : result.metrics) {
    if (series.name == name) return series.values;
  }
  throw std::runtime_error("no metric called " + name);
}

double quality(const results::Result& result, const std::string& name) {
  for (const results::Quantity& q : result.quality) {
    if (q.name == name) return q.value;
  }
  throw std::runtime_error("no quality called " + name);
}

}  // namespace

TEST_CASE("cells that keep what is written keep the quality at every age") {
  const results::Result result = result_of({});
  CHECK(result.axis.name == "age");
  CHECK(result.axis.values == std::vector<double>{1, 3600, 86400});
  for (const double ll : metric(result, "test_log_likelihood")) {
    CHECK(ll == Approx(quality(result, "trained_test_log_likelihood")).margin(1e-4));
  }
  for (const double spread : metric(result, "test_log_likelihood_spread")) CHECK(spread < 1e-6);
}

TEST_CASE("programming errors cost quality and differ from array to array") {
  const results::Result result =
      result_of({"array.device.programming={kind = 'gaussian', std = 0.03}"});
  CHECK(metric(result, "test_log_likelihood")[0] <
        quality(result, "trained_test_log_likelihood") - 0.01);
  CHECK(metric(result, "test_log_likelihood_spread")[0] > 1e-4);
  CHECK(metric(result, "test_log_likelihood")[2] ==
        metric(result, "test_log_likelihood")[0]);  // and stay what they are
}

TEST_CASE(
    "a drift that is equal in all cells of a pair is a temperature, and a fitted one undoes it") {
  // g falls by the same factor in every cell, so weights of pairs do too; the digital biases are
  // then too strong, which one common factor cannot undo, so the model is trained without any.
  const results::Result result =
      result_of({"array.mapping=pair", "training.bias_rate=0",
                 "array.device.drift={kind = 'power_law', nu = 0.05, nu_dtod = 0, t0 = 1}"});
  const double lapse = std::pow(86400.0, -0.05);
  CHECK(metric(result, "weight_max")[2] ==
        Approx(lapse * quality(result, "trained_weight_max")).epsilon(1e-3));
  CHECK(metric(result, "inv_temp")[2] ==
        Approx(metric(result, "inv_temp")[0] / lapse).epsilon(3e-3));
  CHECK(metric(result, "test_log_likelihood_fitted")[2] ==
        Approx(metric(result, "test_log_likelihood_fitted")[0]).margin(1e-4));
  CHECK(metric(result, "test_log_likelihood")[2] < metric(result, "test_log_likelihood")[0]);
}

TEST_CASE("the bill of a deployment is its programming, beside the training that came before") {
  const results::Result result = result_of({});
  REQUIRE(result.systems.size() == 4);
  CHECK(result.systems[0].title == "programming analog arrays, no training");
  double pulses = 0;
  for (const cost::Entry& entry : result.systems[0].tally) {
    CHECK(entry.stage == "deploy: program");
    if (entry.action == cost::Action::array_pulse) pulses += entry.count;
  }
  CHECK(pulses == 9 * 8 * 8.5);
  CHECK(result.systems[1].examples == 500 * 16);
}

TEST_CASE("ages are stored as the axis of the metrics") {
  const TempFolder folder;
  results::Progress silent;
  lab::RunOptions options;
  options.folder = folder.path();
  const lab::Outcome outcome = lab::run(deploy({"training.epochs=1"}), options, silent);
  CHECK(outcome.stored.result.axis.name == "age");
  CHECK(outcome.stored.result.axis.unit == "s");
  CHECK(metric(outcome.stored.result, "inv_temp").size() == 3);
}

TEST_CASE("ages out of order are refused") {
  CHECK_THROWS_WITH(deploy({"ages=[2, 1]"}),
                    "--set and deploy.toml:1: ages: expected ascending order");
  CHECK_THROWS_WITH(deploy({"ages=[]"}),
                    "--set and deploy.toml:1: ages is empty: expected times since programming");
}

TEST_CASE("a mean over arrays carries the standard error of its arrays") {
  const std::string error = "array.device.programming={kind = 'gaussian', std = 0.03}";
  const results::Result one = result_of({error, "instances=1"}),
                        two = result_of({error, "instances=2"});
  const double first = metric(one, "test_log_likelihood")[0],
               mean = metric(two, "test_log_likelihood")[0];
  const double second = 2 * mean - first;
  REQUIRE(std::abs(first - second) > 1e-4);
  // of two values: their standard deviation is |a - b|/sqrt(2), over sqrt(2) for the mean
  CHECK(metric(two, "test_log_likelihood_spread")[0] == Approx(std::abs(first - second) / 2));
  CHECK_THROWS_WITH(metric(one, "test_log_likelihood_spread"),
                    "no metric called test_log_likelihood_spread");
}
