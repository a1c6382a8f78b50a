#include "network.hpp"

#include <cassert>
#include <cmath>
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
    CouplingPlan& coupling = plan_.couplings[c];
    assert(coupling.rows != coupling.cols);
    if (!make.knows_edges()) widen(plan_, coupling);
    const crossbar::ArrayContext context{
        .seed = seed,
        .layer = static_cast<std::uint32_t>(c),
        .name = coupling.name,
        .tally = &tally,
        .edges = coupling.edges.size() > 0 ? &coupling.edges : nullptr,
        .conducts = plan_.resistive};
    along_edges_.push_back(nullptr);
    if (coupling.crossings) {
      auto array = make.along(coupling.crossings, context);
      along_edges_.back() = array.get();
      arrays_.push_back(std::move(array));
    } else {
      arrays_.push_back(
          make(plan_.layers[coupling.rows].units, plan_.layers[coupling.cols].units, context));
    }
    offsets_.push_back(plan_.resistive ? arrays_.back()->rest_conductance() : 0);
  }
}

void Network::initialise(const core::VectorD& frequency) {
  const cost::Tally::Stage stage(edge().tally(), cost::start_stage);
  for (std::size_t c = 0; c < arrays_.size(); ++c) {
    const auto spread = static_cast<float>(plan_.couplings[c].weight_std);
    const core::Stream stream =
        core::stream(seed_, core::StreamId::weight_init, static_cast<std::uint32_t>(c));
    if (along_edges_[c]) {
      start_along_edges(c, stream);
      continue;
    }
    core::Matrix start(arrays_[c]->rows(), arrays_[c]->cols());
    const std::span<float> values(start.data(), static_cast<std::size_t>(start.size()));
    if (plan_.couplings[c].initial == Initial::normal) {
      core::fill_normal(stream, 0, 0, values);
      start *= spread;
    } else {
      core::fill_uniform(stream, 0, 0, values);
      start = (spread * (2 * start.array() - 1)).max(0.0F);
    }
    start.array() -= static_cast<float>(offsets_[c]);
    arrays_[c]->program(start);
  }
  for (std::size_t l = 0; l < biases_.size(); ++l) {
    const LayerPlan& layer = plan_.layers[l];
    biases_[l].setZero();
    if (layer.role != Role::input || !plan_.bias_at_log_odds) continue;
    for (core::Index i = 0; i < layer.units; ++i) {
      const core::Index column =
          layer.columns.empty() ? i : layer.columns[static_cast<std::size_t>(i)];
      biases_[l][i] = static_cast<float>(layer.law.start_bias(frequency[column]));
      if (!layer.noise) continue;
      const double noisy = layer.noise->after(layer.noise->level, frequency[column]);
      biases_[l][i] = static_cast<float>(std::log(noisy / (1 - noisy)));
    }
  }
}

/// Programs normal weights: the numbers of their places in a whole matrix, as long as those can be
/// counted, and of their places among the edges otherwise.
void Network::start_along_edges(std::size_t coupling, const core::Stream& stream) {
  constexpr std::uint64_t most_numbers = std::uint64_t{1} << 34;  // of a fill
  assert(plan_.couplings[coupling].initial == Initial::normal && offsets_[coupling] == 0);
  const crossbar::Crossings& at = along_edges_[coupling]->crossings();
  const auto cols = static_cast<std::uint64_t>(at.cols);
  const bool whole = static_cast<std::uint64_t>(at.rows) * cols <= most_numbers;
  core::Vector start(at.size());
  for (std::size_t e = 0; e < at.row.size(); ++e) {
    const std::uint64_t place = whole ? at.row[e] * cols + at.col[e] : e;
    core::fill_normal(stream, whole ? 0 : 1, place, {&start[static_cast<core::Index>(e)], 1});
  }
  start *= static_cast<float>(plan_.couplings[coupling].weight_std);
  along_edges_[coupling]->program_edges(start);
}

