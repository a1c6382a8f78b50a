#pragma once

#include <optional>

#include "tensors.hpp"
#include "work.hpp"

namespace ohmlab::transformer {

/// y = x W + b. x: tokens × in, W: in × out, b: out.
struct Linear {
  std::size_t weight = 0, bias = 0;

  static Linear add(Layout& layout, const std::string& name,
                    const std::pair<std::string, Index>& in,
                    const std::pair<std::string, Index>& out, Start start = Start::normal) {
    Linear made;
    made.weight = layout.add({name + ".weight", in.first, out.first, in.second, out.second, start});
    made.bias = layout.add({name + ".bias", "", out.first, 1, out.second});
    return made;
  }

  template <class T, class Y>
  void forward(const Layout& layout, const T* parameters, const MatrixOf<T>& x, Y& y,
               Meter& meter) const noexcept {
    const auto w = view(parameters, layout[weight]);
    y.noalias() = x * w;
    y.rowwise() += row_view(parameters, layout[bias]);
    const Counts n(x.rows(), w);
    meter.add(Pass::forward, Part::linear, n.product, n.in, n.out, n.weights + n.biases);
    meter.add(Pass::forward, Part::bias, n.out, 0, 0);
  }

  /// Writes the gradients of W and b, and that of x unless `dx` is null.
  template <class T, class X>
  void backward(const Layout& layout, const T* parameters, T* gradients, const X& x,
                const MatrixOf<T>& dy, MatrixOf<T>* dx, Meter& meter) const noexcept {
    const auto w = view(parameters, layout[weight]);
    const Counts n(x.rows(), w);
    view(gradients, layout[weight]).noalias() = x.transpose() * dy;
    row_view(gradients, layout[bias]) = dy.colwise().sum();
    meter.add(Pass::weight_gradient, Part::linear, n.product, n.in + n.out, 0, 0,
              n.weights + n.biases);
    meter.add(Pass::weight_gradient, Part::bias, n.out, 0, 0);
    if (dx == nullptr) return;
    dx->noalias() = dy * w.transpose();
    meter.add(Pass::activation_gradient, Part::linear, n.product, n.out, n.in, n.weights);
  }

 private:
  struct Counts {
    template <class W>
    Counts(Index rows, const W& w)
        : in(static_cast<double>(rows * w.rows())),
          out(static_cast<double>(rows * w.cols())),
          weights(static_cast<double>(w.size())),
          biases(static_cast<double>(w.cols())),
          product(2 * static_cast<double>(rows * w.size())) {}
    double in, out, weights, biases, product;
  };
};

}  // namespace ohmlab::transformer
