#pragma once

#include <cmath>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "storing.hpp"

namespace ohmlab::ebm {

/// Each pattern is read once and written by three products of rank one, of which two share a side.
///
/// The field of the definition leaves out W_ij ξ_j. With ξ² = 1 that is a growth of all weights by
/// 1 + 2/N a pattern. Older patterns are written stronger instead, since it is known how many will
/// follow: the last weights are those of the definition if weights are symmetric.
struct Storkey {
  static constexpr std::string_view name = "storkey";
  static constexpr std::string_view summary =
      "Each pattern is read once and written once, less what the weights know of it.";
  static constexpr std::string_view equation =
      "ΔW_ij = 1/N (ξ_i ξ_j - ξ_i h_ji - h_ij ξ_j), h_ij = Σ_k≠i,j W_ik ξ_k";
  static constexpr std::string_view source =
      "Storkey, ICANN'97, LNCS 1327, 451 (1997): N/sqrt(2 ln N) random patterns";
  static constexpr bool pairwise = true;
  static constexpr core::Fields<> fields{};

  [[nodiscard]] static std::string problem_with(core::Index, core::Index) { return ""; }
  /// Returns the number of passes over the patterns.
  static std::int64_t store(const Storing& to) {
    const auto units = static_cast<double>(to.units());
    cost::Edge& edge = to.array.edge();
    for (core::Index k = 0; k < to.count(); ++k) {
      const auto growth = [&](core::Index from) {
        return to.gain * std::pow(1 + 2 / units, static_cast<double>(to.count() - from));
      };
      const core::Matrix pattern = to.fetch(k);
      core::Matrix field(1, to.units());
      to.array.read(crossbar::Direction::to_cols, pattern, field);
      field *= static_cast<float>(1 / growth(k));
      const core::Matrix rest = pattern - field;
      edge.multiplies(to.component, units, memory_bits);
      edge.adds(to.component, units, memory_bits);
      edge.buffers(to.component, 3 * units, 2 * units, memory_bits);
      const double rate = growth(k + 1) / units;
      const crossbar::OuterProduct products[] = {{pattern, rest, rate}, {field, pattern, -rate}};
      to.array.update(std::span(products));
    }
    return 1;
  }
};

}  // namespace ohmlab::ebm
