#pragma once

#include <cstdint>
#include <vector>

#include "../core/rng.hpp"
#include "../crossbar/array.hpp"
#include "states.hpp"

namespace ohmlab::ebm {

/// One array that feeds a layer, and the states that drive it.
struct Feed {
  crossbar::Array& array;
  crossbar::Direction direction;
  const core::Matrix& inputs;  ///< states of the layer on the other side, batch × units
};

/// Term that a phase adds to the energy of a layer: nudge/2 (s − target)².
struct Nudge {
  const core::Matrix* target = nullptr;  ///< batch × units
  float strength = 0;
};

/// A request to compute one layer: read the arrays that feed it, add the biases, decide.
struct Field {
  std::vector<Feed> feeds;  ///< arrays that feed the layer, at least one
  const core::Vector& bias;
  Nudge nudge;
  bool one_of;          ///< true if exactly one unit is on
  core::Stream random;  ///< random numbers of digital sampling
  std::uint64_t operation;
  cost::Edge& edge;  ///< digital logic that decides the states
  cost::Tally::Component component;

  [[nodiscard]] core::Index batch() const noexcept { return feeds[0].inputs.rows(); }
  [[nodiscard]] core::Index units() const noexcept { return bias.size(); }
};

/// Reads all feeds through their converters and adds them up: y = Σ x W. y: batch × units.
inline void read_feeds(const Field& field, core::Matrix& y) {
  field.feeds[0].array.read(field.feeds[0].direction, field.feeds[0].inputs, y);
  for (std::size_t f = 1; f < field.feeds.size(); ++f) {
    core::Matrix more(y.rows(), y.cols());
    field.feeds[f].array.read(field.feeds[f].direction, field.feeds[f].inputs, more);
    y += more;
    field.edge.adds(field.component, static_cast<double>(y.size()), edge_bits);
  }
}

}  // namespace ohmlab::ebm
