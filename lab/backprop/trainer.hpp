#pragma once

#include "network.hpp"

namespace ohmlab::backprop {

/// One batch of examples.
struct Batch {
  const core::ConstRows& inputs;  ///< examples × units
  const core::Matrix& targets;    ///< examples × classes, one-hot
  double input_bits = 1;          ///< bits of one number of `inputs` in main memory
};

/// Trains a network by stochastic gradient descent, one batch after another. Weights are constant
/// within a batch.
class Trainer {
 public:
  /// \param network     outlives the trainer
  /// \param batch       largest number of examples of a batch, whose signals are held in buffers
  /// \param input_bits  bits of one input in memory
  Trainer(Network& network, core::Index batch, double input_bits);

  /// Learns from one batch. Returns the sum of -ln p of its labels, as the forward pass saw them.
  /// \param rate  learning rate of the mean gradient of the batch
  double step(const Batch& batch, double rate);

  /// State between steps.
  void state(core::Archive& archive) { network_.state(archive); }

 private:
  void fetch(const Batch& batch);

  Network& network_;
  Signals signals_;
};

}  // namespace ohmlab::backprop
