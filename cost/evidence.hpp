#pragma once

#include <array>
#include <cmath>
#include <string_view>

namespace ohmlab::cost {

/// Evidence for a figure:
///
/// - silicon: measured on a chip that was built
/// - spice: simulated circuit
/// - projection: forecast by a paper
/// - datasheet: stated by the maker
/// - measured: on a machine in operation
/// - published: printed without a method
/// - derived: computed from other figures, as its source text says
/// - assumed: a judgement
enum class Evidence {
  silicon,
  spice,
  projection,
  datasheet,
  measured,
  published,
  derived,
  assumed
};
constexpr std::array<std::string_view, 8> enum_names(Evidence) {
  return {"silicon",  "spice",     "projection", "datasheet",
          "measured", "published", "derived",    "assumed"};
}

/// Standard deviation of ln x for a lognormal law whose 95th percentile is `ratio` times its 5th.
[[nodiscard]] inline double lognormal_sigma(double ratio) {
  constexpr double normal_p95 = 1.6448536269514722;
  return std::log(ratio) / (2 * normal_p95);
}

}  // namespace ohmlab::cost
