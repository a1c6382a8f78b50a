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
void list_systems(const Learning& config, const Workload& work, const ebm::Network& network,
                  const cost::Tally& tally, results::Result& result) {
  result.systems = digital_baselines(work, config);
  results::System simulated = result.systems[0];
  if (const auto* ideal = std::get_if<crossbar::IdealArrayModel>(&config.array.choice)) {
    simulated = digital_twin(work, config, ideal->format, ideal->machine);
    std::erase_if(result.systems,
                  [&](const results::System& twin) { return twin.name == simulated.name; });
  } else {
    simulated.name = "simulated";
    simulated.title = fmt::format("{} on {} arrays", title_of(config.model), config.array.kind());
    simulated.unpriced = network.weights().unpriced();
    simulated.machine = cost::Machine::array;
    simulated.holdings = tally.holdings();
  }
  simulated.tally = tally.entries();
  result.systems.insert(result.systems.begin(), std::move(simulated));
}

/// A training in progress: the machine, its scores so far, and the state that a restart needs.
class Run {
 public:
  Run(const Train& config, const io::Dataset& examples, results::Progress& progress)
      : config_(config),
        progress_(progress),
        task_(task_of(examples)),
        network_(config.plan_for(task_), config.neuron, key(), tally_, config.arrays()),
        trainer_(network_, config.rule.recipe(), config.dynamics, config.training) {
    network_.initialise(ebm::frequencies(examples.train));
  }

  /// From the start, or the last stored state, to the last epoch.
  void train(results::Checkpoint& checkpoint) {
    const results::Checkpoint::State state = [this](core::Archive& archive) { pass(archive); };
    progress_.begin("training", config_.training.epochs);
    evaluate(0);
    static_cast<void>(ended());  // an unknown metric of training.until is found before the work
    if (checkpoint.resume(state)) {
      progress_.resume(at_.epoch);
      quality_ = newest(result_);
    }
    run_epochs(trainer_, config_.training, task_, key(), at_, [this](std::int64_t done) {
      return after_epoch(done);
    }, [&] { checkpoint.reached(state); });
    progress_.end();
    // Annealing, which follows, may take as long again.
    if (config_.evaluation.ais.temperatures > 0) checkpoint.store(state);
  }

  /// Adds final scores, parameters, and the machines to compare.
  results::Result finish() {
    result_.quality = std::move(quality_);
    score_end(network_, config_, task_, result_);
    result_.parameters = stored_parameters(network_.parameters());
    list_systems(config_, {network_.plan(), task_.train.rows(), at_.epoch, task_.input_bits()},
                 network_, tally_, result_);
    result_.history = snapshots_.of(result_.systems[0].name, tally_);
    return std::move(result_);
  }

 private:
  [[nodiscard]] std::uint64_t key() const { return static_cast<std::uint64_t>(config_.seed); }

  void evaluate(double epoch) {
    quality_.clear();
    config_.model.visit([&](const auto& model) {
      append(model.figures(network_.parameters(), task_, config_.evaluation), quality_);
    });
    record(quality_, epoch, result_);
    snapshots_.take(tally_);
  }

  /// Evaluates if it is time to. Returns true if the training ends here.
  bool after_epoch(std::int64_t done) {
    const std::int64_t every = config_.evaluation.every;
    if (done == config_.training.epochs || (every > 0 && done % every == 0))
      evaluate(static_cast<double>(done));
    const auto evaluated = static_cast<std::int64_t>(result_.axis.values.back());
    progress_.advance(done, note_of(quality_, evaluated, done));
    return ended();
  }

  [[nodiscard]] bool ended() const { return there(result_, config_.training.until); }

  /// Saves or restores the state that does not follow from config and data.
  void pass(core::Archive& archive) {
    at_.state(archive);
    require_position(at_, config_.training, task_.train.rows());
    trainer_.state(archive);
    tally_.state(archive);
    state_of(result_, archive);
    snapshots_.state(archive, tally_);
  }

  const Train& config_;
  results::Progress& progress_;
  ebm::Task task_;
  cost::Tally tally_;
  ebm::Network network_;
  ebm::Trainer trainer_;
  results::Result result_;
  results::Snapshots snapshots_;
  std::vector<results::Quantity> quality_;  ///< figures of the last evaluation
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
