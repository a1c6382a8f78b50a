#include "train.hpp"

#include <algorithm>
#include <iterator>

#include "baselines.hpp"
#include "epochs.hpp"
#include "evaluations.hpp"
#include "task.hpp"

namespace ohmlab::experiments {
namespace {

/// Adds the final scores that apply to the model.
void score_end(ebm::Network& network, const Learning& config, const ebm::Task& task,
               results::Result& result) {
  const bool on_array = network.edge().machine() == cost::Machine::array;
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
void list_systems(const Learning& config, const Workload& work, const Ran& ran,
                  results::Result& result) {
  result.systems = digital_baselines(work, config);
  put_first(ran, config.array, repeated(work, config), result.systems);
}

/// A training in progress: the machine, its scores so far, and the state that a restart needs.
class Run {
 public:
  Run(const Train& config, const io::Dataset& examples, results::Progress& progress)
      : config_(config),
        progress_(progress),
        course_(course_of(config.training, config.seed)),
        task_(task_of(examples)),
        network_(config.plan_for(task_), config.neuron, key(), tally_, config.arrays()),
        trainer_(network_, config.rule.recipe(), config.dynamics, config.training) {
    network_.initialise(ebm::frequencies(examples.train));
  }

  /// From the start, or the last stored state, to the last epoch.
  void train(results::Checkpoint& checkpoint) {
    const results::Checkpoint::State state = [this](core::Archive& archive) { pass(archive); };
    progress_.begin("training", course_.epochs);
    evaluate(0);
    static_cast<void>(ended());  // an unknown metric of training.until is found before the work
    if (checkpoint.resume(state)) progress_.resume(at_.epoch);
    run_epochs(course_, task_, at_, {.learn = [this](const ebm::Examples& batch, double factor) {
      trainer_.step(batch, factor);
    }, .after_epoch = [this](std::int64_t done) { return after_epoch(done); }, .after_batch = [&] {
      checkpoint.reached(state);
    }});
    progress_.end();
    // Annealing, which follows, may take as long again.
    if (config_.evaluation.ais.temperatures > 0) checkpoint.store(state);
  }

  /// Adds final scores, parameters, and the machines to compare.
  results::Result finish() {
    result_.quality = evaluations_.newest();
    score_end(network_, config_, task_, result_);
    append(trainer_.figures(), result_.quality);
    result_.parameters = stored_parameters(network_.parameters());
    std::ranges::move(stored_cells(network_), std::back_inserter(result_.parameters));
    list_systems(config_, {network_.plan(), task_.train.rows(), at_.epoch, task_.input_bits()},
                 {tally_, network_.weights().unpriced()}, result_);
    result_.history = evaluations_.history(result_.systems[0].name);
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::uint64_t key() const { return static_cast<std::uint64_t>(config_.seed); }

  void evaluate(std::int64_t epoch) {
    std::vector<results::Quantity> figures;
    config_.model.visit([&](const auto& model) {
      append(model.figures(network_.parameters(), task_, config_.evaluation), figures);
    });
    evaluations_.add(figures, epoch);
  }

  /// Evaluates if it is time to. Returns true if the training ends here.
  bool after_epoch(std::int64_t done) {
    const std::int64_t every = config_.evaluation.every;
    if (done == course_.epochs || (every > 0 && done % every == 0)) evaluate(done);
    progress_.advance(done, evaluations_.note(done));
    return ended();
  }

  [[nodiscard]] bool ended() const { return evaluations_.came_to(config_.training.until); }

  /// Saves or restores the state that does not follow from config and data.
  void pass(core::Archive& archive) {
    at_.state(archive);
    require_position(at_, course_, task_.train.rows());
    trainer_.state(archive);
    tally_.state(archive);
    evaluations_.state(archive);
  }

  const Train& config_;
  results::Progress& progress_;
  Course course_;
  ebm::Task task_;
  cost::Tally tally_;
  ebm::Network network_;
  ebm::Trainer trainer_;
  results::Result result_;
  Evaluations evaluations_{result_, tally_};
  Position at_;
};

}  // namespace

results::Result Train::run(const io::Dataset& examples, results::Progress& progress,
                           results::Checkpoint checkpoint) const {
  Run run(*this, examples, progress);
  run.train(checkpoint);
  return run.finish();
}

}  // namespace ohmlab::experiments
