#include "train.hpp"

#include <fmt/format.h>

#include "../results/to_quality.hpp"
#include "baselines.hpp"
#include "epochs.hpp"
#include "task.hpp"

namespace ohmlab::experiments {
namespace {

void record(const std::vector<results::Quantity>& quality, double epoch, results::Result& result) {
  result.axis.values.push_back(epoch);
  if (result.metrics.empty()) {
    for (const results::Quantity& q : quality)
      result.metrics.push_back({q.name, {}, q.unit, q.meaning});
  }
  for (std::size_t i = 0; i < quality.size(); ++i)
    result.metrics[i].values.push_back(quality[i].value);
}

/// Saves or restores the metrics so far, with their axis.
void state_of(results::Result& result, core::Archive& archive) {
  const core::Archive::Part part(archive, "metrics");
  archive.item(result.axis.name, result.axis.values);
  for (results::Series& series : result.metrics) archive.item(series.name, series.values);
}

/// Figures of the last evaluation.
std::vector<results::Quantity> newest(const results::Result& result) {
  std::vector<results::Quantity> out;
  for (const results::Series& series : result.metrics) {
    out.push_back({series.name, series.values.back(), series.unit, series.meaning});
  }
  return out;
}

/// Text of the newest figure, with its epoch if it is of an earlier one.
std::string note_of(const std::vector<results::Quantity>& quality, std::int64_t of,
                    std::int64_t epoch) {
  if (quality.empty()) return "";
  const std::string figure =
      fmt::format("{} {:.3f} {}", quality[0].name, quality[0].value, quality[0].unit);
  return of == epoch ? figure : fmt::format("{} at epoch {}", figure, of);
}

/// True if the newest evaluation is at the value that ends the training.
bool there(const results::Result& result, const std::optional<ebm::Until>& until) {
  if (!until) return false;
  const results::Series& metric = metric_of(result, until->metric);
  return came_to(metric, {until->metric, until->value, {}});
}

/// Adds the final scores that apply to the model.
void finish(ebm::Network& network, const Learning& config, const ebm::Task& task,
            results::Result& result) {
  const bool on_array = network.edge().place() == cost::Edge::Place::array;
  config.model.visit([&](const auto& model) {
    const auto add = [&](const ebm::Figures& figures) { append(figures, result.quality); };
    add(model.annealed(network.parameters(), task, config.evaluation,
                       static_cast<std::uint64_t>(config.seed)));
    if (on_array) add(model.fitted(network.parameters(), task));
    if (config.neuron.is<ebm::ComparatorNeuron>()) add(model.chain(network));
    add(figures_of(network));
    add(model.references(task));
  });
}

/// Lists the machine that ran, then its comparisons.
void list_systems(const Learning& config, const Workload& work, const ebm::Network& network,
                  const cost::Tally& tally, results::Result& result) {
  result.systems = digital_baselines(work, config);
  results::System simulated = result.systems[0];
  if (const auto* ideal = std::get_if<crossbar::IdealArrayModel>(&config.array.choice)) {
    simulated = digital_twin(work, config, ideal->format);
    std::erase_if(result.systems,
                  [&](const results::System& twin) { return twin.name == simulated.name; });
  } else {
    simulated.name = "simulated";
    simulated.title = fmt::format("{} on {} arrays", title_of(config.model), config.array.kind());
    simulated.unpriced = network.weights().unpriced();
    simulated.digital = false;
    simulated.holdings = tally.holdings();
  }
  simulated.tally = tally.entries();
  result.systems.insert(result.systems.begin(), std::move(simulated));
}

}  // namespace

results::Result Train::run(const io::Dataset& examples, results::Progress& progress,
                           results::Checkpoint checkpoint) const {
  results::Result result;
  cost::Tally tally;
  const ebm::Task task = task_of(examples);
  const auto key = static_cast<std::uint64_t>(seed);
  ebm::Network network(plan_for(task), neuron, key, tally, arrays());
  network.initialise(ebm::frequencies(examples.train));
  ebm::Trainer trainer(network, rule.recipe(), dynamics, training);

  results::Snapshots snapshots;
  std::vector<results::Quantity> quality;
  const auto evaluate = [&](double epoch) {
    quality.clear();
    model.visit(
        [&](const auto& m) { append(m.figures(network.parameters(), task, evaluation), quality); });
    record(quality, epoch, result);
    snapshots.take(tally);
  };
  progress.begin("training", training.epochs);
  evaluate(0);
  static_cast<void>(there(result, training.until));  // refuses an unknown metric before the work
  Position at;
  const results::Checkpoint::State state = [&](core::Archive& archive) {
    at.state(archive);
    require_position(at, training, task.train.rows());
    trainer.state(archive);
    tally.state(archive);
    state_of(result, archive);
    snapshots.state(archive, tally);
  };
  if (checkpoint.resume(state)) {
    progress.resume(at.epoch);
    quality = newest(result);
  }
  run_epochs(trainer, training, task, key, at, [&](std::int64_t done) {
    if (done == training.epochs || (evaluation.every > 0 && done % evaluation.every == 0))
      evaluate(static_cast<double>(done));
    progress.advance(done,
                     note_of(quality, static_cast<std::int64_t>(result.axis.values.back()), done));
    return there(result, training.until);
  }, [&] { checkpoint.reached(state); });
  progress.end();
  if (evaluation.ais.temperatures > 0) checkpoint.store(state);  // annealing may take as long again

  result.quality = std::move(quality);
  finish(network, *this, task, result);
  result.parameters = stored_parameters(network.parameters());
  list_systems(*this, {network.plan(), examples.train.rows(), at.epoch, task.input_bits()}, network,
               tally, result);
  result.history = snapshots.of(result.systems[0].name, tally);
  return result;
}

}  // namespace ohmlab::experiments
