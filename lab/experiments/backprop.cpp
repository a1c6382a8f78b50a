#include "backprop.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../cost/stages.hpp"
#include "../../ebm/scores.hpp"
#include "../backprop/scores.hpp"
#include "../backprop/trainer.hpp"
#include "epochs.hpp"
#include "evaluations.hpp"
#include "learning.hpp"
#include "task.hpp"
#include "twins.hpp"

namespace ohmlab::experiments {
namespace {

/// The task of examples with at least two classes.
ebm::Task labelled_task(const io::Dataset& examples) {
  ebm::Task task = task_of(examples);
  if (task.classes == 0) {
    throw core::UserError({}, "data", "",
                          "expected examples with labels, which backpropagation learns");
  }
  if (task.classes == 1)
    throw core::UserError({}, "data", "", "expected labels of two classes or more, found one");
  return task;
}

/// Number of a batch's examples; the last one of an epoch may have fewer.
core::Index largest_batch(const BackpropTraining& training, core::Index examples) {
  return std::min<core::Index>(training.batch, examples);
}

/// Programs small positive weights, of which no neuron and no error becomes exactly 0 or 1: chips
/// are billed by the bits of their inputs.
void set_apart(backprop::Network& network, cost::Tally& tally) {
  network.initialise();
  const cost::Tally::Stage stage(tally, cost::start_stage);
  for (std::size_t l = 0; l < network.shape().layers(); ++l) {
    crossbar::Array& array = network.array(l);
    const double root = std::sqrt(static_cast<double>(array.rows()));
    array.program((array.weights().cwiseAbs() / root).cast<float>());
  }
}

/// The training on other machines.
Repeated repeated(const Backprop& config, const ebm::Task& task, std::int64_t epochs) {
  const backprop::Shape shape(config.model, task.train.cols(), task.classes);
  const double input_bits = task.input_bits();
  const core::Index held = largest_batch(config.training, task.train.rows());
  const auto network = [&config, shape](const MakeArray& make, cost::Tally& tally) {
    return backprop::Network(config.model, shape, {1, tally}, make);
  };
  Repeated out{.algorithm = "backprop",
               .title = "multilayer network by backpropagation",
               .parameters = shape.parameters(),
               .examples = task.train.rows(),
               .batch = config.training.batch,
               .epochs = epochs};
  out.start = [=](const MakeArray& make, cost::Tally& tally) {
    backprop::Network made = network(make, tally);
    made.initialise();
    const backprop::Trainer trainer(made, held, input_bits);
  };
  out.update = [=](const MakeArray& make, core::Index batch, cost::Tally& tally) {
    backprop::Network made = network(make, tally);
    set_apart(made, tally);
    backprop::Trainer trainer(made, batch, input_bits);
    core::Matrix inputs = core::Matrix::Ones(batch, shape.inputs(0));
    if (input_bits > 1) {  // numbers of one bit are 0 or 1; others are not, scaled or not
      for (core::Index i = 0; i < inputs.size(); ++i)
        inputs.data()[i] = 0.25F + 0.25F * static_cast<float>(i % 3);
    }
    core::Matrix targets = core::Matrix::Zero(batch, shape.units.back());
    targets.col(0).setOnes();
    trainer.step({inputs, targets, input_bits}, 0);
  };
  return out;
}

/// A training in progress: the network, its scores so far, and the state that a restart needs.
class Run {
 public:
  Run(const Backprop& config, const io::Dataset& examples, results::Progress& progress)
      : config_(config),
        progress_(progress),
        course_(course_of(config.training, config.seed)),
        task_(labelled_task(examples)),
        network_(config.model, {config.model, task_.train.cols(), task_.classes},
                 {static_cast<std::uint64_t>(config.seed), tally_},
                 [&config](auto... place) {
                   return config.array.visit([&](const auto& kind) { return kind.make(place...); });
                 }),
        trainer_(network_, largest_batch(config.training, task_.train.rows()), task_.input_bits()) {
    network_.initialise();
  }

  /// From the start, or the last stored state, to the last epoch.
  void train(results::Checkpoint& checkpoint) {
    const results::Checkpoint::State state = [this](core::Archive& archive) { pass(archive); };
    progress_.begin("training", course_.epochs);
    evaluate(0);
    static_cast<void>(ended());  // an unknown metric of training.until is found before the work
    if (checkpoint.resume(state)) progress_.resume(at_.epoch);
    run_epochs(course_, task_, at_, {.learn = [this](const ebm::Examples& batch, double factor) {
      learn(batch, factor);
    }, .after_epoch = [this](std::int64_t done) { return after_epoch(done); }, .after_batch = [&] {
      checkpoint.reached(state);
    }});
    progress_.end();
  }

