#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "ohmlab/core/matrix.hpp"

namespace ohmlab::io {

/// Binary examples in two parts that share no example.
struct Dataset {
  core::Matrix train, test;                             ///< examples × units, 0 or 1
  std::vector<std::uint8_t> train_labels, test_labels;  ///< one per example, or empty
  std::int64_t height = 0, width = 0;                   ///< of an image; height · width = units
  std::string digest;  ///< SHA-256 of what was read; part of a run's identity
};

}  // namespace ohmlab::io