void Network::increment(std::size_t coupling, const core::Matrix& change) {
  if (along_edges_[coupling]) {
    along_edges_[coupling]->increment_edges(change.row(0));
  } else {
    arrays_[coupling]->increment(change);
  }
}

/// Arrays between a layer and those other layers that have a flag.
std::vector<Feed> Network::feeds_of(std::size_t layer, const States& states,
                                    const std::vector<bool>& of) const {
  std::vector<Feed> feeds;
  const auto add = [&](std::size_t c, crossbar::Direction direction, std::size_t from) {
    if (!of[from]) return;
    feeds.push_back(
        {*arrays_[c], direction, states[from].state, plan_.layers[from].full_scale, offsets_[c]});
  };
  for (std::size_t c = 0; c < arrays_.size(); ++c) {
    const CouplingPlan& coupling = plan_.couplings[c];
    if (coupling.cols == layer) add(c, crossbar::Direction::to_cols, coupling.rows);
    if (coupling.rows == layer) add(c, crossbar::Direction::to_rows, coupling.cols);
  }
  return feeds;
}

void Network::compute(std::size_t layer, const States& states, const Nudge& nudge, Activity& out) {
  assert(!plan_.resistive);
  const std::vector<bool> all(plan_.layers.size(), true);
  const core::Matrix& given = states[layer].field;
  edge().buffers(neurons(layer), static_cast<double>(given.size()), 0, 1);  // signs
  const Field field{plan_.layers[layer],
                    feeds_of(layer, states, all),
                    given.size() > 0 ? &given : nullptr,
                    biases_[layer],
                    nudge,
                    nullptr,
                    draws_of(seed_, layer),
                    operation_++,
                    edge(),
                    neurons(layer)};
  neuron_.visit([&](const auto& neuron) { neuron.compute(field, out); });
}

Network::KeptInputs::KeptInputs(Network& network) : network_(network) { network_.keeps_ = true; }

Network::KeptInputs::~KeptInputs() {
  network_.keeps_ = false;
  network_.kept_.clear();
}

void Network::begin_phase(std::size_t phase) {
  for (const auto& array : arrays_) {
    if (array->begin_phase(phase)) kept_.clear();
  }
}

bool Network::Settling::serves(const std::vector<bool>& free, const States& states) const {
  if (free != free_) return false;
  for (std::size_t l = 0; l < free.size(); ++l) {
    if (free[l]) continue;
    const core::Matrix& now = states[l].state;
    if (now.rows() != states_[l].rows() || now != states_[l]) return false;
  }
  return true;
}

void Network::compute(std::size_t layer, const States& states, const Nudge& nudge,
                      const Tempered& at, Activity& out) {
  if (at.inv_temp == 1) return compute(layer, states, nudge, out);
  assert(!plan_.resistive);
  const auto inv_temp = static_cast<float>(at.inv_temp);
  std::vector<Feed> feeds = feeds_of(layer, states, std::vector<bool>(plan_.layers.size(), true));
  core::Vector bias = biases_[layer];
  std::vector<core::Matrix> driven;
  const bool scales_drivers =
      at.scaling == Scaling::drivers && edge().machine() == cost::Machine::array;
  if (scales_drivers) {
    bias *= inv_temp;
    driven.reserve(feeds.size());
    std::vector<Feed> scaled;
    for (const Feed& feed : feeds) {
      driven.push_back(inv_temp * feed.inputs);
      scaled.push_back({feed.array, feed.direction, driven.back(), feed.full_scale, feed.offset});
    }
    feeds.swap(scaled);
    edge().multiplies(neurons(layer), static_cast<double>(bias.size()), edge_bits);
  }
  const Field field{plan_.layers[layer],
                    std::move(feeds),
                    nullptr,
                    bias,
                    nudge,
                    nullptr,
                    draws_of(seed_, layer),
                    operation_++,
                    edge(),
                    neurons(layer),
                    scales_drivers ? 1 : inv_temp};
  neuron_.visit([&](const auto& neuron) { neuron.compute(field, out); });
}

