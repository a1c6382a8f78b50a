#include "ohmlab/lab/train.hpp"

#include <memory>
#include <numeric>

#include <fmt/format.h>

#include "ohmlab/lab/baselines.hpp"

namespace ohmlab::lab {
namespace {

/// Gathers the rows of a batch in the order of an epoch's permutation.
void gather(const core::Matrix& examples, std::span<const std::uint32_t> order, core::Matrix& batch) {
  batch.resize(static_cast<core::Index>(order.size()), examples.cols());
  for (core::Index row = 0; row < batch.rows(); ++row) {
    batch.row(row) = examples.row(order[static_cast<std::size_t>(row)]);
  }
}

void record(const std::vector<Quantity>& quality, double epoch, Result& result) {
  result.epochs.push_back(epoch);
  if (result.metrics.empty()) {
    for (const Quantity& q : quality) result.metrics.push_back({q.name, {}, q.unit, q.meaning});
  }
  for (std::size_t i = 0; i < quality.size(); ++i) result.metrics[i].values.push_back(quality[i].value);
}

std::string note_of(const std::vector<Quantity>& quality) {
  return quality.empty() ? ""
                         : fmt::format("{} {:.3f} {}", quality[0].name, quality[0].value, quality[0].unit);
}

}  // namespace

std::string Train::problem() const {
  if (training.statistics == ebm::Statistics::means && !neuron.gives_means()) {
    return fmt::format(
        "training.statistics = \"means\" needs neurons that give means; \"{}\" gives drawn states only "
        "(use \"samples\", or neuron = \"adc\")",
        neuron.kind());
  }
  return "";
}

Result Train::run(const io::Dataset& examples, Progress& progress) const {
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

  progress.begin("training", training.epochs);
  std::vector<Quantity> quality = evaluate(machine.parameters(), examples, evaluation);
  record(quality, 0, result);
  core::Matrix batch;
  const auto count = static_cast<std::uint32_t>(examples.train.rows());
  for (std::int64_t epoch = 0; epoch < training.epochs; ++epoch) {
    const auto order = core::permutation(core::stream(key, core::StreamId::shuffle),
                                         static_cast<std::uint64_t>(epoch), count);
    const double factor = training.schedule.factor(epoch, training.epochs);
    for (std::size_t begin = 0; begin < order.size(); begin += static_cast<std::size_t>(training.batch)) {
      const std::size_t size = std::min(order.size() - begin, static_cast<std::size_t>(training.batch));
      gather(examples.train, std::span(order).subspan(begin, size), batch);
      trainer.step(batch, factor);
    }
    const bool last = epoch + 1 == training.epochs;
    if (last || (evaluation.every > 0 && (epoch + 1) % evaluation.every == 0)) {
      quality = evaluate(machine.parameters(), examples, evaluation);
      record(quality, static_cast<double>(epoch + 1), result);
    }
    progress.advance(epoch + 1, note_of(quality));
  }
  progress.end();

  const ebm::Estimate independent = independent_units(frequency, examples.test);
  result.quality = std::move(quality);
  for (const crossbar::Figure& figure : weights->figures()) {
    result.quality.push_back({figure.name, figure.value, figure.unit, figure.meaning});
  }
  result.quality.push_back({"independent_units", independent.value, "nat",
                            "mean ln p of a test example if all units were independent"});
  const ebm::RbmParameters parameters = machine.parameters();
  result.parameters = {
      {"weights", {"visible", "hidden"}, parameters.weights, "nat", "weights in logits, visible x hidden"},
      {"visible_bias", {"visible"}, parameters.visible_bias, "nat", "visible biases in logits"},
      {"hidden_bias", {"hidden"}, parameters.hidden_bias, "nat", "hidden biases in logits"}};
  const Workload work{examples.train.cols(), rbm_model.hidden, examples.train.rows()};
  result.systems = {digital_twin(work, neuron, rule, training), digital_transformer(work, training)};
  if (weights->edge().place() == cost::Edge::Place::array) {
    System simulated = result.systems[0];
    simulated.name = "simulated";
    simulated.title = fmt::format("RBM on {} arrays", array.kind());
    simulated.unpriced = weights->unpriced();
    simulated.digital = false;
    simulated.tally = tally.entries();
    simulated.holdings = tally.holdings();
    result.systems.insert(result.systems.begin(), std::move(simulated));
  } else {
    result.systems[0].tally = tally.entries();
  }
  return result;
}

}  // namespace ohmlab::lab
