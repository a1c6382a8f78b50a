#include "ohmlab/lab/results/history.hpp"

#include <algorithm>
#include <cmath>
#include <tuple>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/results/to_quality.hpp"
#include "ohmlab/lab/run.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

lab::Plan planned(const std::string& config, const std::vector<std::string>& sets = {}) {
  return lab::plan(core::parse_config(config, "t.toml", {}, sets));
}

results::Result result_of(const std::string& config, const std::vector<std::string>& sets = {}) {
  results::Progress silent;
  return planned(config, sets).experiment->visit([&](const auto& experiment) {
    return experiment.run(lab::examples_of(experiment), silent);
  });
}

const std::string rbm =
    "kind = 'train'\ndata = {kind = 'bars_and_stripes', size = 3}\nmodel = {kind = 'rbm', hidden = "
    "5}\n"
    "rule = {kind = 'pcd', chains = 7}\ntraining = {epochs = 4, batch = 4, rate = 0.2}\n";
const std::string analog = rbm +
                           "array = {kind = 'analog', weight_scale = 3, device = {g_min = 1e-6, "
                           "g_max = 1e-5, v_read = 0.2, t_read = 1e-7, v_write = 1.0, t_pulse = "
                           "1e-8, pulse = {kind = 'soft_bounds', write_noise_std = 2.0}}}\n";
const std::string decoder =
    "kind = 'train_decoder'\nmodel = {layers = 1, width = 8, heads = 2}\n"
    "data = {kind = 'pixels', images = {kind = 'bars_and_stripes', size = 3}, validation = 5}\n"
    "training = {updates = 4, batch = 4, every = 1}\n";

/// In the order of a tally, of what was done at all.
auto done(std::vector<cost::Entry> entries) {
  std::erase_if(entries, [](const cost::Entry& e) {
    return e.count == 0 && e.serial == 0 && e.joules == 0 && e.seconds == 0;
  });
  std::vector<std::tuple<std::string, std::string, std::string, double, bool, double, double,
                         double, double>>
      out;
  for (const cost::Entry& e : entries) {
    out.emplace_back(e.stage, e.component, cost::name(e.action), e.parameter, e.overlapped, e.count,
                     e.serial, e.joules, e.seconds);
  }
  return out;
}

double sum(const std::vector<cost::Entry>& entries, double cost::Entry::* amount) {
  double out = 0;
  for (const cost::Entry& e : entries) out += e.*amount;
  return out;
}

/// Every evaluation of a run of 4 steps holds what a run that ends there has done in all.
void check_each_evaluation(const std::string& config, const std::string& steps,
                           const std::vector<std::string>& sets = {}) {
  const results::Result whole = result_of(config, sets);
  REQUIRE(whole.axis.values == std::vector<double>{0, 1, 2, 3, 4});
  REQUIRE(whole.history.done.size() == 5);
  CHECK(whole.history.system == whole.systems[0].name);
  CHECK(done(whole.history.done[4]) == done(whole.systems[0].tally));
  for (std::size_t k = 1; k < 4; ++k) {
    CAPTURE(k);
    std::vector<std::string> shorter = sets;
    shorter.push_back(steps + "=" + std::to_string(k));
    const results::Result part = result_of(config, shorter);
    CHECK(done(whole.history.done[k]) == done(part.systems[0].tally));
    CHECK(sum(whole.history.done[k], &cost::Entry::count) <
          sum(whole.history.done[k + 1], &cost::Entry::count));
    CHECK(whole.history.done[k].size() == whole.systems[0].tally.size());
  }
}

}  // namespace

TEST_CASE("an evaluation holds what a run that ends there has done in all") {
  check_each_evaluation(rbm, "training.epochs");
  check_each_evaluation(analog, "training.epochs");
  check_each_evaluation(analog, "training.epochs",
                        {"neuron=comparator", "training.statistics=samples"});
  check_each_evaluation(decoder, "training.updates");
}

