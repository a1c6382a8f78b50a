#include "network.hpp"

#include <cassert>
#include <utility>

#include <fmt/format.h>

#include "../cost/stages.hpp"

namespace ohmlab::ebm {
namespace {

/// The stream that a layer's units draw their states from.
core::Stream draws_of(std::uint64_t seed, std::size_t layer) {
  return layer == 0 ? core::stream(seed, core::StreamId::neuron_visible)
                    : core::stream(seed, core::StreamId::neuron_hidden,
                                   static_cast<std::uint32_t>(layer - 1));
}

}  // namespace

Network::Network(NetworkPlan plan, const Neuron& neuron, std::uint64_t seed, cost::Tally& tally,
                 const MakeArray& make)
    : plan_(std::move(plan)),
      groups_(groups_of(plan_)),
      group_of_(plan_.layers.size()),
      neuron_(neuron),
      seed_(seed) {
  for (std::size_t group = 0; group < groups_.size(); ++group) {
    for (const std::size_t layer : groups_[group]) group_of_[layer] = group;
  }
  for (const LayerPlan& layer : plan_.layers) biases_.push_back(core::Vector::Zero(layer.units));
  for (std::size_t c = 0; c < plan_.couplings.size(); ++c) {
    const CouplingPlan& coupling = plan_.couplings[c];
    assert(coupling.rows != coupling.cols);
    arrays_.push_back(make(plan_.layers[coupling.rows].units, plan_.layers[coupling.cols].units,
                           {.seed = seed,
                            .layer = static_cast<std::uint32_t>(c),
                            .name = coupling.name,
                            .tally = &tally,
                            .edges = coupling.edges.size() > 0 ? &coupling.edges : nullptr}));
  }
}

void Network::initialise(const core::VectorD& frequency) {
  const cost::Tally::Stage stage(edge().tally(), cost::start_stage);
  for (std::size_t c = 0; c < arrays_.size(); ++c) {
    core::Matrix start(arrays_[c]->rows(), arrays_[c]->cols());
    core::fill_normal(
        core::stream(seed_, core::StreamId::weight_init, static_cast<std::uint32_t>(c)), 0, 0,
        {start.data(), static_cast<std::size_t>(start.size())});
    start *= static_cast<float>(plan_.couplings[c].weight_std);
    arrays_[c]->program(start);
  }
  const core::VectorD log_odds = (frequency.array() / (1 - frequency.array())).log();
  for (std::size_t l = 0; l < biases_.size(); ++l) {
    const LayerPlan& layer = plan_.layers[l];
    biases_[l].setZero();
    if (layer.role != Role::input || !plan_.bias_at_log_odds) continue;
    for (core::Index i = 0; i < layer.units; ++i) {
      const core::Index column =
          layer.columns.empty() ? i : layer.columns[static_cast<std::size_t>(i)];
      biases_[l][i] = static_cast<float>(log_odds[column]);
    }
  }
}

void Network::compute(std::size_t layer, const States& states, const Nudge& nudge, Activity& out) {
  std::vector<Feed> feeds;
  for (std::size_t c = 0; c < arrays_.size(); ++c) {
    const CouplingPlan& coupling = plan_.couplings[c];
    if (coupling.cols == layer)
      feeds.push_back({*arrays_[c], crossbar::Direction::to_cols, states[coupling.rows].state});
    if (coupling.rows == layer)
      feeds.push_back({*arrays_[c], crossbar::Direction::to_rows, states[coupling.cols].state});
  }
  const Field field{std::move(feeds),
                    biases_[layer],
                    nudge,
                    plan_.layers[layer].one_of,
                    draws_of(seed_, layer),
                    operation_++,
                    edge(),
                    edge().tally().component(plan_.layers[layer].name + " neurons")};
  neuron_.visit([&](const auto& neuron) { neuron.compute(field, out); });
}

Parameters Network::parameters() const {
  Parameters out{plan_, {}, {}};
  for (const auto& array : arrays_) out.weights.push_back(array->weights());
  for (const core::Vector& bias : biases_) out.biases.push_back(bias.cast<double>());
  return out;
}

void Network::state(core::Archive& archive) {
  archive.item("operation", operation_);
  for (std::size_t l = 0; l < biases_.size(); ++l)
    archive.item(fmt::format("bias{}", l), biases_[l]);
  for (std::size_t c = 0; c < arrays_.size(); ++c) {
    const core::Archive::Part part(archive, fmt::format("weights{}", c));
    arrays_[c]->state(archive);
  }
}

}  // namespace ohmlab::ebm
