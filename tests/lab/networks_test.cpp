// Every model as an experiment: from its config, on ideal and on simulated arrays, with its twin
// and its bill.
#include <algorithm>
#include <cmath>
#include <concepts>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/experiments/baselines.hpp"
#include "ohmlab/lab/experiments/deploy.hpp"
#include "ohmlab/lab/experiments/train.hpp"
#include "ohmlab/lab/run.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;

namespace {

constexpr const char* boltzmann =
    "data = {kind = 'bars_and_stripes', size = 3}\nrule = {kind = 'pcd', steps = 3, data_steps = "
    "3}\n"
    "training = {epochs = 4, batch = 5, rate = 0.2, bias_rate = 0.1}\nevaluation = {every = 2}\n";
constexpr const char* settling =
    "neuron = 'clipped'\ndynamics = 'relaxation'\nrule = {kind = 'ep', free_steps = 8, "
    "nudged_steps = 4}\n"
    "training = {epochs = 4, batch = 5, rate = 0.1, bias_rate = 0.1}\nevaluation = {every = 2}\n";
constexpr const char* circuit =
    "model = {kind = 'resistive', hidden = [8], input_gain = 10, gain = 4}\nneuron = "
    "'diodes'\ndynamics = "
    "'relaxation'\nrule = {kind = 'ep_drops', nudge = 0.3}\n"
    "training = {epochs = 4, batch = 5, rate = 0.02, bias_rate = 0.02}\nevaluation = {every = 2}\n";
constexpr const char* predicting =
    "model = {kind = 'predictive', hidden = [6, 5]}\nneuron = 'function'\ndynamics = "
    "'predictive'\nrule = 'prediction_error'\n"
    "training = {epochs = 4, batch = 5, rate = 0.1, bias_rate = 0.1}\nevaluation = {every = 2}\n";
constexpr const char* given =
    "model = {kind = 'conditional_rbm', hidden = 5}\nrule = {kind = 'cd', steps = 2}\n"
    "training = {epochs = 4, batch = 5, rate = 0.2, bias_rate = 0.1}\nevaluation = {every = 2}\n";
constexpr const char* gray =
    "model = {kind = 'rbm', hidden = 5, units = {kind = 'gaussian', sigma = 0.3}}\nrule = {kind = "
    "'pcd', steps = 2}\n"
    "training = {epochs = 4, batch = 5, rate = 0.2, bias_rate = 0.1}\nevaluation = {every = 2}\n";
const std::string analog =
    "array={kind='analog', weight_scale=4, device={g_min=1e-6, g_max=9e-6, v_read=0.2, "
    "t_read=1e-7, v_write=2.0, t_pulse=1e-8, pulse={kind='ideal', dw_min=0.001}}}";

struct Case {
  const char *name, *text;
  std::vector<std::string> sets;
};

std::vector<Case> cases() {
  return {{"rbm", boltzmann, {"model={kind='rbm', hidden=5}"}},
          {"dbm", boltzmann, {"model={kind='dbm', hidden=[4, 3], weight_std=0.2}"}},
          {"dbm of samples",
           boltzmann,
           {"model={kind='dbm', hidden=[4, 3, 2]}", "training.statistics=samples",
            "neuron=comparator"}},
          {"dbm, differenced",
           boltzmann,
           {"model={kind='dbm', hidden=[4, 3]}", "training.update=differenced",
            "training.momentum=0.5"}},
          {"graph", boltzmann, {"model={kind='graph', lattice='king', height=3, width=3}"}},
          {"hopfield", settling, {"model={kind='hopfield_layers', hidden=[6, 5], gain=0.5}"}},
          {"hopfield by signs that turn",
           settling,
           {"model={kind='hopfield_layers', hidden=[6], gain=0.5}", "rule={side='random'}"}},
          {"hopfield by contrastive Hebb",
           settling,
           {"model={kind='hopfield_layers', hidden=[6], gain=0.5}", "rule='chl'"}},
          {"circuit", circuit, {}},
          {"circuit, differenced", circuit, {"training.update=differenced"}},
          {"circuit by coupled learning", circuit, {"rule='coupled'"}},
          {"predictive", predicting, {}},
          {"predictive, differenced",
           predicting,
           {"training.update=differenced", "training.momentum=0.5"}},
          {"predictive, incremental", predicting, {"rule.incremental=true"}},
          {"conditional", given, {}},
          {"conditional, exact gradient", given, {"rule='discriminative'"}},
          {"conditional, exact gradient, differenced",
           given,
           {"rule='discriminative'", "training.update=differenced"}},
          {"gaussian", gray, {}},
          {"gaussian, centred and differenced",
           gray,
           {"rule={kind='centred', sliding=0.1}", "training.update=differenced"}},
          {"gaussian by Langevin dynamics", gray, {"dynamics={kind='langevin', step=0.2}"}}};
}

/// True if the case learns classes, of which bars and stripes have none.
bool has_classes(const Case& c) { return c.text != boltzmann; }

/// Digits of three classes that a few pixels tell apart, since bars and stripes have no labels.
io::Dataset labelled() {
  io::Dataset out;
  out.train.setZero(24, 9);
  for (core::Index row = 0; row < out.train.rows(); ++row) {
    const core::Index label = row % 3;
    out.train.row(row).segment(3 * label, 3).setConstant(0.9F);
    out.train(row, (row * 5) % 9) += 0.1F;
    out.train_labels.push_back(static_cast<std::uint8_t>(label));
  }
  out.test = out.train;
  out.test_labels = out.train_labels;
  out.binary = false;
  out.digest = "labelled";
  return out;
}

template <class Kind>
Kind config_of(const Case& c, const std::string& kind, const std::vector<std::string>& more = {}) {
  std::vector<std::string> sets = c.sets;
  if (std::same_as<Kind, experiments::Deploy>)
    sets.emplace_back("evaluation.every=1");  // scored at its ages
  sets.insert(sets.end(), more.begin(), more.end());
  const std::string data = has_classes(c) ? "data = {kind = 'bars_and_stripes', size = 3}\n" : "";
  return std::get<Kind>(
      lab::plan(core::parse_config("kind = '" + kind + "'\n" + data + c.text, "net.toml", {}, sets))
          .experiment->choice);
}

io::Dataset data_of(const Case& c, const experiments::Learning& config) {
  return has_classes(c) ? labelled() : config.data.load();
}

results::Result trained(const Case& c, const std::vector<std::string>& more = {}) {
  results::Progress silent;
  const auto train = config_of<experiments::Train>(c, "train", more);
  return train.run(data_of(c, train), silent);
}

double quality(const results::Result& result, const std::string& name) {
  for (const results::Quantity& q : result.quality) {
    if (q.name == name) return q.value;
  }
  throw std::runtime_error("no quality called " + name);
}

std::string refused(const Case& c, const std::vector<std::string>& more) {
  try {
    static_cast<void>(trained(c, more));
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "accepted";
}

}  // namespace

TEST_CASE("the twin of every model posts entry by entry what its training on ideal arrays posts") {
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    const auto train = config_of<experiments::Train>(c, "train");
    const io::Dataset data = data_of(c, train);
    results::Progress silent;
    const results::Result result = train.run(data, silent);
    const results::System& ran = result.systems[0];
    const ebm::NetworkPlan plan = train.model.visit([&](const auto& model) {
      return model.plan(data.train.cols(), data.train_labels.empty() ? 0 : 3);
    });
    const results::System twin = experiments::digital_twin(
        {plan, data.train.rows(), train.training.epochs, data.binary ? 1.0 : 8.0}, train);
    CHECK(ran.name == std::string(train.model.kind()) + "_digital");
    REQUIRE(twin.tally.size() == ran.tally.size());
    for (std::size_t i = 0; i < twin.tally.size(); ++i) {
      CAPTURE(ran.tally[i].stage, ran.tally[i].component, cost::name(ran.tally[i].action));
      CHECK(twin.tally[i].count == ran.tally[i].count);
      CHECK(twin.tally[i].serial == ran.tally[i].serial);
    }
    CHECK(ran.parameters == ebm::parameters_of(plan));
  }
}

