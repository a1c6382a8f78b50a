#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../core/matrix.hpp"

namespace ohmlab::io {

/// Examples for training and for the test.
struct Dataset {
  core::Matrix train, test;                             ///< rows of examples × units, in [0, 1]
  std::vector<std::uint8_t> train_labels, test_labels;  ///< one label per example, or empty
  std::int64_t height = 0, width = 0;  ///< size of an image; height · width = units
  std::string digest;                  ///< SHA-256 of the data read; part of a run's identity
  bool binary = true;                  ///< true if all numbers of the examples are 0 or 1
};

}  // namespace ohmlab::io
