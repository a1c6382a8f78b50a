#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/ebm/rbm.hpp"
#include "ohmlab/ebm/rules.hpp"
#include "ohmlab/ebm/schedules.hpp"

namespace ohmlab::ebm {

/// What a cell's update is made of: probabilities, or drawn states.
enum class Statistics { means, samples };
constexpr std::array<std::string_view, 2> enum_names(Statistics) { return {"means", "samples"}; }

struct Training {
  std::int64_t epochs = 20;
  std::int64_t batch = 20;
  double rate = 0.05;
  double bias_rate = 0.05;
  Schedule schedule;
  Statistics statistics = Statistics::means;
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
  };
};

/// What keeps neurons of a kind from giving the statistics that a training asks for; "" if nothing does.
[[nodiscard]] std::string statistics_problem(const Training& training, const Neuron& neuron);

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

  Rbm& machine_;
  Rule rule_;
  Training training_;
  Activity data_hidden_, chain_visible_, chain_hidden_;
};

}  // namespace ohmlab::ebm