TEST_CASE("every model learns on simulated cells, and has a bill") {
  std::vector<Case> all = cases();
  all.push_back({"circuit of joined arrays", circuit, {"dynamics={kind='circuit', reads=2}"}});
  for (const Case& c : all) {
    if (c.name == std::string("graph")) continue;  // refused there; see below
    CAPTURE(c.name);
    const results::Result result = trained(c, {analog});
    CHECK(result.systems[0].name == "simulated");
    CHECK(result.systems[0].unpriced.empty());
    CHECK(quality(result, "pulses_per_cell") > 8.5);
    double joules = 0;
    for (const cost::Entry& entry : result.systems[0].tally) joules += entry.joules;
    CHECK(joules > 0);
    bool moved = false;
    const results::Result other = trained(c, {analog, "training.rate=0.4"});
    for (std::size_t p = 0; p < result.parameters.size(); ++p)
      moved = moved || result.parameters[p].values != other.parameters[p].values;
    CHECK(moved);
  }
}

TEST_CASE("every model gives the same bits on 1, 2 and 4 threads and after interruptions") {
  for (const Case& c : cases()) {
    CAPTURE(c.name);
    const results::Result one = trained(c), two = trained(c);
    for (std::size_t p = 0; p < one.parameters.size(); ++p)
      CHECK(one.parameters[p].values == two.parameters[p].values);
    if (has_classes(c)) continue;  // its labelled data come from no config
    class Stops final : public results::Progress {
     public:
      explicit Stops(int questions) : left_(questions) {}
      [[nodiscard]] bool interrupted() override { return left_-- <= 0; }

     private:
      int left_;
    };
    const TempFolder folder;
    std::vector<std::string> sets = c.sets;
    const lab::Plan plan = lab::plan(
        core::parse_config(std::string("kind = 'train'\n") + c.text, "net.toml", {}, sets));
    int stops = 0;
    for (bool done = false; !done;) {
      Stops progress(2);
      try {
        const lab::Outcome outcome = lab::run(plan, {.out = folder / "x.h5"}, progress);
        for (std::size_t p = 0; p < one.parameters.size(); ++p) {
          for (const results::Parameter& found : outcome.stored.result.parameters) {
            if (found.name == one.parameters[p].name)
              CHECK(found.values == one.parameters[p].values);
          }
        }
        done = true;
      } catch (const results::Interrupted&) {
        REQUIRE(++stops < 100);
      }
    }
    CHECK(stops > 1);
  }
}

