#include "kaufman.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace ohmlab::ebm {
namespace {

/// A product Π f_r and its derivative by K, as multiples of exp(log_scale).
struct Product {
  double value = 1, slope = 0, log_scale = 0;

  /// Multiplies by exp(log_factor) f, of which `f` and `df` are the scaled value and derivative.
  void times(double f, double df, double log_factor) {
    slope = slope * f + value * df;
    value *= f;
    log_scale += log_factor;
    const double size = std::max(std::abs(value), std::abs(slope));
    if (size == 0) return;
    value /= size;
    slope /= size;
    log_scale += std::log(size);
  }
};

}  // namespace

TorusMoments kaufman(core::Index rows, core::Index cols, double K) {
  const double m = static_cast<double>(rows), n = static_cast<double>(cols);
  const double c = std::cosh(2 * K), s = std::sinh(2 * K);
  std::array<Product, 4> products;  // cosh and sinh of odd γ, cosh and sinh of even γ
  for (core::Index l = 0; l < 2 * cols; ++l) {
    double gamma = 2 * K + std::log(std::tanh(K)), slope = 2 + 2 / s;
    if (l > 0) {
      // cosh γ - 1 = (s - 1)²/s + 2 sin²(π l / 2 cols), which keeps its digits near γ = 0.
      const double sine = std::sin(std::numbers::pi * static_cast<double>(l) / (2 * n));
      const double above = (s - 1) * (s - 1) / s + 2 * sine * sine;
      gamma = 2 * std::asinh(std::sqrt(above / 2));
      slope = 2 * c * (1 - 1 / (s * s)) / std::sinh(gamma);
    }
    const double x = m * gamma / 2, dx = m * slope / 2;
    const double small = std::exp(-2 * std::abs(x)), sign = x < 0 ? -1 : 1;
    const double cosh = 1 + small, sinh = sign * (1 - small);  // 2cosh and 2sinh over exp |x|
    const std::size_t first = l % 2 == 1 ? 0 : 2;
    products[first].times(cosh, sinh * dx, std::abs(x));
    products[first + 1].times(sinh, cosh * dx, std::abs(x));
  }
  double top = products[0].log_scale;
  for (const Product& product : products) top = std::max(top, product.log_scale);
  double sum = 0, slope = 0;
  for (const Product& product : products) {
    const double scale = std::exp(product.log_scale - top);
    sum += scale * product.value;
    slope += scale * product.slope;
  }
  const double sites = m * n;
  return {std::log(sum / 2) + top + sites / 2 * std::log(2 * s),
          -(slope / sum + sites * c / s) / sites};
}

}  // namespace ohmlab::ebm
