#pragma once

#include <array>
#include <cmath>
#include <string_view>

namespace ohmlab::cost {

/// Ground that a figure stands on:
///
/// - silicon: measured on a chip that was built
/// - spice: simulated circuit
/// - projection: expected by a paper
/// - datasheet: stated by the maker
/// - measured: on a machine at work
/// - published: printed without a method
/// - derived: computed from other figures, as its source's text says
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

/// The standard deviation of ln x of a lognormal law whose 5th and 95th percentile are a factor of
/// `ratio` apart.
[[nodiscard]] inline double lognormal_sigma(double ratio) {
  constexpr double normal_p95 = 1.6448536269514722;
  return std::log(ratio) / (2 * normal_p95);
}

}  // namespace ohmlab::cost
