#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "../core/archive.hpp"
#include "../crossbar/array_maker.hpp"
#include "network_plan.hpp"
#include "neurons.hpp"
#include "tempered.hpp"

namespace ohmlab::ebm {

/// Layers of units and the arrays between them. Weights are in arrays, biases in digital registers
/// at their edge. The field of a layer is one read of each array that feeds it.
class Network {
 public:
  /// Makes an array of a given size, e.g. `IdealArrayModel::make`. A maker that knows edges makes
  /// couplings with `crossings` along them; another one makes them whole, and the plan says so.
  using MakeArray = crossbar::ArrayMaker;

  /// \param tally  receives all work; outlives the network
  /// \pre the plan has at least one coupling, and every layer has one
  Network(NetworkPlan plan, const Neuron& neuron, std::uint64_t seed, cost::Tally& tally,
          const MakeArray& make);

  /// Programs normally distributed initial weights. Biases of inputs start where their means are
  /// `frequency` if the plan says so; all others start at zero.
  /// \param frequency  one per column of an example, in (0, 1)
  void initialise(const core::VectorD& frequency);

  /// Computes the units of one layer from the states of the layers coupled with it.
  void compute(std::size_t layer, const States& states, const Nudge& nudge, Activity& out);
  /// The same at another inverse temperature. Digital machines have no drivers: they multiply the
  /// field in either case.
  void compute(std::size_t layer, const States& states, const Nudge& nudge, const Tempered& at,
               Activity& out);

  /// What stays as it is while free layers settle: their inputs from held layers and, between nodes
  /// of a circuit, the sums of their conductances, which are read with all inputs at full scale.
  class Settling;
  /// Reads it, unless it is kept.
  /// \param free  one flag per layer
  [[nodiscard]] Settling settling(const std::vector<bool>& free, const States& states);
  /// While an object lives, inputs from held layers are read once: phases that hold the same states
  /// take them from a buffer. No weight may change meanwhile, and no second object may live.
  class KeptInputs {
   public:
    explicit KeptInputs(Network& network);
    ~KeptInputs();
    KeptInputs(const KeptInputs&) = delete;
    KeptInputs& operator=(const KeptInputs&) = delete;

   private:
    Network& network_;
  };
  /// Computes the units of one layer from what stays and from the states of the free layers.
  void compute(std::size_t layer, const States& states, const Nudge& nudge,
               const Settling& settling, Activity& out);

  /// Reads from now on belong to this phase of an update. What is kept of reads of other cells is
  /// dropped.
  void begin_phase(std::size_t phase);

  /// Random numbers of a layer's digital sampling, uniform in [0, 1).
  void draw(std::size_t layer, std::span<float> values);

  /// Reads one coupling: states or errors of the layer on one side, as the other side gets them.
  /// x: batch × units. y: batch × units of the other side.
  void read(std::size_t coupling, crossbar::Direction direction, const core::Matrix& x,
            core::Matrix& y);

  [[nodiscard]] const NetworkPlan& plan() const noexcept { return plan_; }
  [[nodiscard]] const std::vector<std::vector<std::size_t>>& groups() const noexcept {
    return groups_;
  }
  /// Number of the group of a layer.
  [[nodiscard]] std::size_t group_of(std::size_t layer) const noexcept { return group_of_[layer]; }
  [[nodiscard]] const Neuron& neuron() const noexcept { return neuron_; }
  /// True if the states of a layer are drawn bits.
  [[nodiscard]] bool draws_bits(std::size_t layer) const {
    return neuron_.draws_bits() && plan_.layers[layer].law.draws_bits();
  }
  /// Number of a further operation, which keys its draws.
  [[nodiscard]] std::uint64_t new_operation() noexcept { return operation_++; }
  [[nodiscard]] std::uint64_t seed() const noexcept { return seed_; }
  [[nodiscard]] crossbar::Array& weights(std::size_t coupling = 0) noexcept {
    return *arrays_[coupling];
  }
  [[nodiscard]] const crossbar::Array& weights(std::size_t coupling = 0) const noexcept {
    return *arrays_[coupling];
  }
  /// The array of a coupling whose weights are kept along edges; null if it is kept whole.
  [[nodiscard]] crossbar::EdgeArray* along_edges(std::size_t coupling) const noexcept {
    return along_edges_[coupling];
  }
  /// Adds to the weights of a coupling, row by row. change: rows × cols; along edges 1 × weights
  void increment(std::size_t coupling, const core::Matrix& change);
  [[nodiscard]] core::Vector& bias(std::size_t layer) noexcept { return biases_[layer]; }
  [[nodiscard]] const core::Vector& bias(std::size_t layer) const noexcept {
    return biases_[layer];
  }
  /// Digital logic that decides the states of units, posted at the first array.
  [[nodiscard]] cost::Edge& edge() noexcept { return arrays_[0]->edge(); }

  /// The component of a layer's neurons in the tally.
  [[nodiscard]] cost::Tally::Component neurons(std::size_t layer) {
    return edge().tally().component(plan_.layers[layer].name + " neurons");
  }

  /// Weights of a resistive network are conductances, in units of weights.
  [[nodiscard]] Parameters parameters() const;
  /// Programs weights, and sets biases.
  void program(const Parameters& parameters);
  /// State of the network and of its arrays.
  void state(core::Archive& archive);

 private:
  void start_along_edges(std::size_t coupling, const core::Stream& stream);
  [[nodiscard]] std::vector<Feed> feeds_of(std::size_t layer, const States& states,
                                           const std::vector<bool>& of) const;

  NetworkPlan plan_;
  std::vector<std::vector<std::size_t>> groups_;
  std::vector<std::size_t> group_of_;  ///< group of each layer
  Neuron neuron_;
  std::uint64_t seed_;
  std::vector<std::unique_ptr<crossbar::Array>> arrays_;  ///< array of each coupling
  std::vector<crossbar::EdgeArray*> along_edges_;         ///< the same arrays, or null
  /// Conductance of a cell at weight 0 of each array, in weights; 0 in networks without circuits.
  std::vector<double> offsets_;
  std::vector<core::Vector> biases_;  ///< biases of each layer
  std::uint64_t operation_ = 0;
  bool keeps_ = false;
  std::vector<Settling> kept_;
};

/// See `Network::settling`.
class Network::Settling {
 private:
  friend class Network;
  /// True if these layers are free, and the others in the states that were read.
  [[nodiscard]] bool serves(const std::vector<bool>& free, const States& states) const;

  std::vector<bool> free_;
  std::vector<core::Matrix> states_;        ///< by layer, of held layers; empty unless kept
  std::vector<core::Matrix> held_;          ///< by layer; empty if no held layer feeds it
  std::vector<core::Vector> conductances_;  ///< by layer; empty unless the network is a circuit
};

}  // namespace ohmlab::ebm
