#include "ohmlab/ebm/trainer.hpp"

#include <fmt/format.h>

namespace ohmlab::ebm {

std::string training_problem(const Training& training, const Neuron& neuron) {
  if (training.momentum > 0 && training.update == Update::two_phase) {
    return "training.momentum needs training.update = \"differenced\": pulses of each phase leave no change "
           "to keep";
  }
  if (training.statistics == Statistics::samples || neuron.gives_means()) return "";
  return fmt::format(
      "training.statistics = \"means\" needs neurons that give means; \"{}\" gives drawn states only (use "
      "\"samples\", or "
      "neuron = \"adc\")",
      neuron.kind());
}

Trainer::Trainer(Rbm& machine, const Rule& rule, const Training& training)
    : machine_(machine), rule_(rule), training_(training) {
  core::Index chains = training_.batch;
  rule_.visit([&](const auto& r) {
    if constexpr (std::remove_cvref_t<decltype(r)>::persistent) {
      if (r.chains > 0) chains = r.chains;
      start_chains(chains);
    }
  });
  hold_activities(chains);
  if (training_.update == Update::differenced) {
    crossbar::Array& weights = machine_.weights();
    difference_.emplace(weights.edge(), weights.rows(), weights.cols(), training_.momentum);
  }
}

/// Both phases' activities of a batch wait in buffers until they are written.
void Trainer::hold_activities(core::Index chains) {
  cost::Edge& edge = machine_.weights().edge();
  const bool means = training_.statistics == Statistics::means;
  const double bits_each = static_cast<double>(machine_.weights().rows()) +
                           static_cast<double>(machine_.weights().cols()) * (means ? edge_bits : 1);
  edge.holds(edge.tally().component("activities"), static_cast<double>(training_.batch + chains) * bits_each);
}

/// Persistent chains start as independent fair coins.
void Trainer::start_chains(core::Index chains) {
  cost::Edge& edge = machine_.weights().edge();
  const cost::Tally::Stage stage(edge.tally(), start_stage);
  core::Matrix& state = chain_hidden_.state;
  state.resize(chains, machine_.weights().cols());
  core::fill_uniform(core::stream(machine_.seed(), core::StreamId::chain_init), 0, 0,
                     {state.data(), static_cast<std::size_t>(state.size())});
  state = state.array().round();
  edge.random_words(edge.tally().component("chains"), static_cast<double>(state.size()), 1);
}

void Trainer::step(const core::ConstRows& data, double factor) {
  cost::Tally& tally = machine_.weights().edge().tally();
  const bool means = training_.statistics == Statistics::means;
  {
    const cost::Tally::Stage stage(tally, "train: data phase");
    machine_.weights().edge().fetches(tally.component("examples"), static_cast<double>(data.size()));
    machine_.hidden(data, data_hidden_);
  }
  {
    const cost::Tally::Stage stage(tally, "train: model phase");
    run_chain();
  }
  const cost::Tally::Stage stage(tally, "train: update");
  const core::Matrix& data_hidden = means ? data_hidden_.mean : data_hidden_.state;
  const core::Matrix& chain_hidden = means ? chain_hidden_.mean : chain_hidden_.state;
  if (difference_) {
    difference_->form({data, data_hidden}, {chain_visible_.state, chain_hidden});
    machine_.weights().increment(static_cast<float>(training_.rate * factor) * difference_->weights());
    machine_.visible_bias += static_cast<float>(training_.bias_rate * factor) * difference_->visible();
    machine_.hidden_bias += static_cast<float>(training_.bias_rate * factor) * difference_->hidden();
  } else {
    learn(data, data_hidden, +1, factor);
    learn(chain_visible_.state, chain_hidden, -1, factor);
  }
}

void Trainer::state(core::Archive& archive) {
  rule_.visit([&](const auto& rule) {
    if constexpr (std::remove_cvref_t<decltype(rule)>::persistent) {
      archive.item("chains", chain_hidden_.state);
    }
  });
  if (difference_) {
    const core::Archive::Part part(archive, "difference");
    difference_->state(archive);
  }
  const core::Archive::Part part(archive, "machine");
  machine_.state(archive);
}

/// Moves the model's chain by the rule's number of Gibbs steps.
void Trainer::run_chain() {
  rule_.visit([&](const auto& rule) {
    using R = std::remove_cvref_t<decltype(rule)>;
    if constexpr (!R::persistent) chain_hidden_.state = data_hidden_.state;
    for (std::int64_t k = 0; k < rule.steps; ++k) {
      machine_.visible(chain_hidden_.state, chain_visible_);
      machine_.hidden(chain_visible_.state, chain_hidden_);
    }
  });
}

/// Adds one phase's correlations to weights and biases: Hebbian with sign +1, anti-Hebbian with −1.
void Trainer::learn(const core::ConstRows& visible, const core::ConstRows& hidden, double sign,
                    double factor) {
  const double share = sign * factor / static_cast<double>(visible.rows());
  machine_.weights().update(visible, hidden, training_.rate * share);
  const auto bias_share = static_cast<float>(training_.bias_rate * share);
  machine_.visible_bias += bias_share * visible.colwise().sum();
  machine_.hidden_bias += bias_share * hidden.colwise().sum();

  cost::Edge& edge = machine_.weights().edge();
  const auto biases = edge.tally().component("biases");
  const auto registers = static_cast<double>(visible.cols() + hidden.cols());
  edge.adds(biases, static_cast<double>(visible.size() + hidden.size()), 16);
  edge.multiplies(biases, registers, 16);
  edge.buffers(biases, registers, registers, 16);
}

}  // namespace ohmlab::ebm
