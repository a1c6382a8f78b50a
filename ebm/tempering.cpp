#include "tempering.hpp"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "../core/math.hpp"
#include "../cost/stages.hpp"
#include "dynamics/gibbs.hpp"

namespace ohmlab::ebm {
namespace {

enum Travel : std::uint64_t { nowhere, from_cold, from_hot };

}  // namespace

Tempering::Tempering(Network& network, Ladder ladder, core::Index chains)
    : network_(network),
      ladder_(std::move(ladder)),
      chains_(chains),
      component_(network.edge().tally().component("replicas")),
      hot_(ladder_.inv_temps.size() - 1, States(network.plan().layers.size())),
      tried_(hot_.size()),
      accepted_(hot_.size()),
      travels_(static_cast<std::size_t>(chains) * ladder_.inv_temps.size(), nowhere) {
  cost::Edge& edge = network_.edge();
  const cost::Tally::Stage stage(edge.tally(), cost::start_stage);
  double bits = 0;
  for (std::size_t r = 0; r < hot_.size(); ++r) {
    for (std::size_t l = 0; l < hot_[r].size(); ++l) {
      core::Matrix& state = hot_[r][l].state;
      state.resize(chains, network_.plan().layers[l].units);
      core::fill_uniform(
          core::stream(network_.seed(), core::StreamId::chain_init, static_cast<std::uint32_t>(l)),
          r + 1, 0, {state.data(), static_cast<std::size_t>(state.size())});
      state = state.array().round();
      bits += static_cast<double>(state.size());
    }
  }
  edge.random_words(component_, bits, 1);
  // States, and for each replica its number and its energy.
  const auto replicas = static_cast<double>(travels_.size());
  edge.holds(component_, bits + 2 * replicas * edge_bits);
}

void Tempering::run(const std::vector<bool>& free, const std::vector<Nudge>& nudges,
                    std::int64_t steps, States& cold) {
  for (std::int64_t k = 0; k < steps; ++k) {
    exchange(cold);
    sweep(free, nudges, cold);
  }
}

void Tempering::sweep(const std::vector<bool>& free, const std::vector<Nudge>& nudges,
                      States& cold) {
  for (std::size_t r = 0; r <= hot_.size(); ++r)
    GibbsDynamics{}.sweep(network_, free, nudges, replica(r, cold), ladder_.at(r));
}

core::VectorD Tempering::energies(const States& states) {
  const NetworkPlan& plan = network_.plan();
  core::VectorD out = core::VectorD::Zero(chains_);
  double added = 0;
  core::Matrix fields;
  for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
    const core::Matrix& ends = states[plan.couplings[c].cols].state;
    network_.read(c, crossbar::Direction::to_cols, states[plan.couplings[c].rows].state, fields);
    out -= fields.cwiseProduct(ends).rowwise().sum().transpose().cast<double>();
    added += static_cast<double>(ends.size());
  }
  for (std::size_t l = 0; l < states.size(); ++l) {
    out -= (states[l].state * network_.bias(l).transpose()).transpose().cast<double>();
    added += static_cast<double>(states[l].state.size());
  }
  network_.edge().adds(component_, added, edge_bits);  // where units are on
  network_.edge().buffers(component_, added, static_cast<double>(chains_), edge_bits);
  return out;
}

void Tempering::exchange(States& cold) {
  const std::size_t replicas = ladder_.inv_temps.size();
  std::vector<core::VectorD> energy;
  for (std::size_t r = 0; r < replicas; ++r) energy.push_back(energies(replica(r, cold)));
  core::Matrix coins(chains_, static_cast<core::Index>(replicas));
  core::fill_uniform(core::stream(network_.seed(), core::StreamId::replica_swap), rounds_, 0,
                     {coins.data(), static_cast<std::size_t>(coins.size())});
  for (std::size_t m = rounds_ % 2; m + 1 < replicas; m += 2) {
    States &lower = replica(m, cold), &upper = replica(m + 1, cold);
    const double step = ladder_.inv_temps[m] - ladder_.inv_temps[m + 1];
    for (core::Index c = 0; c < chains_; ++c) {
      const double gain = step * (energy[m][c] - energy[m + 1][c]);
      ++tried_[m];
      if (coins(c, static_cast<core::Index>(m)) >=
          core::exp(static_cast<float>(std::min(0.0, gain))))
        continue;
      ++accepted_[m];
      for (std::size_t l = 0; l < lower.size(); ++l)
        lower[l].state.row(c).swap(upper[l].state.row(c));
      const std::size_t at = static_cast<std::size_t>(c) * replicas + m;
      std::swap(travels_[at], travels_[at + 1]);
    }
  }
  ++rounds_;
  count_trips();
  // Pairs of a round in the mean over both turns, so that one update stands for all in a digital
  // twin's bill.
  const double pairs = static_cast<double>(chains_) * static_cast<double>(replicas - 1) / 2;
  cost::Edge& edge = network_.edge();
  edge.adds(component_, 2 * pairs, edge_bits);  // difference of energies; comparison
  edge.multiplies(component_, pairs, edge_bits);
  edge.sigmoids(component_, pairs);  // a table of exponentials
  edge.random_words(component_, pairs, random_bits);
  edge.buffers(component_, 4 * pairs, 2 * pairs, edge_bits);  // two energies and two numbers
}

void Tempering::count_trips() {
  const std::size_t replicas = ladder_.inv_temps.size();
  for (std::size_t first = 0; first < travels_.size(); first += replicas) {
    std::uint64_t &at_cold = travels_[first], &at_hot = travels_[first + replicas - 1];
    if (at_cold == from_hot) ++trips_;
    at_cold = from_cold;
    if (at_hot == from_cold) at_hot = from_hot;
  }
}

std::vector<crossbar::Figure> Tempering::figures() const {
  double sum = 0, least = 1, pairs = 0;
  for (std::size_t m = 0; m < tried_.size(); ++m) {
    if (tried_[m] == 0) continue;
    const double share = static_cast<double>(accepted_[m]) / static_cast<double>(tried_[m]);
    sum += share;
    least = std::min(least, share);
    ++pairs;
  }
  if (pairs == 0) return {};
  return {{"swap_rate", sum / pairs, "1", "accepted exchanges of replicas, mean over pairs"},
          {"least_swap_rate", least, "1", "accepted exchanges of the pair with the fewest"},
          {"round_trips", static_cast<double>(trips_) / static_cast<double>(chains_), "1",
           "trips of states from inverse temperature 1 to the hot end and back, a chain"}};
}

void Tempering::state(core::Archive& archive) {
  for (std::size_t r = 0; r < hot_.size(); ++r) {
    for (std::size_t l = 0; l < hot_[r].size(); ++l)
      archive.item(fmt::format("replica{}.{}", r + 1, l), hot_[r][l].state);
  }
  archive.item("rounds", rounds_);
  archive.item("tried", tried_);
  archive.item("accepted", accepted_);
  archive.item("travels", travels_);
  archive.item("trips", trips_);
}

}  // namespace ohmlab::ebm
