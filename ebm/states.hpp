#pragma once

#include <vector>

#include "../core/matrix.hpp"
#include "edge_bits.hpp"

namespace ohmlab::ebm {

/// The units of one layer for every example or chain of a batch.
struct Activity {
  /// Batch × units, in [0, 1] where units draw bits; equal to `state` if the hardware gives no
  /// means.
  core::Matrix mean;
  core::Matrix state;  ///< batch × units; 0 or 1 if units draw bits
  /// Batch × units: what the layer's function makes `state` of, and its distance from its
  /// prediction; empty unless the dynamics predict.
  core::Matrix value, error;
  /// Batch: scalars that a layer's periphery declares to all of its units, where layers have a
  /// goodness: the probability that an example is positive, and the derivative of the goodness by a
  /// unit's field over its activity.
  core::Vector positive, gain;
  /// Batch × units: digital fields of the units besides those from arrays and biases, in logits;
  /// empty unless the layer is of a chain of noisy examples.
  core::Matrix field;
  /// Batch × 1: weight of each row where a phase shows every label in turn; empty elsewhere.
  core::Matrix share;
};

/// Activities of all layers of a network, in its order.
using States = std::vector<Activity>;

/// One batch, as a phase may hold it. Layers take their columns from it; see LayerPlan.
struct Examples {
  const core::ConstRows& inputs;          ///< examples × units
  const core::Matrix* targets = nullptr;  ///< examples × classes, one-hot; null without labels
  double input_bits = 1;                  ///< bits of one number of `inputs` in main memory
};

}  // namespace ohmlab::ebm
