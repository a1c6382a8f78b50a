#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "storing.hpp"

namespace ohmlab::ebm {

/// One outer product a pattern.
struct Hebb {
  static constexpr std::string_view name = "hebb";
  static constexpr std::string_view summary = "Each pattern is written once, by one outer product.";
  static constexpr std::string_view equation = "W_ij = 1/N Σ_μ ξ_i ξ_j, i ≠ j";
  static constexpr std::string_view source =
      "Hopfield, PNAS 79, 2554 (1982); 0.138 N random patterns: Amit, Gutfreund & Sompolinsky, "
      "Phys. Rev. Lett. 55, 1530 (1985)";
  static constexpr bool pairwise = true;
  static constexpr core::Fields<> fields{};

  [[nodiscard]] static std::string problem_with(core::Index, core::Index) { return ""; }
  /// Returns the number of passes over the patterns.
  static std::int64_t store(const Storing& to) {
    const double rate = to.gain / static_cast<double>(to.units());
    for (core::Index k = 0; k < to.count(); ++k) {
      const core::Matrix pattern = to.fetch(k);
      to.array.update(pattern, pattern, rate);
    }
    return 1;
  }
};

}  // namespace ohmlab::ebm
