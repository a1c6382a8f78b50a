#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../core/fields.hpp"
#include "centring.hpp"
#include "difference.hpp"
#include "dynamics.hpp"
#include "family.hpp"
#include "network.hpp"
#include "rules.hpp"
#include "schedules.hpp"
#include "tempering.hpp"

namespace ohmlab::ebm {

/// Signals of a cell's update: probabilities, or drawn states.
enum class Statistics { means, samples };
constexpr std::array<std::string_view, 2> enum_names(Statistics) { return {"means", "samples"}; }

/// Way in which the pieces of a rule are written to cells.
///
/// two_phase: pieces are written one outer product after the other, first Hebbian pulses, then
/// anti-Hebbian ones. Near equilibrium the pulses nearly cancel, but their noise does not.
///
/// differenced: digital logic sums the mean outer products of all pieces from buffered activities.
/// The sum is written row after row. A cell gets pulses in proportion to its net change alone (as
/// in mixed-precision training: Nandakumar et al., Front. Neurosci. 14, 406 (2020)). The sum costs
/// an addition at the edge per cell and example whose row unit is on. Rows are formed one at a
/// time, so that only momentum needs a memory of a matrix.
enum class Update { two_phase, differenced };
constexpr std::array<std::string_view, 2> enum_names(Update) {
  return {"two_phase", "differenced"};
}

/// Metric and value at which a training ends.
struct Until {
  std::string metric;
  double value = 0;
  static constexpr auto fields = core::Fields{
      core::field("metric", &Until::metric, "metric of an evaluation, e.g. \"test_log_likelihood\"",
                  core::Need::required),
      core::field("value", &Until::value, "", core::any,
                  "training ends at the first evaluation in which the metric, coming from its "
                  "first value, has reached or passed this one",
                  core::Need::required),
  };
};

struct Training {
  std::int64_t epochs = 20;
  std::int64_t batch = 20;
  double rate = 0.05;
  double bias_rate = 0.05;
  Schedule schedule;
  Statistics statistics = Statistics::means;
  Update update = Update::two_phase;
  double momentum = 0;
  std::optional<Until> until;
  static constexpr auto fields = core::Fields{
      core::field("epochs", &Training::epochs, "", core::between(0, 1 << 20),
                  "passes over the training examples"),
      core::field("batch", &Training::batch, "", core::between(1, 1 << 20),
                  "examples per update; weights are constant within a batch"),
      core::field("rate", &Training::rate, "", core::between(0, 100),
                  "learning rate of the weights, per mean example"),
      core::field("bias_rate", &Training::bias_rate, "", core::between(0, 100),
                  "learning rate of the biases"),
      core::field("schedule", &Training::schedule, "change of the rates over the epochs"),
      core::field("statistics", &Training::statistics,
                  "signals of an update; means need neurons that give means (adc, clipped)"),
      core::field("update", &Training::update,
                  "two_phase: pulses write each phase; differenced: they write the sum formed by "
                  "digital logic"),
      core::field(
          "momentum", &Training::momentum, "", core::Range{.low = 0, .high = 1, .high_open = true},
          "share of the last change that is added again; kept in digital memory, needs update = "
          "\"differenced\""),
      core::field("until", &Training::until,
                  "metric and value that can end the training before its last epoch"),
  };
};

/// Reason why a model of a family cannot be trained with this neuron, dynamics and rule, or "".
[[nodiscard]] std::string training_problem(Family family, const Training& training,
                                           const Neuron& neuron, const Dynamics& dynamics,
                                           const Rule& rule);

/// Trains a network, one update after another.
class Trainer {
 public:
  /// \param network  outlives the trainer
  Trainer(Network& network, const Recipe& recipe, const Dynamics& dynamics,
          const Training& training);

  /// Learns from one batch at `factor` times the learning rates.
  void step(const Examples& batch, double factor);

  /// Writes only the pieces of the rule, from the final states of its phases.
  /// \param seen  final states of each phase
  void write(const std::vector<States>& seen, double factor);

  /// Figures of the sampling so far; none without replicas.
  [[nodiscard]] std::vector<crossbar::Figure> figures() const;

  /// State of the trainer and of its network, between steps.
  void state(core::Archive& archive);

 private:
  void start_chains(States& states);
  /// \param fetched  the batch in main memory
  /// \param batch    the batch as phases hold it, with every example once per chain
  void learn(const Examples& fetched, const Examples& batch, double factor);
  void fetch(const Examples& batch);
  void hold_activities();
  void hold(const Phase& phase, const Examples& batch, States& states, std::vector<bool>& free,
            std::vector<Nudge>& nudges);
  void clamp(std::size_t layer, float share, const core::Matrix& targets, Activity& units);
  void begin(const Phase& phase, core::Index batch, States& states);
  void run(const Phase& phase, const Examples& batch, bool goes_on, States& states);
  [[nodiscard]] core::Index chains() const;
  void predict(States& states);
  void write_pieces(const std::vector<States>& seen, double factor);
  void write_biases(const Piece& piece, const States& states, double factor);
  [[nodiscard]] double share_of(const Piece& piece, const States& states, double factor) const;
  void write_difference(const std::vector<States>& seen, double factor);
  [[nodiscard]] bool shows_mean(std::size_t layer, std::size_t other) const;
  [[nodiscard]] const core::Matrix& signal(Signal of_unit, std::size_t layer, const States& states,
                                           bool mean, core::Matrix& scratch) const;
  void move_offsets(const std::vector<States>& seen);
  [[nodiscard]] static const core::Matrix& for_rows(core::Index rows, const core::Matrix& signals,
                                                    core::Matrix& scratch);
  [[nodiscard]] double label_bits(const Phase& phase) const;
  [[nodiscard]] core::Index rows_of(const Phase& phase) const;
  void turn_signs();

  Network& network_;
  Recipe recipe_;
  Dynamics dynamics_;
  Training training_;
  std::vector<States> seen_;              ///< states of each phase
  float sign_ = 1;                        ///< of all nudges and scales of this update
  std::uint64_t updates_ = 0;             ///< number of updates so far, if signs are drawn
  std::optional<Difference> difference_;  ///< empty unless all pieces are written as one
  std::optional<Tempering> tempering_;    ///< empty unless chains have replicas
  std::optional<Centring> centring_;      ///< empty unless the rule centres its units
};

}  // namespace ohmlab::ebm