TEST_CASE(
    "a training ends at the evaluation at which its metric comes to a value, and its twin with "
    "it") {
  const Case c = cases()[0];
  const std::vector<std::string> longer{"training.epochs=200", "evaluation.every=10"};
  const results::Result whole = trained(c, longer);
  const auto metric =
      std::find_if(whole.metrics.begin(), whole.metrics.end(),
                   [](const results::Series& s) { return s.name == "test_log_likelihood"; });
  REQUIRE(metric->values[5] > metric->values[0]);
  std::vector<std::string> until = longer;
  until.push_back("training.until={metric='test_log_likelihood', value=" +
                  std::to_string(metric->values[5]) + "}");
  const results::Result stopped = trained(c, until);
  const auto first = std::find_if(metric->values.begin(), metric->values.end(), [&](double value) {
    return value >= std::stod(std::to_string(metric->values[5]));
  });
  const auto at = static_cast<std::size_t>(first - metric->values.begin());
  CHECK(stopped.axis.values.back() == static_cast<double>(10 * at));
  CHECK(stopped.axis.values.back() < 200);
  CHECK(quality(stopped, "test_log_likelihood") == metric->values[at]);
  CHECK(stopped.systems[0].examples == static_cast<double>(10 * at) * 16);
  CHECK(refused(c, {"training.until={metric='test_log_likelyhood', value=-3}"})
            .find("no such metric") != std::string::npos);
}

TEST_CASE(
    "a deployed model is scored as its arrays are read: noise and converters take their part") {
  for (const Case& c : cases()) {
    if (c.name != std::string("rbm") && c.name != std::string("hopfield") &&
        c.name != std::string("dbm"))
      continue;
    CAPTURE(c.name);
    const auto seen = [&](const std::vector<std::string>& more) {
      std::vector<std::string> sets{analog,           "instances=1",          "ages=[1]",
                                    "reads=4",        "array.output_noise=0", "array.adc=none",
                                    "array.dac=none", "training.epochs=300"};
      sets.insert(sets.end(), more.begin(), more.end());
      const auto deploy = config_of<experiments::Deploy>(c, "deploy", sets);
      results::Progress silent;
      return deploy.run(data_of(c, deploy), silent);
    };
    const std::string figure =
        has_classes(c) ? "test_error_read" : "test_reconstruction_error_read";
    const results::Result exact = seen({}), noisy = seen({"array.output_noise=1.5"}),
                          cells = seen({"array.device.read_noise={kind='white', std=0.4}"}),
                          coarse = seen({"array.adc={kind='uniform', bits=2, bound=12}"});
    CHECK(quality(exact, figure + "_deviation") ==
          Approx(0).margin(c.name == std::string("dbm") ? 1 : 1e-12));
    for (const results::Result* other : {&noisy, &cells, &coarse})
      CHECK(quality(*other, figure) > quality(exact, figure));
    CHECK(quality(noisy, figure + "_deviation") > 0);
    if (c.name == std::string("rbm")) {
      CHECK(quality(exact, "test_pseudo_log_likelihood_read") ==
            Approx(quality(exact, "test_pseudo_log_likelihood")).epsilon(1e-4));
      CHECK(quality(noisy, "test_pseudo_log_likelihood_read") <
            quality(exact, "test_pseudo_log_likelihood_read"));
      CHECK(quality(exact, "test_reconstruction_error_read") ==
            Approx(quality(exact, "test_reconstruction_error")).epsilon(1e-4));
    }
  }
}

