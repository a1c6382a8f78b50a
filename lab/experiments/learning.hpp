#pragma once

#include <cstdint>
#include <string>
#include <tuple>
#include <vector>

#include "../../core/fields.hpp"
#include "../../crossbar/catalogue.hpp"
#include "../../crossbar/number_formats.hpp"
#include "../../ebm/models.hpp"
#include "../../ebm/trainer.hpp"
#include "../../io/datasets.hpp"
#include "../results/result.hpp"

namespace ohmlab::experiments {

/// What every experiment that learns is told: what, with which model, on which array, by which
/// rule, how long.
struct Learning {
  std::int64_t seed = 1;
  io::Data data;
  ebm::Model model;
  crossbar::ArrayModel array;
  ebm::Neuron neuron;
  ebm::Dynamics dynamics;
  ebm::Rule rule;
  ebm::Training training;
  ebm::Evaluation evaluation;
  std::vector<crossbar::NumberFormat> twin_formats;
  static constexpr auto fields = std::tuple{
      core::field("seed", &Learning::seed, "", core::at_least(0), "key of every random draw"),
      core::field("data", &Learning::data, "what is learned", core::Need::required),
      core::field("model", &Learning::model, "the energy"),
      core::field("array", &Learning::array, "what holds the weights"),
      core::field("neuron", &Learning::neuron, "how units decide"),
      core::field("dynamics", &Learning::dynamics, "how the states of a phase come about"),
      core::field("rule", &Learning::rule, "the local learning rule"),
      core::field("training", &Learning::training, "how long, how fast, on what statistics"),
      core::field("evaluation", &Learning::evaluation, "how and when the quality is measured"),
      core::field("twin_formats", &Learning::twin_formats,
                  "number formats that the same machine is billed in on digital accelerators, "
                  "beside float32"),
  };
  [[nodiscard]] std::string problem() const;

  /// The network that learns a task. \throws core::UserError if the model cannot learn it
  [[nodiscard]] ebm::NetworkPlan plan_for(const ebm::Task& task) const;
  /// Makes arrays of the configured kind; refers to this.
  [[nodiscard]] ebm::Network::MakeArray arrays() const;
};

/// Title of a model, e.g. "RBM".
[[nodiscard]] std::string_view title_of(const ebm::Model& model);

/// Adds figures to quantities.
void append(const ebm::Figures& figures, std::vector<results::Quantity>& to);

/// Figures of the hardware under a network, over all its arrays.
[[nodiscard]] ebm::Figures figures_of(const ebm::Network& network);

/// The parameters of a network as a result file holds them.
[[nodiscard]] std::vector<results::Parameter> stored_parameters(const ebm::Parameters& parameters);

}  // namespace ohmlab::experiments
