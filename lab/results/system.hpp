#pragma once

#include <string>
#include <vector>

#include "../../cost/tally.hpp"

namespace ohmlab::results {

/// One machine that did, or would do, the training, with everything it did and consists of.
struct System {
  std::string name;       ///< "simulated", "rbm_digital", "transformer_digital"
  std::string title;      ///< for the head of a row
  std::string unpriced;   ///< what keeps it from being billed, e.g. voltages that no paper is cited
                          ///< for; "" if nothing
  bool digital = false;   ///< priced as each of the accelerators of a list, instead of as an array
  double parameters = 0;  ///< weights and biases
  double examples = 0;    ///< passes over examples in training
  double tokens =
      0;  ///< pieces of examples that a model of sequences sees one by one; else the examples
  std::vector<cost::Entry> tally;
  std::vector<cost::Holding> holdings;
};

}  // namespace ohmlab::results
