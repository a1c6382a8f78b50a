#pragma once

#include <cstdint>
#include <vector>

#include "../core/rng.hpp"
#include "../crossbar/array.hpp"
#include "network_plan.hpp"
#include "states.hpp"

namespace ohmlab::ebm {

/// One array that feeds a layer, and the states that drive it.
struct Feed {
  crossbar::Array& array;
  crossbar::Direction direction;
  const core::Matrix& inputs;  ///< states of the layer on the other side, batch × units
  double full_scale = 1;       ///< largest value of these states
  /// Conductance of a cell at weight 0, in weights; 0 unless weights are conductances.
  double offset = 0;
};

/// Term that a phase adds to the energy of a layer: nudge/2 (s − target)².
struct Nudge {
  const core::Matrix* target = nullptr;  ///< batch × units
  float strength = 0;
};

/// A request to compute one layer: read the arrays that feed it, add the biases, decide.
struct Field {
  const LayerPlan& layer;
  std::vector<Feed> feeds;  ///< arrays that are read for the layer
  /// Batch × units: inputs from held layers, which were read before, or digital fields of single
  /// units; null if there are none.
  const core::Matrix* held;
  const core::Vector& bias;
  Nudge nudge;
  /// Sums of the conductances at each node; null unless the network is a resistive one.
  const core::Vector* conductances;
  core::Stream random;  ///< random numbers of digital sampling
  std::uint64_t operation;
  cost::Edge& edge;  ///< digital logic that decides the states
  cost::Tally::Component component;
  /// Factor on the field, bias included, before the neuron decides.
  float inv_temp = 1;

  [[nodiscard]] core::Index batch() const noexcept {
    return feeds.empty() ? held->rows() : feeds[0].inputs.rows();
  }
  [[nodiscard]] core::Index units() const noexcept { return bias.size(); }
};

/// Reads one feed through its converters: y = x W. Drivers turn the layer's `full_scale` into
/// theirs. On lines of conductances, the share of a cell at no conductance is added. y: batch ×
/// units.
void read_feed(const Feed& feed, cost::Edge& edge, cost::Tally::Component component,
               core::Matrix& y);

/// Reads all feeds, and adds them up with the inputs from held layers. y: batch × units.
void read_feeds(const Field& field, core::Matrix& y);

}  // namespace ohmlab::ebm
