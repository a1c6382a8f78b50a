#pragma once

#include <algorithm>
#include <cmath>

#include "tensors.hpp"
#include "work.hpp"

namespace ohmlab::transformer {

/// Scaled dot-product attention of several heads, y = softmax(Q Kᵀ / √d) V for each head of d =
/// width / heads, causal or between all tokens. Source: Vaswani et al., "Attention is all you
/// need", arXiv 1706.03762 (2017).
///
/// Pairs of a query and a visible key are counted: sequences · heads · s(s+1)/2 or · s². Masked
/// pairs in blocks on the diagonal are not billed, since accelerator kernels leave them out.
struct Attention {
  Index width = 0, heads = 0, context = 0;
  bool causal = false;
  static constexpr Index block = 32;  ///< queries per block; later keys are not multiplied

  [[nodiscard]] double pairs(Index sequences) const noexcept {
    const Index each = causal ? context * (context + 1) / 2 : context * context;
    return static_cast<double>(sequences * heads * each);
  }

  /// \param qkv      tokens × 3 width: queries, keys, values
  /// \param weights  (sequences · heads · context) × context, kept for `backward`; masked entries
  ///          of used blocks are zero
  /// \param y        tokens × width
  template <class T>
  void forward(const MatrixOf<T>& qkv, MatrixOf<T>& weights, MatrixOf<T>& y,
               Meter& meter) const noexcept {
    const Index d = width / heads, sequences = qkv.rows() / context;
    const T scale = 1 / std::sqrt(static_cast<T>(d));
    for (Index i = 0; i < sequences * heads; ++i) {
      const Index first = i / heads * context, column = i % heads * d;
      const auto queries = qkv.block(first, column, context, d);
      const auto keys = qkv.block(first, width + column, context, d);
      const auto values = qkv.block(first, 2 * width + column, context, d);
      for (Index q = 0; q < context; q += block) {
        const Index rows = std::min(block, context - q), seen = causal ? q + rows : context;
        auto p = weights.block(i * context + q, 0, rows, seen);
        p.noalias() = queries.middleRows(q, rows) * keys.topRows(seen).transpose();
        for (Index r = 0; r < rows; ++r) {
          const Index own = causal ? q + r + 1 : context;
          auto row = p.row(r).head(own).array();
          row = (scale * (row - row.maxCoeff())).exp();
          row *= 1 / row.sum();
          p.row(r).tail(seen - own).setZero();
        }
        y.block(first + q, column, rows, d).noalias() = p * values.topRows(seen);
      }
    }
    const double n = static_cast<double>(y.size()), all = pairs(sequences);
    meter.add(Pass::forward, Part::attention, 4 * all * static_cast<double>(d), 3 * n + all,
              all + n);
    meter.add(Pass::forward, Part::softmax, OperationsEach::softmax_forward * all, all, all);
  }

  /// \param scratch  block × context
  /// \param dqkv     tokens × 3 width, overwritten
  template <class T>
  void backward(const MatrixOf<T>& qkv, const MatrixOf<T>& weights, const MatrixOf<T>& dy,
                MatrixOf<T>& scratch, MatrixOf<T>& dqkv, Meter& meter) const noexcept {
    const Index d = width / heads, sequences = qkv.rows() / context;
    const T scale = 1 / std::sqrt(static_cast<T>(d));
    dqkv.rightCols(2 * width).setZero();
    for (Index i = 0; i < sequences * heads; ++i) {
      const Index first = i / heads * context, column = i % heads * d;
      const auto queries = qkv.block(first, column, context, d);
      const auto keys = qkv.block(first, width + column, context, d);
      const auto values = qkv.block(first, 2 * width + column, context, d);
      for (Index q = 0; q < context; q += block) {
        const Index rows = std::min(block, context - q), seen = causal ? q + rows : context;
        const auto p = weights.block(i * context + q, 0, rows, seen);
        const auto dout = dy.block(first + q, column, rows, d);
        auto ds = scratch.topLeftCorner(rows, seen);
        ds.noalias() = dout * values.topRows(seen).transpose();
        for (Index r = 0; r < rows; ++r) {
          const auto weight = p.row(r).array();
          auto row = ds.row(r).array();
          const T mean = (row * weight).sum();
          row = scale * weight * (row - mean);
        }
        dqkv.block(first + q, column, rows, d).noalias() = ds * keys.topRows(seen);
        dqkv.block(first, width + column, seen, d).noalias() +=
            ds.transpose() * queries.middleRows(q, rows);
        dqkv.block(first, 2 * width + column, seen, d).noalias() += p.transpose() * dout;
      }
    }
    const double n = static_cast<double>(dy.size()), all = pairs(sequences);
    meter.add(Pass::activation_gradient, Part::attention, 8 * all * static_cast<double>(d),
              5 * n + 3 * all, 3 * n + all);
    meter.add(Pass::activation_gradient, Part::softmax, OperationsEach::softmax_backward * all,
              2 * all, all);
  }
};

}  // namespace ohmlab::transformer