  /// Adds figures of the hardware, parameters, and the machines to compare.
  results::Result finish() {
    result_.quality = evaluations_.newest();
    append(network_.figures(), result_.quality);
    store_parameters();
    const Repeated training = repeated(config_, task_, at_.epoch);
    result_.systems = twins_of(training, config_.twin_formats, config_.chip_formats);
    put_first({tally_, network_.array(0).unpriced()}, config_.array, training, result_.systems);
    result_.history = evaluations_.history(result_.systems[0].name);
    return std::move(result_);
  }

 private:
  void learn(const ebm::Examples& batch, double factor) {
    loss_ += trainer_.step({batch.inputs, *batch.targets, batch.input_bits},
                           config_.training.rate * factor);
    seen_ += static_cast<double>(batch.inputs.rows());
  }

  void evaluate(std::int64_t epoch) {
    const backprop::Labelled test{task_.test, task_.test_labels};
    const crossbar::Figure error{"test_error", 0, "1",
                                 "share of test examples whose likeliest class is not their label"},
        entropy{"test_cross_entropy", 0, "nat", "mean -ln p of a test example's label"};
    const backprop::Score held = backprop::score(network_.parameters(), test);
    std::vector<results::Quantity> figures{
        {error.name, held.error, error.unit, error.meaning},
        {entropy.name, held.cross_entropy, entropy.unit, entropy.meaning}};
    if (config_.evaluation.reads > 0) {
      std::vector<double> errors, entropies;
      for (const backprop::Score& one :
           backprop::scores_as_read(network_, test, config_.evaluation.reads)) {
        errors.push_back(one.error);
        entropies.push_back(one.cross_entropy);
      }
      append(ebm::over_reads({error.name + "_read", 0, error.unit, error.meaning}, errors),
             figures);
      append(ebm::over_reads({entropy.name + "_read", 0, entropy.unit, entropy.meaning}, entropies),
             figures);
    }
    figures.push_back({"train_loss", training_loss(), "nat",
                       "mean -ln p of a label in the batches since the last evaluation, as the "
                       "hardware saw them; at first of all training examples, by the weights"});
    evaluations_.add(figures, epoch);
    loss_ = seen_ = 0;
  }

  [[nodiscard]] double training_loss() const {
    if (seen_ > 0) return loss_ / seen_;
    return backprop::score(network_.parameters(), {task_.train, task_.train_labels}).cross_entropy;
  }

  /// Evaluates if it is time to. Returns true if the training ends here.
  bool after_epoch(std::int64_t done) {
    const std::int64_t every = config_.evaluation.every;
    if (done == course_.epochs || (every > 0 && done % every == 0)) evaluate(done);
    progress_.advance(done, evaluations_.note(done));
    return ended();
  }

  [[nodiscard]] bool ended() const { return evaluations_.came_to(config_.training.until); }

  void store_parameters() {
    const backprop::Parameters held = network_.parameters();
    const auto units = [&](std::size_t l) {
      return l == 0 ? std::string("input") : identifier(network_.shape().name(l - 1));
    };
    for (std::size_t l = 0; l < held.weights.size(); ++l) {
      const std::string rows = units(l), cols = units(l + 1);
      result_.parameters.push_back({fmt::format("weights_{}", l + 1),
                                    {rows, cols},
                                    held.weights[l],
                                    "1",
                                    fmt::format("weights, {} x {}", rows, cols)});
      result_.parameters.push_back({cols + "_bias", {cols}, held.biases[l], "1", cols + " biases"});
    }
  }

  /// Saves or restores the state that does not follow from config and data.
  void pass(core::Archive& archive) {
    at_.state(archive);
    require_position(at_, course_, task_.train.rows());
    archive.item("loss", loss_);
    archive.item("seen", seen_);
    trainer_.state(archive);
    tally_.state(archive);
    evaluations_.state(archive);
  }

  const Backprop& config_;
  results::Progress& progress_;
  Course course_;
  ebm::Task task_;
  cost::Tally tally_;
  backprop::Network network_;
  backprop::Trainer trainer_;
  results::Result result_;
  Evaluations evaluations_{result_, tally_};
  double loss_ = 0, seen_ = 0;  ///< loss and number of examples since the last evaluation
  Position at_;
};

}  // namespace

std::string Backprop::problem() const {
  if (std::string problem = crossbar::phases_problem(array); !problem.empty()) return problem;
  if (training.until && evaluation.every == 0)
    return "training.until needs evaluations on the way: expected evaluation.every above 0";
  return "";
}

results::Result Backprop::run(const io::Dataset& examples, results::Progress& progress,
                              results::Checkpoint checkpoint) const {
  Run run(*this, examples, progress);
  run.train(checkpoint);
  return run.finish();
}

}  // namespace ohmlab::experiments
