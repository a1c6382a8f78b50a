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

}  // namespace ohmlab::ebm
