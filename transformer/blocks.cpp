#include "blocks.hpp"

#include <fmt/format.h>

namespace ohmlab::transformer {

std::string Size::problem() const {
  if (width % heads == 0) return "";
  return fmt::format(
      "expected a width that is a multiple of heads, found width = {} and heads = {}", width,
      heads);
}

template <class T>
void Block::forward(const Layout& layout, const T* parameters, Cache<T>& c, Scratch<T>& s,
                    MatrixOf<T>& out, Meter& meter) const noexcept {
  norm_1.forward(layout, parameters, c.in, c.norm_1, c.normed_1, meter);
  to_qkv.forward(layout, parameters, c.normed_1, c.qkv, meter);
  attention.forward(c.qkv, c.weights, c.mixed, meter);
  from_heads.forward(layout, parameters, c.mixed, s.out, meter);
  c.middle = c.in + s.out;
  norm_2.forward(layout, parameters, c.middle, c.norm_2, c.normed_2, meter);
  up.forward(layout, parameters, c.normed_2, c.hidden, meter);
  gelu::forward(c.hidden, c.tangent, c.active, meter);
  down.forward(layout, parameters, c.active, s.out, meter);
  out = c.middle + s.out;
  count_residual(Pass::forward, c.in.size(), meter);
}

template <class T>
void Block::backward(const Layout& layout, const T* parameters, T* gradients, const Cache<T>& c,
                     Scratch<T>& s, MatrixOf<T>& d, Meter& meter) const noexcept {
  down.backward(layout, parameters, gradients, c.active, d, &s.wide, meter);
  gelu::backward(c.hidden, c.tangent, s.wide, meter);
  up.backward(layout, parameters, gradients, c.normed_2, s.wide, &s.narrow, meter);
  norm_2.backward(layout, parameters, gradients, c.middle, c.norm_2, s.narrow, d, meter);
  from_heads.backward(layout, parameters, gradients, c.mixed, d, &s.narrow, meter);
  attention.backward(c.qkv, c.weights, s.narrow, s.scores, s.qkv, meter);
  to_qkv.backward(layout, parameters, gradients, c.normed_1, s.qkv, &s.narrow, meter);
  norm_1.backward(layout, parameters, gradients, c.in, c.norm_1, s.narrow, d, meter);
  count_residual(Pass::activation_gradient, c.in.size(), meter);
}

template <class T>
void Blocks::forward(const Layout& layout, const T* parameters, Workspace<T>& w,
                     Meter& meter) const noexcept {
  for (std::size_t i = 0; i < blocks_.size(); ++i) {
    MatrixOf<T>& out = i + 1 < blocks_.size() ? w.caches[i + 1].in : w.last;
    meter.enter(i + 1);
    blocks_[i].forward(layout, parameters, w.caches[i], w.scratch, out, meter);
  }
  meter.enter(0);
  norm_.forward(layout, parameters, w.last, w.norm, w.normed, meter);
}

template <class T>
void Blocks::backward(const Layout& layout, const T* parameters, T* gradients,
                      const MatrixOf<T>& of_normed, Workspace<T>& w, Meter& meter) const noexcept {
  w.gradient.setZero();
  norm_.backward(layout, parameters, gradients, w.last, w.norm, of_normed, w.gradient, meter);
  for (std::size_t i = blocks_.size(); i-- > 0;) {
    meter.enter(i + 1);
    blocks_[i].backward(layout, parameters, gradients, w.caches[i], w.scratch, w.gradient, meter);
  }
  meter.enter(0);
}

template void Blocks::forward<float>(const Layout&, const float*, Workspace<float>&,
                                     Meter&) const noexcept;
template void Blocks::backward<float>(const Layout&, const float*, float*, const MatrixOf<float>&,
                                      Workspace<float>&, Meter&) const noexcept;
template void Blocks::forward<double>(const Layout&, const double*, Workspace<double>&,
                                      Meter&) const noexcept;
template void Blocks::backward<double>(const Layout&, const double*, double*,
                                       const MatrixOf<double>&, Workspace<double>&,
                                       Meter&) const noexcept;

}  // namespace ohmlab::transformer
