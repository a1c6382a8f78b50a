#include "ohmlab/lab/experiments/train.hpp"

#include "ohmlab/core/parallel.hpp"
#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/results/priced.hpp"
#include "ohmlab/lab/run.hpp"

#include "tests/catch.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

double quality(const results::Result& result, const std::string& name) {
  for (const results::Quantity& q : result.quality) {
    if (q.name == name) return q.value;
  }
  throw std::runtime_error("no quality called " + name);
}

lab::Plan bars(const std::vector<std::string>& sets = {}) {
  const std::string text =
      "kind = 'train'\ndata = {kind = 'bars_and_stripes', size = 3}\nmodel = {kind = 'rbm', hidden "
      "= 8}\n"
      "rule = {kind = 'pcd', steps = 5, chains = 100}\n"
      "training = {epochs = 4000, batch = 16, rate = 0.2, bias_rate = 0.2, schedule = {kind = "
      "'linear'}}\n"
      "evaluation = {every = 0}";
  return lab::plan(core::parse_config(text, "bars.toml", {}, sets));
}

}  // namespace

TEST_CASE("an RBM learns bars and stripes to within 0.5 nats of the best possible") {
  results::Progress silent;
  const auto plan = bars();
  const auto& train = std::get<experiments::Train>(plan.experiment->choice);
  const results::Result result = train.run(train.data.load(), silent);
  const double best =
      -(4 * std::log(2.0)) + std::pow(2.0, -2) * std::log(2.0);  // see io/data_bars_and_stripes.hpp
  CHECK(quality(result, "test_log_likelihood") < best);
  CHECK(quality(result, "test_log_likelihood") > best - 0.5);
  CHECK(quality(result, "independent_units") == Approx(-9 * std::log(2.0)));
}

TEST_CASE("annealing finds the likelihood that enumeration finds, and says when it does not") {
  results::Progress silent;
  const auto found = [&](const std::string& temperatures) {
    const auto plan =
        bars({"evaluation.ais.temperatures=" + temperatures, "evaluation.ais.chains=300"});
    const auto& train = std::get<experiments::Train>(plan.experiment->choice);
    return train.run(train.data.load(), silent);
  };
  const results::Result fine = found("3000");
  CHECK(quality(fine, "ais_converged") == 1);
  CHECK(quality(fine, "ais_log_z") == Approx(quality(fine, "log_z")).margin(0.05));
  CHECK(quality(fine, "ais_conservative") < quality(fine, "ais_few_log_likelihood") + 0.1);
  CHECK(quality(fine, "ais_test_log_likelihood_se") > 0);
  const results::Result coarse = found("2");
  CHECK(quality(coarse, "ais_converged") == 0);
  CHECK_THROWS_WITH(quality(coarse, "ais_test_log_likelihood_se"),
                    "no quality called ais_test_log_likelihood_se");
}

TEST_CASE("a run is the same bits on 1, 2 and 4 threads") {
  results::Progress silent;
  const auto plan =
      bars({"training.epochs=5", "model.hidden=70", "data.size=8", "training.batch=64"});
  const auto& train = std::get<experiments::Train>(plan.experiment->choice);
  std::vector<results::Result> results;
  const int before = core::threads();
  for (const int threads : {1, 2, 4}) {
    core::set_threads(threads);
    results.push_back(train.run(train.data.load(), silent));
  }
  core::set_threads(before);
  for (const results::Result& other : results) {
    for (std::size_t i = 0; i < other.parameters.size(); ++i) {
      CHECK(other.parameters[i].values == results[0].parameters[i].values);
    }
    for (std::size_t i = 0; i < other.quality.size(); ++i)
      CHECK(other.quality[i].value == results[0].quality[i].value);
  }
}

TEST_CASE("means from comparators are refused before anything runs") {
  CHECK_THROWS_WITH(
      bars({"neuron=comparator"}),
      "--set and bars.toml:1: training.statistics = \"means\" needs neurons that give means; "
      "\"comparator\" gives drawn states only (use \"samples\", or neuron = \"adc\")");
}

TEST_CASE("a result is stored whole, read back equal, and not computed twice") {
  const TempFolder folder;
  results::Progress silent;
  const auto plan = bars({"training.epochs=3", "evaluation.every=1"});
  lab::RunOptions options;
  options.folder = folder.path();
  options.stem = "bars";
  const lab::Outcome first = lab::run(plan, options, silent);
  CHECK(first.ran);
  CHECK(first.file == folder.path() / ("bars-" + first.stored.identity.id + ".h5"));
  CHECK(first.stored.identity.config == plan.config);
  CHECK(first.stored.result.axis.values == std::vector<double>{0, 1, 2, 3});
  CHECK(first.stored.result.metrics.size() ==
        first.stored.result.quality.size() - 1);  // independent_units is no metric
  CHECK(first.stored.result.systems.size() == 3);
  CHECK_FALSE(lab::run(plan, options, silent).ran);
  options.force = true;
  CHECK(lab::run(plan, options, silent).ran);
}