TEST_CASE("before the first step an array has been programmed and a transformer has done nothing") {
  const results::Result array = result_of(analog), transformer = result_of(decoder);
  CHECK(sum(array.history.done[0], &cost::Entry::count) > 0);
  for (const auto& [stage, component, action, parameter, overlapped, count, serial, joules,
                    seconds] : done(array.history.done[0])) {
    CHECK(stage.substr(0, 5) == "start");
  }
  CHECK(done(transformer.history.done[0]).empty());
}

TEST_CASE("joules of the cells and their time grow from evaluation to evaluation") {
  const results::Result result = result_of(analog);
  for (std::size_t k = 1; k < result.history.done.size(); ++k) {
    for (const auto amount : {&cost::Entry::joules, &cost::Entry::seconds}) {
      CHECK(sum(result.history.done[k], amount) > sum(result.history.done[k - 1], amount));
    }
  }
}

TEST_CASE("a history lasts in the file of its result") {
  const TempFolder folder;
  results::Progress silent;
  const std::vector<std::string> sparse{"training.epochs=5", "evaluation.every=2"};
  const lab::Outcome outcome = lab::run(planned(analog, sparse), {.out = folder / "r.h5"}, silent);
  const results::Result fresh = result_of(analog, sparse),
                        lean = results::read_training(outcome.file).result;
  REQUIRE(fresh.axis.values == std::vector<double>{0, 2, 4, 5});
  for (const results::Result* back : {&outcome.stored.result, &lean}) {
    CHECK(back->axis.values == fresh.axis.values);
    CHECK(back->history.system == "simulated");
    REQUIRE(back->history.done.size() == 4);
    for (std::size_t i = 0; i < 4; ++i)
      CHECK(done(back->history.done[i]) == done(fresh.history.done[i]));
    REQUIRE(back->metrics.size() == fresh.metrics.size());
  }
  CHECK(lean.parameters.empty());
}

TEST_CASE(
    "the test figures of a transformer stand at every look, the last of them those of the end") {
  const results::Result result = result_of(decoder);
  const auto series =
      std::find_if(result.metrics.begin(), result.metrics.end(),
                   [](const results::Series& s) { return s.name == "test_log_likelihood"; });
  REQUIRE(series != result.metrics.end());
  REQUIRE(series->values.size() == 5);
  CHECK(result.quality[0].name == "test_log_likelihood");
  CHECK(series->values.back() == result.quality[0].value);
  // It knows nothing yet, not even that the token to begin with is no pixel.
  CHECK(series->values[0] == Approx(-9 * std::log(3.0)).epsilon(0.05));
  // What it says of itself after k updates is what a run of k updates ends with, if the rate does
  // not decay.
  const std::vector<std::string> constant{"optimizer.warm_up=0", "optimizer.last=1"};
  const results::Result whole = result_of(decoder, constant);
  for (int k = 1; k < 4; ++k) {
    std::vector<std::string> shorter = constant;
    shorter.push_back("training.updates=" + std::to_string(k));
    const auto at = static_cast<std::size_t>(series - result.metrics.begin());
    CHECK(whole.metrics[at].values[static_cast<std::size_t>(k)] ==
          result_of(decoder, shorter).quality[0].value);
  }
}

TEST_CASE("an experiment that does not train has no history, and says so") {
  const TempFolder folder;
  results::Progress silent;
  const auto plan = planned(
      "kind = 'deploy'\ndata = {kind = 'bars_and_stripes', size = 2}\nmodel = {kind = 'rbm', "
      "hidden = 2}\n"
      "array = 'analog'\ntraining = {epochs = 1, batch = 4}\nages = [1.0, 10.0]\ninstances = 1\n");
  const lab::Outcome outcome = lab::run(plan, {.out = folder / "d.h5"}, silent);
  const results::Result result = results::read_training(outcome.file).result;
  CHECK(result.history.done.empty());
  CHECK_THAT(message_of<core::UserError>([&] {
    static_cast<void>(results::approach(result, {"test_log_likelihood", -1, {}}));
  }),
             ContainsSubstring("what had been done at each age is not stored"));
}
