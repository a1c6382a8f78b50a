#pragma once

#include <cmath>

#include "tensors.hpp"
#include "work.hpp"

namespace ohmlab::transformer {

/// y = γ (x - mean(x)) / √(var(x) + ε) + β for each token, var without Bessel's correction, ε =
/// 1e-5. Source: Ba, Kiros, Hinton, "Layer normalization", arXiv 1607.06450 (2016).
struct LayerNorm {
  static constexpr double epsilon = 1e-5;
  std::size_t gain = 0, shift = 0;

  template <class T>
  struct Cache {
    std::vector<T> mean, inverse;  ///< mean and 1/√(var + ε) of each token
    void prepare(Index tokens) {
      mean.resize(static_cast<std::size_t>(tokens));
      inverse.resize(static_cast<std::size_t>(tokens));
    }
  };

  static LayerNorm add(Layout& layout, const std::string& name, Index width) {
    LayerNorm made;
    made.gain = layout.add({name + ".gain", "", "width", 1, width, Start::one});
    made.shift = layout.add({name + ".shift", "", "width", 1, width});
    return made;
  }

  template <class T>
  void forward(const Layout& layout, const T* parameters, const MatrixOf<T>& x, Cache<T>& cache,
               MatrixOf<T>& y, Meter& meter) const noexcept {
    const auto g = row_view(parameters, layout[gain]), b = row_view(parameters, layout[shift]);
    for (Index i = 0; i < x.rows(); ++i) {
      const auto k = static_cast<std::size_t>(i);
      const auto row = x.row(i).array();
      const T mean = row.mean();
      const T variance = (row - mean).square().mean();
      cache.mean[k] = mean;
      cache.inverse[k] = 1 / std::sqrt(variance + static_cast<T>(epsilon));
      y.row(i).array() = (row - mean) * cache.inverse[k] * g.array() + b.array();
    }
    const auto n = static_cast<double>(x.size()), tokens = static_cast<double>(x.rows());
    meter.add(Pass::forward, Part::layer_norm, OperationsEach::norm_forward * n, n, n + 2 * tokens,
              2 * static_cast<double>(x.cols()));
  }

  /// Writes the gradients of γ and β, and *adds* that of x to `dx`, which already holds the
  /// gradient of the residual stream.
  template <class T>
  void backward(const Layout& layout, const T* parameters, T* gradients, const MatrixOf<T>& x,
                const Cache<T>& cache, const MatrixOf<T>& dy, MatrixOf<T>& dx,
                Meter& meter) const noexcept {
    const auto g = row_view(parameters, layout[gain]);
    auto dg = row_view(gradients, layout[gain]), db = row_view(gradients, layout[shift]);
    dg.setZero();
    db.setZero();
    const T scale = 1 / static_cast<T>(x.cols());
    for (Index i = 0; i < x.rows(); ++i) {
      const T mean = cache.mean[static_cast<std::size_t>(i)],
              inverse = cache.inverse[static_cast<std::size_t>(i)];
      const auto normal = (x.row(i).array() - mean) * inverse;
      const auto scaled = dy.row(i).array() * g.array();
      const T sum = scaled.sum() * scale, along = (scaled * normal).sum() * scale;
      dx.row(i).array() += (scaled - sum - normal * along) * inverse;
      dg.array() += dy.row(i).array() * normal;
      db += dy.row(i);
    }
    const auto n = static_cast<double>(x.size()), tokens = static_cast<double>(x.rows()),
               width = static_cast<double>(x.cols());
    meter.add(Pass::activation_gradient, Part::layer_norm, OperationsEach::norm_activation * n,
              2 * n + 2 * tokens, n, width);
    meter.add(Pass::weight_gradient, Part::layer_norm, OperationsEach::norm_weight * n,
              2 * n + 2 * tokens, 0, 0, 2 * width);
  }
};

}  // namespace ohmlab::transformer
