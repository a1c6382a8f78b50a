#pragma once

#include <cstdint>
#include <functional>
#include <limits>
#include <stdexcept>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "../../core/fields.hpp"
#include "../../transformer/trainer.hpp"
#include "../results/checkpoint.hpp"
#include "../results/progress.hpp"
#include "../results/result.hpp"

namespace ohmlab::experiments {

constexpr const char* trained_name = "transformer_trained";

/// Updates, batch size and initial weights of a transformer's training.
struct TransformerTraining {
  std::int64_t updates = 2000;
  std::int64_t batch = 32;
  double init_std = 0.02;
  std::int64_t every = 200;
  static constexpr auto fields = core::Fields{
      core::field("updates", &TransformerTraining::updates, "", core::between(1, 1 << 30),
                  "number of updates of the parameters"),
      core::field("batch", &TransformerTraining::batch, "", core::between(1, 1 << 20),
                  "examples per update"),
      core::field("init_std", &TransformerTraining::init_std, "", core::between(0, 10),
                  "standard deviation of the initial weights"),
      core::field(
          "every", &TransformerTraining::every, "", core::at_least(1),
          "updates between evaluations on validation and test examples; the parameters that "
          "are best on validation are kept"),
  };
};

/// Trains to the last update. Returns the parameters with the smallest validation loss at any
/// evaluation, or the last ones without validation examples: nothing is chosen on the test.
///
/// Evaluations take place before the first update, at every `every` updates and after the last;
/// they are not billed.
///
/// \param next        batch of an update, a function of its number
/// \param validation  may have no examples
/// \param test        figures of parameters on the test examples
template <class Model>
transformer::RowOf<float> learn_transformer(
    const TransformerTraining& training, transformer::Trainer<Model>& trainer, cost::Tally& tally,
    const std::function<const typename Model::Batch&(std::int64_t)>& next,
    const typename Model::Batch& validation,
    const std::function<std::vector<results::Quantity>(const transformer::RowOf<float>&)>& test,
    results::Result& result, results::Progress& progress, results::Checkpoint& checkpoint) {
  transformer::RowOf<float> best = trainer.parameters();
  std::int64_t done = 0, best_update = 0;
  double best_loss = std::numeric_limits<double>::max(), nats = 0, targets = 0;
  result.axis = {"update", {}, "1", "updates done"};
  result.metrics = {
      {"train_loss",
       {},
       "nat",
       "mean -ln p of a target in the batches since the last look, at first in the first batch"},
      {"validation_loss", {}, "nat", "mean -ln p of a target of the validation examples"},
      {"rate", {}, "1", "learning rate of the next update"}};
  const std::size_t own = result.metrics.size();
  std::vector<results::Quantity> tested = test(best);
  for (const results::Quantity& q : tested) {
    result.metrics.push_back(
        {q.name, {}, q.unit, q.meaning + ", by the parameters kept until then"});
  }
  results::Snapshots snapshots;
  const results::Checkpoint::State state = [&](core::Archive& archive) {
    archive.item("done", done);
    archive.item("best_update", best_update);
    if (done < 0 || done > training.updates || best_update < 0 || best_update > done)
      throw std::runtime_error("state \"done\": not an update of this training");
    archive.item("best_loss", best_loss);
    archive.item("nats", nats);
    archive.item("targets", targets);
    archive.item("best", best);
    trainer.state(archive);
    tally.state(archive);
    const core::Archive::Part part(archive, "metrics");
    archive.item(result.axis.name, result.axis.values);
    for (results::Series& series : result.metrics) archive.item(series.name, series.values);
    snapshots.state(archive, tally);
  };
  const auto look = [&] {
    const bool chooses = validation.examples() > 0;
    const double loss = chooses ? trainer.evaluate(validation).mean() : 0;
    result.axis.values.push_back(static_cast<double>(done));
    const double figures[] = {nats / targets, loss, trainer.rate()};
    for (std::size_t i = 0; i < own; ++i) result.metrics[i].values.push_back(figures[i]);
    nats = targets = 0;
    if (!chooses || loss < best_loss) {
      best_loss = loss;
      best_update = done;
      best = trainer.parameters();
      if (done > 0) tested = test(best);
    }
    for (std::size_t i = 0; i < tested.size(); ++i) {
      result.metrics[own + i].values.push_back(tested[i].value);
    }
    snapshots.take(tally);
    return fmt::format("train {:.4f} validation {:.4f} nat", figures[0], loss);
  };

  progress.begin("training", training.updates);
  const transformer::Score first = trainer.evaluate(next(0));
  nats = first.nats;
  targets = first.targets;
  std::string note = look();
  if (checkpoint.resume(state)) {
    progress.resume(done);
    note = "";  // the note of update 0 is out of date
    for (std::size_t i = 0; i < tested.size(); ++i)
      tested[i].value = result.metrics[own + i].values.back();
  }
  while (done < training.updates) {
    const transformer::Score score = trainer.step(next(done++));
    nats += score.nats;
    targets += score.targets;
    const bool looks = done % training.every == 0 || done == training.updates;
    if (looks) note = look();
    const bool passed = !looks && !note.empty();
    progress.advance(
        done, passed ? fmt::format("{} at update {}", note, result.axis.values.back()) : note);
    checkpoint.reached(state);
  }
  progress.end();
  if (validation.examples() == 0) result.metrics.erase(result.metrics.begin() + 1);
  result.history = snapshots.of(trained_name, tally);
  result.quality = std::move(tested);
  result.quality.push_back(
      {"best_update", static_cast<double>(best_update), "1",
       "update whose parameters did best on the validation examples, which are kept"});
  return best;
}

/// Tensors of a model in the form of a result file.
[[nodiscard]] std::vector<results::Parameter> stored_tensors(
    const transformer::Layout& layout, const transformer::RowOf<float>& parameters);

/// The trained machine, for the bill.
[[nodiscard]] results::System trained_system(const std::string& title,
                                             const transformer::Layout& layout, double examples,
                                             double tokens, const cost::Tally& tally);

}  // namespace ohmlab::experiments