TEST_CASE("the id follows what decides the result and nothing else") {
  const TempFolder folder;
  results::Progress silent;
  const auto id = [&](const std::vector<std::string>& sets, std::int64_t threads = 0) {
    lab::RunOptions options;
    options.folder = folder.path();
    options.threads = threads;
    return lab::run(bars(sets), options, silent).stored.identity.id;
  };
  const std::string plain = id({"training.epochs=1"});
  CHECK(plain.size() == 16);
  CHECK(id({"training.epochs=1", "seed=1"}) == plain);  // the default, spelled out
  CHECK(id({"training.epochs=1"}, 1) == plain);
  CHECK(id({"training.epochs=1", "training.rate=\"20 %\""}) == plain);
  CHECK(id({"training.epochs=1", "seed=2"}) != plain);
  CHECK(id({"training.epochs=1", "data.size=2"}) != plain);
}

TEST_CASE(
    "comparators on an array store how far their chain is from the machine that was learned") {
  results::Progress silent;
  const auto chain_kl = [&](const std::vector<std::string>& sets) {
    std::vector<std::string> all{"data.size=2",         "model.hidden=4",
                                 "neuron=comparator",   "training.statistics=samples",
                                 "training.epochs=300", "training.batch=8"};
    all.insert(all.end(), sets.begin(), sets.end());
    const auto plan = bars(all);
    const auto& train = std::get<experiments::Train>(plan.experiment->choice);
    return quality(train.run(train.data.load(), silent), "chain_kl");
  };
  CHECK(std::abs(chain_kl({})) < 1e-12);  // logistic noise on the ideal array
  const std::string analog =
      "array={kind='analog', weight_scale=4, device={pulse={kind='ideal', dw_min=0.001}}}";
  CHECK(std::abs(chain_kl({analog, "array.comparator={noise='logistic', scale=1}"})) < 1e-12);
  const double gaussian = chain_kl({analog});
  CHECK(gaussian > 1e-5);
  CHECK(gaussian < 0.1);
  CHECK(chain_kl({analog, "array.comparator.scale=3"}) > 3 * gaussian);
  CHECK_THROWS_WITH(chain_kl({"model.hidden=7"}), "no quality called chain_kl");  // 11 units
  CHECK_THROWS_WITH(chain_kl({"neuron=adc"}), "no quality called chain_kl");
}

TEST_CASE("a run on hardware is scored as it is and with one fitted inverse temperature") {
  results::Progress silent;
  const auto plan = bars({"training.epochs=200", "array={kind='analog', weight_scale=4}"});
  const auto& train = std::get<experiments::Train>(plan.experiment->choice);
  const results::Result result = train.run(train.data.load(), silent);
  CHECK(quality(result, "inv_temp") > 0.125);
  CHECK(quality(result, "test_log_likelihood_fitted") >=
        quality(result, "test_log_likelihood") - 1e-4);
}

TEST_CASE(
    "cells of copies wear as the array says they do, and a copied run takes less time on the "
    "device") {
  results::Progress silent;
  struct Seen {
    double pulses, figure, seconds, area;
  };
  const auto run = [&](int copies) {
    const auto plan = bars(
        {"training.epochs=3", "array={kind='analog', copies=" + std::to_string(copies) +
                                  ", mapping='pair', device={g_min=1e-6, g_max=9e-6, v_read=0.2, "
                                  "t_read=1e-7, v_write=2.0, t_pulse=1e-8, endurance=1e9}}"});
    const auto& train = std::get<experiments::Train>(plan.experiment->choice);
    const results::Result result = train.run(train.data.load(), silent);
    for (const results::PricedSystem& row :
         results::price(result, cost::default_prices(), {.draws = 0})) {
      if (row.system != "simulated") continue;
      REQUIRE(row.unpriced.empty());
      REQUIRE(row.bill.wear.size() == 1);
      return Seen{row.bill.wear[0].pulses, quality(result, "pulses_per_cell"),
                  row.bill.seconds.nominal, row.bill.area.nominal};
    }
    throw std::runtime_error("no simulated system");
  };
  const Seen one = run(1), four = run(4);
  CHECK(one.pulses == Approx(one.figure));
  CHECK(four.pulses == Approx(four.figure));
  CHECK(four.pulses ==
        Approx(one.pulses).epsilon(0.1));  // another three copies, other coincidences
  CHECK(four.area > 3.5 * one.area);
  CHECK(four.area < 4 * one.area);  // activities are kept once
  CHECK(four.seconds < one.seconds);
  CHECK(four.seconds > one.seconds / 4);
}
