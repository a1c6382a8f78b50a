#pragma once

#include <cmath>
#include <string_view>

#include "../../core/fields.hpp"
#include "rows.hpp"

namespace ohmlab::ebm {

/// Modern Hopfield network: the step is the attention of a transformer.
struct Modern : PatternRows {
  static constexpr std::string_view name = "modern";
  static constexpr std::string_view summary =
      "Rows are patterns. Overlaps are read, put through a softmax in digital logic and driven "
      "back.";
  static constexpr std::string_view equation =
      "s = sign(Ξᵀ softmax(inv_temp Ξ s)), Ξ patterns × units";
  static constexpr std::string_view source =
      "Ramsauer et al., Hopfield networks is all you need, ICLR (2021); Demircigil et al., "
      "J. Stat. Phys. 168, 288 (2017)";

  double inv_temp = 1;
  static constexpr auto fields = core::Fields{
      core::field("inv_temp", &Modern::inv_temp, "", core::above(0),
                  "inverse temperature of the softmax; of overlaps that are sums over units"),
  };

  /// Turns sums Σ ξ s over all units, vectors × patterns, into drives from 0 to 1.
  template <class Sums>
  void emphasise(Sums& sums, core::Index) const {
    using Number = typename Sums::Scalar;
    for (core::Index row = 0; row < sums.rows(); ++row) {
      const Number most = sums.row(row).maxCoeff();
      Number total = 0;
      for (core::Index k = 0; k < sums.cols(); ++k) {
        const double logit = inv_temp * static_cast<double>(sums(row, k) - most);
        total += sums(row, k) = static_cast<Number>(std::exp(logit));
      }
      sums.row(row) /= total;
    }
  }
  static void post(cost::Edge& edge, cost::Tally::Component component, double overlaps) {
    edge.adds(component, 2 * overlaps, memory_bits);  // largest, sum
    edge.sigmoids(component, overlaps);               // a table of exponentials
    edge.multiplies(component, 2 * overlaps, memory_bits);
    edge.buffers(component, overlaps, overlaps, memory_bits);
  }
};

}  // namespace ohmlab::ebm
