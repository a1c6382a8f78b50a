#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <vector>

#include "../core/archive.hpp"
#include "../crossbar/array.hpp"
#include "network_plan.hpp"
#include "neurons.hpp"

namespace ohmlab::ebm {

/// Layers of units and the arrays between them. Weights are in arrays, biases in digital registers
/// at their edge. The field of a layer is one read of each array that feeds it.
class Network {
 public:
  /// Makes an array of a given size, e.g. `IdealArrayModel::make`.
  using MakeArray = std::function<std::unique_ptr<crossbar::Array>(
      core::Index rows, core::Index cols, const crossbar::ArrayContext& context)>;

  /// \param tally  receives all work; outlives the network
  /// \pre the plan has at least one coupling, and every layer has one
  Network(NetworkPlan plan, const Neuron& neuron, std::uint64_t seed, cost::Tally& tally,
          const MakeArray& make);

  /// Programs normally distributed initial weights. Biases of inputs start at the log-odds of
  /// `frequency` if the plan says so; all others start at zero.
  /// \param frequency  one per column of an example, in (0, 1)
  void initialise(const core::VectorD& frequency);

  /// Computes the units of one layer from the states of the layers coupled with it.
  void compute(std::size_t layer, const States& states, const Nudge& nudge, Activity& out);

  [[nodiscard]] const NetworkPlan& plan() const noexcept { return plan_; }
  [[nodiscard]] const std::vector<std::vector<std::size_t>>& groups() const noexcept {
    return groups_;
  }
  /// Number of the group of a layer.
  [[nodiscard]] std::size_t group_of(std::size_t layer) const noexcept { return group_of_[layer]; }
  [[nodiscard]] const Neuron& neuron() const noexcept { return neuron_; }
  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }
  [[nodiscard]] crossbar::Array& weights(std::size_t coupling = 0) noexcept {
    return *arrays_[coupling];
  }
  [[nodiscard]] const crossbar::Array& weights(std::size_t coupling = 0) const noexcept {
    return *arrays_[coupling];
  }
  [[nodiscard]] core::Vector& bias(std::size_t layer) noexcept { return biases_[layer]; }
  [[nodiscard]] const core::Vector& bias(std::size_t layer) const noexcept {
    return biases_[layer];
  }
  /// Digital logic that decides the states of units, posted at the first array.
  [[nodiscard]] cost::Edge& edge() noexcept { return arrays_[0]->edge(); }

  [[nodiscard]] Parameters parameters() const;
  /// State of the network and of its arrays.
  void state(core::Archive& archive);

 private:
  NetworkPlan plan_;
  std::vector<std::vector<std::size_t>> groups_;
  std::vector<std::size_t> group_of_;  ///< group of each layer
  Neuron neuron_;
  std::uint64_t seed_;
  std::vector<std::unique_ptr<crossbar::Array>> arrays_;  ///< array of each coupling
  std::vector<core::Vector> biases_;                      ///< biases of each layer
  std::uint64_t operation_ = 0;
};

}  // namespace ohmlab::ebm
