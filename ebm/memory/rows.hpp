#pragma once

#include <cstdint>
#include <string>

#include "storing.hpp"

namespace ohmlab::ebm {

/// Patterns as rows of an array, patterns × units; programmed once.
struct PatternRows {
  static constexpr bool pairwise = false;

  [[nodiscard]] static std::string problem_with(core::Index, core::Index) { return ""; }
  /// Returns the number of passes over the patterns.
  static std::int64_t store(const Storing& to) {
    core::Matrix target(to.count(), to.units());
    for (core::Index k = 0; k < to.count(); ++k) target.row(k) = to.fetch(k);
    target *= static_cast<float>(to.gain);
    to.array.program(target);
    return 1;
  }
};

}  // namespace ohmlab::ebm
