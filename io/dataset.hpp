#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "../core/matrix.hpp"

namespace ohmlab::io {

/// Examples in two parts that share no example.
struct Dataset {
  core::Matrix train, test;                             ///< examples × units, in [0, 1]
  std::vector<std::uint8_t> train_labels, test_labels;  ///< one per example, or empty
  std::int64_t height = 0, width = 0;                   ///< of an image; height · width = units
  std::string digest;  ///< SHA-256 of what was read; part of a run's identity
  bool binary = true;  ///< whether all numbers of the examples are 0 or 1
};

}  // namespace ohmlab::io
