#pragma once

#include <cmath>

#include "tensors.hpp"
#include "work.hpp"

/// y = ½ x (1 + tanh(√(2/π) (x + 0.044715 x³))), the approximation that GPT-2 uses.
/// Source: Hendrycks, Gimpel, "Gaussian error linear units", arXiv 1606.08415 (2016).
namespace ohmlab::transformer::gelu {

inline constexpr double cubic = 0.044715;
inline constexpr double slope = 0.79788456080286535588;  // √(2/π)

/// Writes y and the hyperbolic tangent, which `backward` needs.
template <class T>
void forward(const MatrixOf<T>& x, MatrixOf<T>& tangent, MatrixOf<T>& y, Meter& meter) noexcept {
  constexpr T a = static_cast<T>(cubic), s = static_cast<T>(slope), half = static_cast<T>(0.5);
  tangent.array() = (s * (x.array() * (1 + a * x.array().square()))).tanh();
  y.array() = half * x.array() * (1 + tangent.array());
  const auto n = static_cast<double>(x.size());
  meter.add(Pass::forward, Part::gelu, OperationsEach::gelu_forward * n, n, 2 * n);
}

/// Turns the gradient `d` of y into that of x, in place.
template <class T>
void backward(const MatrixOf<T>& x, const MatrixOf<T>& tangent, MatrixOf<T>& d,
              Meter& meter) noexcept {
  constexpr T a = static_cast<T>(3 * cubic), s = static_cast<T>(slope / 2),
              half = static_cast<T>(0.5);
  d.array() *= half * (1 + tangent.array()) +
               (s * x.array() * (1 - tangent.array().square())) * (1 + a * x.array().square());
  const auto n = static_cast<double>(x.size());
  meter.add(Pass::activation_gradient, Part::gelu, OperationsEach::gelu_backward * n, 3 * n, n);
}

}  // namespace ohmlab::transformer::gelu