Network::Settling Network::settling(const std::vector<bool>& free, const States& states) {
  for (const Settling& kept : kept_) {
    if (kept.serves(free, states)) return kept;
  }
  const std::size_t layers = plan_.layers.size();
  std::vector<bool> held(layers);
  for (std::size_t l = 0; l < layers; ++l) held[l] = !free[l];
  Settling out;
  out.free_ = free;
  out.held_.resize(layers);
  out.conductances_.resize(layers);
  for (std::size_t l = 0; l < layers; ++l) {
    if (!free[l]) continue;
    const auto component = neurons(l);
    const core::Index units = plan_.layers[l].units;
    for (const Feed& feed : feeds_of(l, states, held)) {
      core::Matrix more(feed.inputs.rows(), units);
      read_feed(feed, edge(), component, more);
      if (out.held_[l].size() == 0) {
        out.held_[l] = std::move(more);
      } else {
        out.held_[l] += more;
        edge().adds(component, static_cast<double>(more.size()), edge_bits);
      }
    }
    edge().buffers(component, 0, static_cast<double>(out.held_[l].size()), edge_bits);
    if (!plan_.resistive) continue;
    out.conductances_[l].setZero(units);
    for (const Feed& feed : feeds_of(l, states, std::vector<bool>(layers, true))) {
      const core::Matrix ones = core::Matrix::Ones(1, feed.inputs.cols());
      core::Matrix sums(1, units);
      read_feed({feed.array, feed.direction, ones, 1, feed.offset}, edge(), component, sums);
      out.conductances_[l] += sums.row(0);
      edge().adds(component, static_cast<double>(units), edge_bits);
    }
  }
  if (keeps_) {
    for (std::size_t l = 0; l < layers; ++l)
      out.states_.push_back(free[l] ? core::Matrix() : states[l].state);
    kept_.push_back(out);
  }
  return out;
}

void Network::compute(std::size_t layer, const States& states, const Nudge& nudge,
                      const Settling& settling, Activity& out) {
  const core::Matrix& held = settling.held_[layer];
  const core::Vector& conductances = settling.conductances_[layer];
  const Field field{plan_.layers[layer],
                    feeds_of(layer, states, settling.free_),
                    held.size() > 0 ? &held : nullptr,
                    biases_[layer],
                    nudge,
                    conductances.size() > 0 ? &conductances : nullptr,
                    draws_of(seed_, layer),
                    operation_++,
                    edge(),
                    neurons(layer)};
  edge().buffers(field.component, static_cast<double>(held.size()), 0, edge_bits);
  neuron_.visit([&](const auto& neuron) { neuron.compute(field, out); });
}

void Network::draw(std::size_t layer, std::span<float> values) {
  core::fill_uniform(draws_of(seed_, layer), operation_++, 0, values);
}

void Network::read(std::size_t coupling, crossbar::Direction direction, const core::Matrix& x,
                   core::Matrix& y) {
  const bool forward = direction == crossbar::Direction::to_cols;
  const CouplingPlan& plan = plan_.couplings[coupling];
  const std::size_t from = forward ? plan.rows : plan.cols, to = forward ? plan.cols : plan.rows;
  y.resize(x.rows(), plan_.layers[to].units);
  read_feed({*arrays_[coupling], direction, x, plan_.layers[from].full_scale, offsets_[coupling]},
            edge(), neurons(to), y);
}

void Network::program(const Parameters& parameters) {
  for (std::size_t c = 0; c < arrays_.size(); ++c)
    arrays_[c]->program((parameters.weights[c].array() - offsets_[c]).matrix().cast<float>());
  for (std::size_t l = 0; l < biases_.size(); ++l) biases_[l] = parameters.biases[l].cast<float>();
}

Parameters Network::parameters() const {
  Parameters out{plan_, {}, {}};
  for (std::size_t c = 0; c < arrays_.size(); ++c) {
    out.weights.push_back(arrays_[c]->weights());
    if (plan_.resistive) out.weights.back().array() += offsets_[c];
  }
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
