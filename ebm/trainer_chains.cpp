// The part of the trainer that starts its chains and counts what it keeps.
#include "../core/rng.hpp"
#include "../cost/stages.hpp"
#include "trainer.hpp"

namespace ohmlab::ebm {

/// Number of persistent chains.
core::Index Trainer::chains() const {
  return recipe_.chains > 0 ? recipe_.chains : training_.batch;
}

/// Bits that are held where a phase shows every label in turn: means of the hidden units and the
/// share of each label, and the example.
double Trainer::label_bits(const Phase& phase) const {
  const std::vector<LayerPlan>& layers = network_.plan().layers;
  const auto units = [&](std::size_t l) { return static_cast<double>(layers[l].units); };
  return static_cast<double>(rows_of(phase)) * (units(0) + units(1) * (units(2) + 1) * edge_bits);
}

/// Chains start as independent fair coins in all groups but the first, which is drawn before it is
/// read.
void Trainer::start_chains(States& states) {
  cost::Edge& edge = network_.edge();
  const cost::Tally::Stage stage(edge.tally(), cost::start_stage);
  for (std::size_t l = 0; l < states.size(); ++l) {
    core::Matrix& state = states[l].state;
    state.resize(chains(), network_.plan().layers[l].units);
    if (network_.group_of(l) == 0) {
      state.setZero();
      continue;
    }
    core::fill_uniform(core::stream(network_.seed(), core::StreamId::chain_init,
                                    static_cast<std::uint32_t>(l - 1)),
                       0, 0, {state.data(), static_cast<std::size_t>(state.size())});
    state = state.array().round();
    edge.random_words(edge.tally().component("chains"), static_cast<double>(state.size()), 1);
  }
}

/// Bills the buffers that keep the activities of all phases until they are written.
void Trainer::hold_activities() {
  const NetworkPlan& plan = network_.plan();
  double bits_each = 0, rows = 0, error_bits = 0;
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    const bool number = shows_mean(l, l) || !network_.draws_bits(l);
    bits_each += static_cast<double>(plan.layers[l].units) * (number ? edge_bits : 1) *
                 dynamics_.numbers_of_unit();
    if (plan.layers[l].goodness) bits_each += 2 * edge_bits;  // the scalars of the layer
    if (plan.layers[l].noise) bits_each += static_cast<double>(plan.layers[l].units);  // fields
  }
  double errors = 0;
  for (const Phase& phase : recipe_.phases) {
    if (phase.shows_labels) {
      error_bits += label_bits(phase);
      continue;
    }
    rows += static_cast<double>(rows_of(phase));
    if (phase.predicts) errors += static_cast<double>(rows_of(phase)) * edge_bits;
  }
  for (const LayerPlan& layer : plan.layers)
    error_bits += static_cast<double>(layer.units) * errors;
  cost::Edge& edge = network_.edge();
  edge.holds(edge.tally().component("activities"), rows * bits_each + error_bits);
}

}  // namespace ohmlab::ebm
