// CAUTION: compiled with fused multiply-adds, unlike the rest; see CMakeLists.txt.
#include "packed_matrix.hpp"

#include <algorithm>

#include "../core/parallel.hpp"
#include "../core/simd.hpp"

namespace ohmlab::crossbar {
namespace {

using core::F16;
using core::Index;

constexpr Index panel = PackedMatrix::panel;

using F8 = float __attribute__((vector_size(32)));

/// Outputs of one panel for so many vectors at once, with as many sums as fit the registers. Sums
/// stay in registers only if no array of them has its address taken. `V` is a register; a panel has
/// `registers` of them.
template <class V, int vectors>
OHMLAB_INLINE void multiply_block(const float* x, Index x_stride, const float* weights,
                                  Index inputs, float* y, Index y_stride) noexcept {
  constexpr Index lanes = sizeof(V) / sizeof(float), registers = panel / lanes;
  V sums[vectors][registers] = {};
  for (Index k = 0; k < inputs; ++k) {
#pragma GCC unroll 4
    for (Index r = 0; r < registers; ++r) {
      V w;
      __builtin_memcpy(&w, weights + k * panel + r * lanes, sizeof w);
#pragma GCC unroll 8
      for (int v = 0; v < vectors; ++v) sums[v][r] += x[v * x_stride + k] * w;
    }
  }
#pragma GCC unroll 8
  for (int v = 0; v < vectors; ++v) {
#pragma GCC unroll 4
    for (Index r = 0; r < registers; ++r)
      __builtin_memcpy(y + v * y_stride + r * lanes, &sums[v][r], sizeof(V));
  }
}

/// For 32 registers of sixteen numbers: 16 sums beside two weights.
OHMLAB_MULTIVERSION void multiply_panel_wide(const float* x, Index x_stride, Index vectors,
                                             const float* weights, Index inputs, float* y,
                                             Index y_stride) noexcept {
  Index v = 0;
  for (; v + 8 <= vectors; v += 8)
    multiply_block<F16, 8>(x + v * x_stride, x_stride, weights, inputs, y + v * y_stride, y_stride);
  if (v + 4 <= vectors) {
    multiply_block<F16, 4>(x + v * x_stride, x_stride, weights, inputs, y + v * y_stride, y_stride);
    v += 4;
  }
  for (; v < vectors; ++v)
    multiply_block<F16, 1>(x + v * x_stride, x_stride, weights, inputs, y + v * y_stride, y_stride);
}

/// For 16 registers of eight numbers: 12 sums beside three inputs and a weight.
OHMLAB_MULTIVERSION void multiply_panel_narrow(const float* x, Index x_stride, Index vectors,
                                               const float* weights, Index inputs, float* y,
                                               Index y_stride) noexcept {
  Index v = 0;
  for (; v + 3 <= vectors && vectors - v != 4; v += 3)
    multiply_block<F8, 3>(x + v * x_stride, x_stride, weights, inputs, y + v * y_stride, y_stride);
  for (; v + 2 <= vectors; v += 2)
    multiply_block<F8, 2>(x + v * x_stride, x_stride, weights, inputs, y + v * y_stride, y_stride);
  for (; v < vectors; ++v)
    multiply_block<F8, 1>(x + v * x_stride, x_stride, weights, inputs, y + v * y_stride, y_stride);
}

/// Selects the kernel. Both kernels sum in the same order, so that the choice changes no bit.
bool has_wide_registers() noexcept {
#ifdef __x86_64__
  return __builtin_cpu_supports("avx512f");
#else
  return false;
#endif
}

}  // namespace

void PackedMatrix::pack(const core::Matrix& w) {
  empty_ = false;
  inputs_ = w.rows();
  const Index outputs = w.cols(), count = (outputs + panel - 1) / panel;
  panels_.resize(count * inputs_, panel);
  core::for_slices(count, 1, static_cast<double>(8 * inputs_), [&](Index p, Index) noexcept {
    const Index first = p * panel, width = std::min(panel, outputs - first);
    for (Index k = 0; k < inputs_; ++k) {
      float* to = panels_.row(p * inputs_ + k).data();
      const float* from = w.data() + k * outputs + first;
      for (Index j = 0; j < panel; ++j) to[j] = j < width ? from[j] : 0.0F;
    }
  });
}

void PackedMatrix::pack_transposed(const core::Matrix& w) {
  empty_ = false;
  inputs_ = w.cols();
  const Index outputs = w.rows(), count = (outputs + panel - 1) / panel;
  panels_.resize(count * inputs_, panel);
  core::for_slices(count, 1, static_cast<double>(8 * inputs_), [&](Index p, Index) noexcept {
    const Index first = p * panel, width = std::min(panel, outputs - first);
    auto to = panels_.middleRows(p * inputs_, inputs_);
    to.leftCols(width) = w.middleRows(first, width).transpose();
    to.rightCols(panel - width).setZero();
  });
}

void PackedMatrix::product(const core::ConstRows& x, core::Rows& y, bool add) const {
  // Fixed: one task takes so many vectors and about four panels. The number of tasks across the
  // outputs is even.
  constexpr Index batch_slice = 64, part_panels = 4;
  const Index panels = (y.cols() + panel - 1) / panel;
  const Index parts = std::min(panels, (panels + 2 * part_panels - 1) / (2 * part_panels) * 2);
  const Index slices = (x.rows() + batch_slice - 1) / batch_slice;
  const double work = static_cast<double>(x.size() * y.cols()) / 8;
  core::for_slices(parts * slices, 1, work / static_cast<double>(parts * slices),
                   [&](Index task, Index) noexcept {
    const Index part = task / slices, begin = task % slices * batch_slice;
    const Index first = part * panels / parts * panel, end = (part + 1) * panels / parts * panel;
    const Index vectors = std::min(batch_slice, x.rows() - begin),
                width = std::min(end, y.cols()) - first;
    core::Matrix sums(vectors, end - first);
    multiply(x.row(begin).data(), x.outerStride(), vectors, 0, inputs_, first, width, sums.data(),
             end - first);
    if (add) {
      y.block(begin, first, vectors, width) += sums.leftCols(width);
    } else {
      y.block(begin, first, vectors, width) = sums.leftCols(width);
    }
  });
}

void PackedMatrix::multiply(const float* x, Index x_stride, Index vectors, Index first_input,
                            Index inputs, Index first_output, Index outputs, float* y,
                            Index y_stride) const noexcept {
  static const bool wide = has_wide_registers();
  for (Index j = 0; j < outputs; j += panel) {
    const Index p = (first_output + j) / panel;
    const float* weights = panels_.row(p * inputs_ + first_input).data();
    if (wide) {
      multiply_panel_wide(x, x_stride, vectors, weights, inputs, y + j, y_stride);
    } else {
      multiply_panel_narrow(x, x_stride, vectors, weights, inputs, y + j, y_stride);
    }
  }
}

}  // namespace ohmlab::crossbar
