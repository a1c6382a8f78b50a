#pragma once

#include <cmath>
#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "rows.hpp"

namespace ohmlab::ebm {

/// Dense associative memory of polynomial order, in the form of a gradient: two reads a step.
struct Dense : PatternRows {
  static constexpr std::string_view name = "dense";
  static constexpr std::string_view summary =
      "Rows are patterns. Overlaps are read, raised to a power in digital logic and driven back.";
  static constexpr std::string_view equation =
      "E = -Σ_μ m_μ^power, m_μ = 1/N Σ_i ξ_i s_i; s_j = sign(Σ_μ f_μ ξ_j), f_μ = m_μ^(power-1) / "
      "max_ν |m_ν|^(power-1)";
  static constexpr std::string_view source = "Krotov & Hopfield, NeurIPS 29, 1172 (2016)";

  std::int64_t power = 3;
  static constexpr auto fields = core::Fields{
      core::field("power", &Dense::power, "", core::between(2, 64),
                  "power of the overlaps in the energy"),
  };

  /// Turns sums Σ ξ s over all units, vectors × patterns, into drives from -1 to 1.
  template <class Sums>
  void emphasise(Sums& sums, core::Index units) const {
    using Number = typename Sums::Scalar;
    sums /= static_cast<Number>(units);
    for (core::Index row = 0; row < sums.rows(); ++row) {
      const Number most = sums.row(row).cwiseAbs().maxCoeff();
      if (!(most > 0)) continue;
      for (core::Index k = 0; k < sums.cols(); ++k) {
        const Number ratio = sums(row, k) / most;
        Number out = ratio;
        for (std::int64_t factor = 2; factor < power; ++factor) out *= ratio;
        sums(row, k) = out;
      }
    }
  }
  void post(cost::Edge& edge, cost::Tally::Component component, double overlaps) const {
    edge.adds(component, overlaps, memory_bits);  // the largest
    edge.multiplies(component, overlaps * static_cast<double>(power - 1), memory_bits);
    edge.buffers(component, overlaps, overlaps, memory_bits);
  }
};

}  // namespace ohmlab::ebm
