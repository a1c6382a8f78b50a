#pragma once

#include "../../crossbar/array.hpp"

namespace ohmlab::ebm {

/// Bits of numbers in the digital logic of a memory.
constexpr double memory_bits = 16;

/// Patterns, and the array that they are stored in.
struct Storing {
  crossbar::Array& array;
  const core::Matrix& patterns;  ///< patterns × units, -1 or +1
  double gain = 1;               ///< weights of the array over those of the rule
  cost::Tally::Component component;

  [[nodiscard]] core::Index count() const noexcept { return patterns.rows(); }
  [[nodiscard]] core::Index units() const noexcept { return patterns.cols(); }
  /// One pattern, 1 × units, brought from main memory.
  [[nodiscard]] core::Matrix fetch(core::Index pattern) const {
    array.edge().fetches(component, static_cast<double>(units()));
    return patterns.row(pattern);
  }
};

}  // namespace ohmlab::ebm
