#include "ohmlab/lab/deploy.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ohmlab/crossbar/ideal_array.hpp"
#include "ohmlab/lab/baselines.hpp"
#include "ohmlab/lab/epochs.hpp"

namespace ohmlab::lab {
namespace {

/// Quality of a machine as read from its cells, and again with the one inverse temperature that suits it
/// best.
std::vector<Quantity> evaluate_aged(const ebm::RbmParameters& aged, const io::Dataset& data,
                                    const Evaluation& evaluation) {
  std::vector<Quantity> out = evaluate(aged, data, evaluation);
  for (Quantity& q : evaluate_fitted(aged, data)) out.push_back(std::move(q));
  return out;
}

/// Adds one age to the series: means over instances, and the standard errors of the likelihoods.
void record(const std::vector<std::vector<Quantity>>& instances, Result& result) {
  const auto n = static_cast<double>(instances.size());
  std::size_t column = 0;
  const auto put = [&](const std::string& name, double value, const std::string& unit,
                       const std::string& meaning) {
    if (column == result.metrics.size()) result.metrics.push_back({name, {}, unit, meaning});
    result.metrics[column++].values.push_back(value);
  };
  for (std::size_t q = 0; q < instances[0].size(); ++q) {
    const Quantity& about = instances[0][q];
    double mean = 0, squares = 0;
    for (const auto& instance : instances) mean += instance[q].value / n;
    for (const auto& instance : instances) squares += std::pow(instance[q].value - mean, 2);
    put(about.name, mean, about.unit, about.meaning + ", mean over arrays");
    if (about.name.find("log_likelihood") != std::string::npos && !about.name.ends_with("_se")) {
      put(about.name + "_spread", n > 1 ? std::sqrt(squares / (n - 1) / n) : 0, about.unit,
          "standard error of " + about.name + " over arrays");
    }
  }
}

}  // namespace

std::string Deploy::problem() const {
  if (ages.empty()) return "ages is empty: expected times since programming";
  if (!std::is_sorted(ages.begin(), ages.end())) return "ages: expected ascending order";
  return Learning::problem();
}

Result Deploy::run(const io::Dataset& examples, Progress& progress, Checkpoint checkpoint) const {
  Result result;
  result.axis = {"age", {}, "s", "time since programming"};
  const auto& rbm_model = std::get<ebm::RbmModel>(model.choice);
  const auto key = static_cast<std::uint64_t>(seed);
  const core::VectorD frequency = frequencies(examples.train);
  cost::Tally training_tally;
  crossbar::IdealArray ideal(examples.train.cols(), rbm_model.hidden,
                             {.seed = key, .tally = &training_tally});
  ebm::Rbm machine(ideal, neuron, key);
  machine.initialise(rbm_model.weight_std, frequency);
  ebm::Trainer trainer(machine, rule, training);
  progress.begin("training", training.epochs);
  Position at;
  const Checkpoint::State state = [&](core::Archive& archive) {
    at.state(archive);
    require_position(at, training, examples.train.rows());
    trainer.state(archive);
  };
  if (checkpoint.resume(state)) progress.advance(at.epoch, "resumed");
  run_epochs(trainer, training, examples.train, key, at,
             [&](std::int64_t done) { progress.advance(done, ""); }, [&] { checkpoint.reached(state); });
  progress.end();
  const ebm::RbmParameters trained = machine.parameters();

  // One array for each instance, all of them aged together.
  std::vector<cost::Tally> tallies(static_cast<std::size_t>(instances));
  std::vector<std::unique_ptr<crossbar::Array>> arrays;
  const core::Matrix target = trained.weights.cast<float>();
  for (std::int64_t instance = 0; instance < instances; ++instance) {
    cost::Tally& tally = tallies[static_cast<std::size_t>(instance)];
    arrays.push_back(array.visit([&](const auto& kind) {
      return kind.make(target.rows(), target.cols(),
                       {.seed = key, .layer = static_cast<std::uint32_t>(instance + 1), .tally = &tally});
    }));
    const cost::Tally::Stage stage(tally, "deploy: program");
    arrays.back()->program(target);
  }
  progress.begin("ageing", static_cast<std::int64_t>(ages.size()));
  double age = 0;
  for (const double next : ages) {
    std::vector<std::vector<Quantity>> seen;
    for (const auto& instance : arrays) {
      instance->wait(next - age);
      seen.push_back(evaluate_aged({instance->weights(), trained.visible_bias, trained.hidden_bias}, examples,
                                   evaluation));
    }
    age = next;
    result.axis.values.push_back(age);
    record(seen, result);
    progress.advance(static_cast<std::int64_t>(result.axis.values.size()), "");
  }
  progress.end();

  for (const Quantity& q : evaluate(trained, examples, evaluation)) {
    result.quality.push_back({"trained_" + q.name, q.value, q.unit, q.meaning + ", before programming"});
  }
  for (const Quantity& q : evaluate_by_annealing(trained, examples, evaluation, key)) {
    result.quality.push_back({"trained_" + q.name, q.value, q.unit, q.meaning + ", before programming"});
  }
  for (const Series& series : result.metrics) {
    result.quality.push_back(
        {series.name, series.values.back(), series.unit, series.meaning + ", at the last age"});
  }
  for (const crossbar::Figure& figure : arrays[0]->figures()) {
    result.quality.push_back({figure.name, figure.value, figure.unit, figure.meaning + ", first array"});
  }
  const ebm::Estimate independent = independent_units(frequency, examples.test);
  result.quality.push_back({"independent_units", independent.value, "nat",
                            "mean ln p of a test example if all units were independent"});
  result.parameters = stored_parameters(trained);

  const Workload work{examples.train.cols(), rbm_model.hidden, examples.train.rows()};
  result.systems = digital_baselines(work, neuron, rule, training, twin_formats);
  System programmed = result.systems[0];
  programmed.name = "simulated";
  programmed.title = fmt::format("programming {} arrays, no training", array.kind());
  programmed.unpriced = arrays[0]->unpriced();
  programmed.digital = arrays[0]->edge().place() == cost::Edge::Place::accelerator;
  programmed.examples = programmed.tokens = 0;
  programmed.tally = tallies[0].entries();
  programmed.holdings = tallies[0].holdings();
  result.systems.insert(result.systems.begin(), std::move(programmed));
  return result;
}

}  // namespace ohmlab::lab
