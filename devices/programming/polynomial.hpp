#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "../../core/fields.hpp"

namespace ohmlab::devices {

/// Targets beyond g_max have the error of g_max.
struct PolynomialProgramming {
  static constexpr std::string_view name = "polynomial";
  static constexpr std::string_view summary =
      "A normal error whose size is a polynomial over the target, both as shares of g_max.";
  static constexpr std::string_view equation =
      "sigma = g_max max(0, sum_k c_k x^k), x = min(g/g_max, 1)";
  static constexpr std::string_view source =
      "definition; the default is the parabola of kind \"pcm\", Joshi et al., Nat. Commun. 11, "
      "2473 "
      "(2020)";
  static constexpr bool needs_range = true;
  std::vector<double> coefficients = {0.26348 / 25, 1.9650 / 25, -1.1731 / 25};
  static constexpr auto fields = core::Fields{
      core::field("coefficients", &PolynomialProgramming::coefficients, "", core::any,
                  "c_0, c_1, ... in ascending order, as shares of g_max"),
  };
  [[nodiscard]] double sigma(double g, double, double g_max) const noexcept {
    const double x = std::min(g / g_max, 1.0);
    double sum = 0;
    for (auto c = coefficients.rbegin(); c != coefficients.rend(); ++c) sum = sum * x + *c;
    return g_max * std::max(0.0, sum);
  }
  [[nodiscard]] std::string problem() const {
    return coefficients.empty() ? "expected at least one of coefficients" : "";
  }
};

}  // namespace ohmlab::devices
