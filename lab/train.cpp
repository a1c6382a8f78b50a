#include "ohmlab/lab/train.hpp"

#include <memory>

#include <fmt/format.h>

#include "ohmlab/lab/baselines.hpp"
#include "ohmlab/lab/epochs.hpp"

namespace ohmlab::lab {
namespace {

void record(const std::vector<Quantity>& quality, double epoch, Result& result) {
  result.axis.values.push_back(epoch);
  if (result.metrics.empty()) {
    for (const Quantity& q : quality) result.metrics.push_back({q.name, {}, q.unit, q.meaning});
  }
  for (std::size_t i = 0; i < quality.size(); ++i) result.metrics[i].values.push_back(quality[i].value);
}

/// The metrics so far, on the axis they stand on.
void state_of(Result& result, core::Archive& archive) {
  const core::Archive::Part part(archive, "metrics");
  archive.item(result.axis.name, result.axis.values);
  for (Series& series : result.metrics) archive.item(series.name, series.values);
}

/// The figures of the last evaluation.
std::vector<Quantity> newest(const Result& result) {
  std::vector<Quantity> out;
  for (const Series& series : result.metrics) {
    out.push_back({series.name, series.values.back(), series.unit, series.meaning});
  }
  return out;
}

std::string note_of(const std::vector<Quantity>& quality) {
  return quality.empty() ? ""
                         : fmt::format("{} {:.3f} {}", quality[0].name, quality[0].value, quality[0].unit);
}

}  // namespace

Result Train::run(const io::Dataset& examples, Progress& progress, Checkpoint checkpoint) const {
  Result result;
  cost::Tally tally;
  const auto& rbm_model = std::get<ebm::RbmModel>(model.choice);
  const auto key = static_cast<std::uint64_t>(seed);
  const std::unique_ptr<crossbar::Array> weights = array.visit([&](const auto& kind) {
    return kind.make(examples.train.cols(), rbm_model.hidden,
                     {.seed = key, .name = "weights", .tally = &tally});
  });
  ebm::Rbm machine(*weights, neuron, key);
  const core::VectorD frequency = frequencies(examples.train);
  machine.initialise(rbm_model.weight_std, frequency);
  ebm::Trainer trainer(machine, rule, training);

  Snapshots snapshots;
  progress.begin("training", training.epochs);
  std::vector<Quantity> quality = evaluate(machine.parameters(), examples, evaluation);
  record(quality, 0, result);
  snapshots.take(tally);
  Position at;
  const Checkpoint::State state = [&](core::Archive& archive) {
    at.state(archive);
    require_position(at, training, examples.train.rows());
    trainer.state(archive);
    tally.state(archive);
    state_of(result, archive);
    snapshots.state(archive, tally);
  };
  if (checkpoint.resume(state)) {
    progress.advance(at.epoch, "resumed");
    quality = newest(result);
  }
  run_epochs(trainer, training, examples.train, key, at, [&](std::int64_t done) {
    if (done == training.epochs || (evaluation.every > 0 && done % evaluation.every == 0)) {
      quality = evaluate(machine.parameters(), examples, evaluation);
      record(quality, static_cast<double>(done), result);
      snapshots.take(tally);
    }
    progress.advance(done, note_of(quality));
  }, [&] { checkpoint.reached(state); });
  progress.end();
  if (evaluation.ais.temperatures > 0) checkpoint.store(state);  // annealing may take as long again

  const ebm::Estimate independent = independent_units(frequency, examples.test);
  result.quality = std::move(quality);
  for (Quantity& q : evaluate_by_annealing(machine.parameters(), examples, evaluation, key)) {
    result.quality.push_back(std::move(q));
  }
  if (weights->edge().place() == cost::Edge::Place::array) {
    for (Quantity& q : evaluate_fitted(machine.parameters(), examples))
      result.quality.push_back(std::move(q));
  }
  if (neuron.is<ebm::ComparatorNeuron>()) {
    for (Quantity& q : evaluate_chain(machine.parameters(), weights->decision_law())) {
      result.quality.push_back(std::move(q));
    }
  }
  for (const crossbar::Figure& figure : weights->figures()) {
    result.quality.push_back({figure.name, figure.value, figure.unit, figure.meaning});
  }
  result.quality.push_back({"independent_units", independent.value, "nat",
                            "mean ln p of a test example if all units were independent"});
  result.parameters = stored_parameters(machine.parameters());

  const Workload work{examples.train.cols(), rbm_model.hidden, examples.train.rows()};
  result.systems = digital_baselines(work, neuron, rule, training, twin_formats);
  System simulated = result.systems[0];
  if (const auto* ideal = std::get_if<crossbar::IdealArrayModel>(&array.choice)) {
    simulated = digital_twin(work, neuron, rule, training, ideal->format);
    std::erase_if(result.systems, [&](const System& twin) { return twin.name == simulated.name; });
  } else {
    simulated.name = "simulated";
    simulated.title = fmt::format("RBM on {} arrays", array.kind());
    simulated.unpriced = weights->unpriced();
    simulated.digital = false;
    simulated.holdings = tally.holdings();
  }
  simulated.tally = tally.entries();
  result.systems.insert(result.systems.begin(), std::move(simulated));
  result.history = snapshots.of(result.systems[0].name, tally);
  return result;
}

}  // namespace ohmlab::lab