TEST_CASE("a model that cannot learn what is asked says why") {
  const std::vector<Case> all = cases();
  CHECK(
      refused(all[4], {analog}) ==
      R"(array = "analog": has a cell at every crossing, and this model couples neighbours only: expected array = "ideal")");
  CHECK(
      refused(all[4], {"model.width=4"}) ==
      R"(model = "graph": model.height x model.width is 3 x 4 = 12: expected the 9 units of an example)");
  CHECK(
      refused(all[0], {"model={kind='hopfield_layers'}", "neuron=clipped", "dynamics=relaxation",
                       "rule=ep"}) ==
      R"(model = "hopfield_layers": a layered Hopfield network learns classes: these data have no labels)");
  CHECK_THAT(refused(all[0], {"neuron=clipped"}),
             ContainsSubstring(R"(neuron "clipped" does not go with a Boltzmann machine: expected )"
                               R"("adc" or "comparator")"));
  CHECK_THAT(refused(all[0], {"rule=ep"}),
             ContainsSubstring(
                 R"(rule "ep" does not go with a Boltzmann machine: expected "cd" or "pcd")"));
  const Case given_context{"conditional", given, {}}, resistors{"circuit", circuit, {}};
  CHECK_THAT(refused(given_context, {"rule=pcd"}),
             ContainsSubstring(R"(persistent chains have no law: expected "cd")"));
  const Case grays{"gaussian", gray, {}};
  CHECK_THAT(refused(grays, {"neuron=comparator", "training.statistics=samples"}),
             ContainsSubstring("a comparator decides for 0 or 1"));
  CHECK_THAT(refused(grays, {"rule=tempered_pcd"}),
             ContainsSubstring("another standard deviation at each inverse temperature"));
  CHECK_THAT(refused(grays, {"rule=discriminative"}), ContainsSubstring("no exact law of a label"));
  CHECK_THAT(refused(grays, {"model.units=softmax"}), ContainsSubstring("0 and 1"));
  CHECK_THAT(refused(all[0], {"dynamics=langevin"}), ContainsSubstring("no Gaussian units"));
  CHECK_THAT(refused(all[0], {"model.units=gaussian"}), ContainsSubstring("gray"));
  CHECK_THAT(refused(all[0], {"model.units={kind='softmax', groups=3}"}),
             ContainsSubstring("exactly one unit on"));
  CHECK_THAT(refused(resistors, {analog, "array.mapping=pair"}),
             ContainsSubstring("a circuit's node sees single cells"));
  CHECK_THAT(refused(resistors, {analog, "array.path=tiki_taka"}),
             ContainsSubstring("a circuit's node sees single cells"));
  CHECK_THAT(refused(resistors, {"dynamics=circuit"}),
             ContainsSubstring("joins the lines of cells"));
  CHECK_THAT(refused(resistors, {analog, "array.sensing=voltage"}),
             ContainsSubstring("computed one after the other"));
  CHECK(refused(all[1], {"model.hidden=[]"}).find("hidden is empty") != std::string::npos);
  const std::string until = "training.until={metric='test_log_likelihood', value=-3}";
  CHECK(refused(all[0], {until, "evaluation.every=0"}).find("expected evaluation.every above 0") !=
        std::string::npos);
  for (const std::string& idle :
       {until, std::string("evaluation.every=2"), std::string("evaluation.ais.temperatures=9")}) {
    CHECK_THROWS_WITH(config_of<experiments::Deploy>(all[0], "deploy", {idle}),
                      ContainsSubstring("a deployment is scored at its ages alone"));
  }
}
