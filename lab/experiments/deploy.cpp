#include "deploy.hpp"

#include <algorithm>
#include <cmath>
#include <iterator>

#include <fmt/format.h>

#include "../../crossbar/ideal_array.hpp"
#include "baselines.hpp"
#include "epochs.hpp"
#include "task.hpp"

namespace ohmlab::experiments {
namespace {

/// Copies of a trained network in arrays of their own, written once and aged together.
struct Instances {
  std::vector<std::unique_ptr<cost::Tally>> tallies;
  std::vector<ebm::Network> networks;
};

/// Quality of one instance: by the weights in its cells without read noise, the same at its best
/// inverse temperature, and as read.
std::vector<results::Quantity> evaluate_aged(ebm::Network& network, const Deploy& config,
                                             const ebm::Task& task) {
  std::vector<results::Quantity> out;
  const ebm::Parameters held = network.parameters();
  config.model.visit([&](const auto& model) {
    append(model.figures(held, task, config.evaluation), out);
    append(model.fitted(held, task), out);
    append(model.as_read(network, task, {config.evaluation, config.dynamics, config.reads}), out);
  });
  return out;
}

/// Adds one age to the series: means over instances, and the standard errors of the likelihoods.
void record(const std::vector<std::vector<results::Quantity>>& instances, results::Result& result) {
  const auto n = static_cast<double>(instances.size());
  std::size_t column = 0;
  const auto put = [&](const std::string& name, double value, const std::string& unit,
                       const std::string& meaning) {
    if (column == result.metrics.size()) result.metrics.push_back({name, {}, unit, meaning});
    result.metrics[column++].values.push_back(value);
  };
  for (std::size_t q = 0; q < instances[0].size(); ++q) {
    const results::Quantity& about = instances[0][q];
    double mean = 0, squares = 0;
    for (const auto& instance : instances) mean += instance[q].value / n;
    for (const auto& instance : instances) squares += std::pow(instance[q].value - mean, 2);
    put(about.name, mean, about.unit, about.meaning + ", mean over arrays");
    if (n > 1 && about.name.find("log_likelihood") != std::string::npos &&
        !about.name.ends_with("_se") && !about.name.ends_with("_deviation")) {
      put(about.name + "_spread", std::sqrt(squares / (n - 1) / n), about.unit,
          "standard error of " + about.name + " over arrays");
    }
  }
}

/// Programs the trained weights into arrays.
Instances program(const Deploy& config, const ebm::Parameters& trained) {
  Instances out;
  const std::size_t couplings = trained.weights.size();
  for (std::int64_t instance = 0; instance < config.instances; ++instance) {
    out.tallies.push_back(std::make_unique<cost::Tally>());
    const auto make = [&](core::Index rows, core::Index cols,
                          const crossbar::ArrayContext& context) {
      crossbar::ArrayContext own = context;
      own.layer += static_cast<std::uint32_t>(static_cast<std::size_t>(instance) * couplings + 1);
      return config.arrays()(rows, cols, own);
    };
    out.networks.emplace_back(trained.plan, config.neuron, static_cast<std::uint64_t>(config.seed),
                              *out.tallies.back(), make);
    ebm::Network& network = out.networks.back();
    const cost::Tally::Stage stage(*out.tallies.back(), "deploy: program");
    network.program(trained);
  }
  return out;
}

/// Scores all instances at every age.
void age(const Deploy& config, const ebm::Task& task, Instances& instances,
         results::Progress& progress, results::Result& result) {
  progress.begin("ageing", static_cast<std::int64_t>(config.ages.size()));
  double age = 0;
  for (const double next : config.ages) {
    std::vector<std::vector<results::Quantity>> seen;
    for (ebm::Network& network : instances.networks) {
      for (std::size_t c = 0; c < network.plan().couplings.size(); ++c)
        network.weights(c).wait(next - age);
      seen.push_back(evaluate_aged(network, config, task));
    }
    age = next;
    result.axis.values.push_back(age);
    record(seen, result);
    progress.advance(static_cast<std::int64_t>(result.axis.values.size()), "");
  }
  progress.end();
}

/// Adds the quality of the trained model, and of the arrays at the last age.
void summarise(const Deploy& config, const ebm::Task& task, const ebm::Parameters& trained,
               const Instances& instances, results::Result& result) {
  config.model.visit([&](const auto& model) {
    std::vector<results::Quantity> before;
    append(model.figures(trained, task, config.evaluation), before);
    append(
        model.annealed(trained, task, config.evaluation, static_cast<std::uint64_t>(config.seed)),
        before);
    for (const results::Quantity& q : before)
      result.quality.push_back(
          {"trained_" + q.name, q.value, q.unit, q.meaning + ", before programming"});
    for (const results::Series& series : result.metrics) {
      result.quality.push_back(
          {series.name, series.values.back(), series.unit, series.meaning + ", at the last age"});
    }
    for (const crossbar::Figure& figure : figures_of(instances.networks[0]))
      result.quality.push_back(
          {figure.name, figure.value, figure.unit, figure.meaning + ", first array"});
    append(model.references(task), result.quality);
  });
}

}  // namespace

std::string Deploy::problem() const {
  if (std::string problem = crossbar::phases_problem(array); !problem.empty()) return problem;
  if (ages.empty()) return "ages is empty: expected times since programming";
  if (!std::is_sorted(ages.begin(), ages.end())) return "ages: expected ascending order";
  const ebm::Annealing &ais = evaluation.ais, none;
  if (training.until || evaluation.every != ebm::Evaluation{}.every || ais.temperatures > 0 ||
      ais.chains != none.chains || ais.examples != none.examples) {
    return "a deployment is scored at its ages alone, without annealing: expected no "
           "training.until, evaluation.every or evaluation.ais";
  }
  return Learning::problem();
}

/// Trains in float32.
ebm::Parameters Deploy::train(const ebm::Task& task, results::Progress& progress,
                              results::Checkpoint& checkpoint) const {
  cost::Tally tally;
  const auto key = static_cast<std::uint64_t>(seed);
  ebm::Network network(
      plan_for(task), neuron, key, tally,
      [](core::Index rows, core::Index cols, const crossbar::ArrayContext& context) {
    return std::make_unique<crossbar::IdealArray>(rows, cols, context);
  });
  network.initialise(ebm::frequencies(task.train));
  ebm::Trainer trainer(network, rule.recipe(), dynamics, training);
  progress.begin("training", training.epochs);
  Position at;
  const Course course = course_of(training, seed);
  const results::Checkpoint::State state = [&](core::Archive& archive) {
    at.state(archive);
    require_position(at, course, task.train.rows());
    trainer.state(archive);
  };
  if (checkpoint.resume(state)) progress.resume(at.epoch);
  run_epochs(course, task, at, {.learn = [&](const ebm::Examples& batch, double factor) {
    trainer.step(batch, factor);
  }, .after_epoch = [&](std::int64_t done) {
    progress.advance(done, "");
    return false;
  }, .after_batch = [&] { checkpoint.reached(state); }});
  progress.end();
  return network.parameters();
}

results::Result Deploy::run(const io::Dataset& examples, results::Progress& progress,
                            results::Checkpoint checkpoint) const {
  results::Result result;
  result.axis = {"age", {}, "s", "time since programming"};
  const ebm::Task task = task_of(examples);
  const ebm::Parameters trained = train(task, progress, checkpoint);
  Instances arrays = program(*this, trained);
  // Taken before scoring, whose reads are not billed.
  const std::vector<cost::Entry> programming = arrays.tallies[0]->entries();
  age(*this, task, arrays, progress, result);
  summarise(*this, task, trained, arrays, result);
  result.parameters = stored_parameters(trained);
  std::ranges::move(stored_cells(arrays.networks[0]), std::back_inserter(result.parameters));

  result.systems = digital_baselines(
      {trained.plan, examples.train.rows(), training.epochs, task.input_bits()}, *this);
  results::System programmed = result.systems[0];
  programmed.name = "simulated";
  programmed.algorithm.clear();
  programmed.title = fmt::format("programming {} arrays, no training", array.kind());
  programmed.unpriced = arrays.networks[0].weights().unpriced();
  programmed.machine = arrays.networks[0].edge().machine();
  programmed.examples = programmed.tokens = 0;
  programmed.tally = programming;
  programmed.holdings = arrays.tallies[0]->holdings();
  result.systems.insert(result.systems.begin(), std::move(programmed));
  return result;
}

}  // namespace ohmlab::experiments
