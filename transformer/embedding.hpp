#pragma once

#include <cstdint>
#include <span>

#include "tensors.hpp"
#include "work.hpp"

namespace ohmlab::transformer {

/// x = E[token] + P[position], both learned; logits = y Eᵀ with the same E (Press, Wolf, arXiv
/// 1608.05859).
struct Embedding {
  std::size_t tokens = 0, positions = 0;

  static Embedding add(Layout& layout, Index vocabulary, Index context, Index width) {
    Embedding made;
    made.tokens =
        layout.add({"token_embedding", "token", "width", vocabulary, width, Start::normal});
    made.positions =
        layout.add({"position_embedding", "position", "width", context, width, Start::normal});
    return made;
  }

  template <class T>
  void forward(const Layout& layout, const T* parameters, std::span<const std::int32_t> ids,
               MatrixOf<T>& x, Meter& meter) const noexcept {
    const auto e = view(parameters, layout[tokens]), p = view(parameters, layout[positions]);
    for (Index i = 0; i < x.rows(); ++i) {
      x.row(i) = e.row(ids[static_cast<std::size_t>(i)]) + p.row(i % p.rows());
    }
    const auto n = static_cast<double>(x.size()), rows = static_cast<double>(x.rows());
    meter.add(Pass::forward, Part::embedding, n, rows + 2 * n, n);
  }

  /// Adds to the gradient of E, which `head_backward` wrote, and writes the gradient of P.
  template <class T>
  void backward(const Layout& layout, T* gradients, std::span<const std::int32_t> ids,
                const MatrixOf<T>& dx, Meter& meter) const noexcept {
    auto e = view(gradients, layout[tokens]), p = view(gradients, layout[positions]);
    p.setZero();
    for (Index i = 0; i < dx.rows(); ++i) {
      e.row(ids[static_cast<std::size_t>(i)]) += dx.row(i);
      p.row(i % p.rows()) += dx.row(i);
    }
    const auto n = static_cast<double>(dx.size()), rows = static_cast<double>(dx.rows());
    meter.add(Pass::weight_gradient, Part::embedding, 2 * n, rows + 2 * n, n, 0,
              static_cast<double>(p.size()));
  }

  template <class T>
  void head_forward(const Layout& layout, const T* parameters, const MatrixOf<T>& y,
                    MatrixOf<T>& logits, Meter& meter) const noexcept {
    const auto e = view(parameters, layout[tokens]);
    logits.noalias() = y * e.transpose();
    meter.add(Pass::forward, Part::linear, product(y, e), static_cast<double>(y.size()),
              static_cast<double>(logits.size()), static_cast<double>(e.size()));
  }

  template <class T>
  void head_backward(const Layout& layout, const T* parameters, T* gradients, const MatrixOf<T>& y,
                     const MatrixOf<T>& dlogits, MatrixOf<T>& dy, Meter& meter) const noexcept {
    const auto e = view(parameters, layout[tokens]);
    view(gradients, layout[tokens]).noalias() = dlogits.transpose() * y;
    dy.noalias() = dlogits * e;
    const auto in = static_cast<double>(y.size()), out = static_cast<double>(dlogits.size()),
               weights = static_cast<double>(e.size());
    meter.add(Pass::weight_gradient, Part::linear, product(y, e), in + out, 0, 0, weights);
    meter.add(Pass::activation_gradient, Part::linear, product(y, e), out, in, weights);
  }

 private:
  template <class Y, class E>
  static double product(const Y& y, const E& e) noexcept {
    return 2 * static_cast<double>(y.rows() * e.size());
  }
};

}  // namespace ohmlab::transformer
