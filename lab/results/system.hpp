#pragma once

#include <string>
#include <vector>

#include "../../cost/machine.hpp"
#include "../../cost/tally.hpp"

namespace ohmlab::results {

/// One machine that did, or would do, the training, with its tally and its parts.
struct System {
  std::string name;   ///< e.g. "simulated", "rbm_digital", "transformer_digital"
  std::string title;  ///< heading of a row
  /// Reason why it cannot be billed, e.g. voltages without a cited paper; "" if there is none
  std::string unpriced;
  cost::Machine machine = cost::Machine::array;  ///< priced at each place of its kind
  double parameters = 0;                         ///< number of weights and biases
  double examples = 0;  ///< number of examples seen in training, repeats included
  /// Number of tokens or patches seen by a model of sequences; for other models, the examples
  double tokens = 0;
  std::vector<cost::Entry> tally;
  std::vector<cost::Holding> holdings;
  /// Model and rule. Systems of one algorithm did the same training; "" if it did not train
  std::string algorithm;
};

}  // namespace ohmlab::results
