#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/ebm/difference.hpp"
#include "ohmlab/ebm/rbm.hpp"
#include "ohmlab/ebm/rules.hpp"
#include "ohmlab/ebm/schedules.hpp"

namespace ohmlab::ebm {

/// What a cell's update is made of: probabilities, or drawn states.
enum class Statistics { means, samples };
constexpr std::array<std::string_view, 2> enum_names(Statistics) { return {"means", "samples"}; }

/// How two phases become one change of a cell.
///
/// two_phase: each phase is written as it was seen, one outer product after the other: first Hebbian pulses,
/// then anti-Hebbian ones. Near equilibrium they nearly cancel, but their noise does not.
///
/// differenced: the difference of both phases' mean outer products is formed digitally, from activities kept
/// of both, and written row after row, so that a cell gets pulses in proportion to its net change alone (as
/// in mixed-precision training: Nandakumar et al., Front. Neurosci. 14, 406 (2020)). Costs an addition
/// per cell and example whose visible unit is on, at the edge; a row at a time is formed, so that no memory
/// of a matrix is needed, except for momentum.
enum class Update { two_phase, differenced };
constexpr std::array<std::string_view, 2> enum_names(Update) { return {"two_phase", "differenced"}; }

struct Training {
  std::int64_t epochs = 20;
  std::int64_t batch = 20;
  double rate = 0.05;
  double bias_rate = 0.05;
  Schedule schedule;
  Statistics statistics = Statistics::means;
  Update update = Update::two_phase;
  double momentum = 0;
  static constexpr auto fields = std::tuple{
      core::field("epochs", &Training::epochs, "", core::between(0, 1 << 20),
                  "passes over the training examples"),
      core::field("batch", &Training::batch, "", core::between(1, 1 << 20),
                  "examples per update; weights rest within"),
      core::field("rate", &Training::rate, "", core::between(0, 100),
                  "learning rate of the weights, per mean example"),
      core::field("bias_rate", &Training::bias_rate, "", core::between(0, 100),
                  "learning rate of the biases"),
      core::field("schedule", &Training::schedule, "how the rates change over the epochs"),
      core::field("statistics", &Training::statistics,
                  "what updates are made of; means need neurons that give means (adc)"),
      core::field("update", &Training::update,
                  "whether pulses write each phase, or the difference that digital logic forms of both"),
      core::field(
          "momentum", &Training::momentum, "", core::Range{.low = 0, .high = 1, .high_open = true},
          "share of the last change that goes on; kept in digital memory, needs update = \"differenced\""),
  };
};

/// What keeps a training from being done with neurons of a kind; "" if nothing does.
[[nodiscard]] std::string training_problem(const Training& training, const Neuron& neuron);

/// One update of a restricted Boltzmann machine after another.
class Trainer {
 public:
  /// \param machine  outlives the trainer
  Trainer(Rbm& machine, const Rule& rule, const Training& training);

  /// Learns from one batch at `factor` times the learning rates. data: batch × visible units, 0 or 1.
  void step(const core::ConstRows& data, double factor);

  /// State of the trainer and of its machine, between steps.
  void state(core::Archive& archive);

 private:
  void start_chains(core::Index chains);
  void run_chain();
  void learn(const core::ConstRows& visible, const core::ConstRows& hidden, double sign, double factor);
  void hold_activities(core::Index chains);

  Rbm& machine_;
  Rule rule_;
  Training training_;
  Activity data_hidden_, chain_visible_, chain_hidden_;
  std::optional<Difference> difference_;  ///< only where both phases are written as one
};

}  // namespace ohmlab::ebm
