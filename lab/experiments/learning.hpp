#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"
#include "../../crossbar/catalogue.hpp"
#include "../../crossbar/number_formats.hpp"
#include "../../ebm/models.hpp"
#include "../../ebm/trainer.hpp"
#include "../../io/datasets.hpp"
#include "../results/result.hpp"

namespace ohmlab::experiments {

/// Settings of every experiment that learns: data, model, array, rule and training.
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
  std::vector<crossbar::NumberFormat> chip_formats{{crossbar::Int8Shift{}}};
  static constexpr auto fields = core::Fields{
      core::field("seed", &Learning::seed, "", core::at_least(0), "key of every random draw"),
      core::field("data", &Learning::data, "what is learned", core::Need::required),
      core::field("model", &Learning::model, "energy function that is learned"),
      core::field("array", &Learning::array, "array that holds the weights"),
      core::field("neuron", &Learning::neuron, "neurons that set the states of the units"),
      core::field("dynamics", &Learning::dynamics, "computation of the states in a phase"),
      core::field("rule", &Learning::rule, "the local learning rule"),
      core::field("training", &Learning::training,
                  "length, learning rate and statistics of the training"),
      core::field("evaluation", &Learning::evaluation,
                  "measures of quality, and when they are taken"),
      core::field("twin_formats", &Learning::twin_formats,
                  "number formats, besides float32, in which the same machine is billed on digital "
                  "accelerators"),
      core::field("chip_formats", &Learning::chip_formats,
                  "number formats in which the same machine is billed on digital chips"),
  };
  [[nodiscard]] std::string problem() const;

  /// The network that learns a task. \throws core::UserError if the model cannot learn it
  [[nodiscard]] ebm::NetworkPlan plan_for(const ebm::Task& task) const;
  /// Makes arrays of the configured kind.
  [[nodiscard]] ebm::Network::MakeArray arrays() const;

 private:
  void refuse_neuron(const ebm::NetworkPlan& plan) const;
  void refuse_replicas(const ebm::NetworkPlan& plan) const;
  void refuse_dynamics(const ebm::NetworkPlan& plan) const;
  void refuse_labels(const ebm::NetworkPlan& plan) const;
  void refuse_chains(const ebm::NetworkPlan& plan) const;
  void refuse_hidden(const ebm::NetworkPlan& plan) const;
};

/// Title of a model, e.g. "RBM".
[[nodiscard]] std::string_view title_of(const ebm::Model& model);

/// A name that HDF5 and xarray accept: "hidden 1" becomes "hidden_1".
[[nodiscard]] std::string identifier(std::string name);

/// Appends figures to a list of quantities.
void append(const ebm::Figures& figures, std::vector<results::Quantity>& to);

/// Figures of the hardware under a network, over all its arrays.
[[nodiscard]] ebm::Figures figures_of(const ebm::Network& network);

/// Parameters of a network in the form of a result file.
[[nodiscard]] std::vector<results::Parameter> stored_parameters(const ebm::Parameters& parameters);

/// Between the name of a coupling and the number of a plane of its cells in a result file.
constexpr std::string_view of_cells = "_cells_";

/// Conductances of the cells of a network now, without the noise of reads; nothing for arrays
/// without cited conductances and for several copies. Planes are as in `Array::conductances`.
[[nodiscard]] std::vector<results::Parameter> stored_cells(const ebm::Network& network);

}  // namespace ohmlab::experiments
