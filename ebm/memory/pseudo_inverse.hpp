#pragma once

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "../../core/fields.hpp"
#include "storing.hpp"

namespace ohmlab::ebm {

/// The local delta rule, which comes to the weights of the pseudo-inverse. Without cells on the
/// diagonal these are P_ij / (1 - P_jj), with them P_ij, P the projector on the patterns.
struct PseudoInverse {
  static constexpr std::string_view name = "pseudo_inverse";
  static constexpr std::string_view summary =
      "Each pattern is read and its error written, pass after pass, until all are fixed points.";
  static constexpr std::string_view equation =
      "ΔW_ij = rate/N ξ_i (ξ_j - h_j), h_j = Σ_i ξ_i W_ij; ends when all ξ_j h_j >= margin";
  static constexpr std::string_view source =
      "pseudo-inverse: Personnaz, Guyon & Dreyfus, J. Physique Lett. 46, L359 (1985); Kanter & "
      "Sompolinsky, Phys. Rev. A 35, 380 (1987); local rule: Diederich & Opper, Phys. Rev. Lett. "
      "58, 949 (1987)";
  static constexpr bool pairwise = true;

  std::int64_t passes = 100;
  double rate = 1, margin = 0.9;
  static constexpr auto fields = core::Fields{
      core::field("passes", &PseudoInverse::passes, "", core::between(1, 100'000),
                  "most passes over the patterns"),
      core::field("rate", &PseudoInverse::rate, "",
                  {.low = 0, .high = 2, .low_open = true, .high_open = true},
                  "share of the error of one pattern that one change removes; it diverges from 2"),
      core::field("margin", &PseudoInverse::margin, "", {.low = 0, .high = 1, .high_open = true},
                  "least aligned field of any unit in any pattern at which passes end"),
  };

  [[nodiscard]] static std::string problem_with(core::Index units, core::Index patterns) {
    if (patterns <= units) return "";
    return fmt::format("no pseudo-inverse fixes more patterns than units: expected at most {}",
                       units);
  }
  /// Returns the number of passes over the patterns.
  [[nodiscard]] std::int64_t store(const Storing& to) const {
    const auto units = static_cast<double>(to.units());
    cost::Edge& edge = to.array.edge();
    for (std::int64_t pass = 1;; ++pass) {
      float least = 1;
      for (core::Index k = 0; k < to.count(); ++k) {
        const core::Matrix pattern = to.fetch(k);
        core::Matrix field(1, to.units());
        to.array.read(crossbar::Direction::to_cols, pattern, field);
        field *= static_cast<float>(1 / to.gain);
        least = std::min(least, field.cwiseProduct(pattern).minCoeff());
        const core::Matrix error = pattern - field;
        edge.adds(to.component, 2 * units, memory_bits);  // the error, and the least aligned field
        edge.buffers(to.component, 2 * units, units, memory_bits);
        to.array.update(pattern, error, rate * to.gain / units);
      }
      if (static_cast<double>(least) >= margin || pass == passes) return pass;
    }
  }
};

}  // namespace ohmlab::ebm
