#pragma once

#include <array>
#include <cmath>
#include <string_view>

namespace ohmlab::ebm {

enum class GoodnessOf { sum, mean };
constexpr std::array<std::string_view, 2> enum_names(GoodnessOf) { return {"sum", "mean"}; }

/// Goodness of a layer: sum or mean of its squared activities h. The layer takes an example for a
/// positive one with the probability p = 1/(1 + exp(threshold − goodness)).
/// Hinton, arXiv 2212.13345 (2022), eq. (1).
struct Goodness {
  GoodnessOf of = GoodnessOf::sum;
  double threshold = 0;
  bool counts = true;  ///< true if the layer's goodness counts for the class of an example

  /// \param squares  Σ h² over the layer's units
  template <class Real>
  [[nodiscard]] Real operator()(Real squares, double units) const noexcept {
    return of == GoodnessOf::sum ? squares : squares / static_cast<Real>(units);
  }
  /// p of a goodness.
  template <class Real>
  [[nodiscard]] Real positive(Real goodness) const noexcept {
    return 1 / (1 + std::exp(static_cast<Real>(threshold) - goodness));
  }
  /// Derivative of the goodness by the field of a rectified unit, over its activity.
  [[nodiscard]] double slope(double units) const noexcept {
    return of == GoodnessOf::sum ? 2 : 2 / units;
  }
};

}  // namespace ohmlab::ebm
