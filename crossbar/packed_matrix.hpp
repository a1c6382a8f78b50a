#pragma once

#include <utility>

#include "../core/matrix.hpp"

namespace ohmlab::crossbar {

/// A constant matrix, rearranged once so that many products with it run near the processor's peak.
/// It consists of panels of 32 outputs, each with its inputs one after another.
///
/// An output is a float32 sum over the inputs in their order, with fused multiply-adds where the
/// processor has them. It does not depend on the outputs computed beside it, but may differ between
/// instruction sets.
class PackedMatrix {
 public:
  /// Number of outputs of a panel; `multiply` writes whole panels.
  static constexpr core::Index panel = 32;

  /// For y = x w: inputs are the rows of w.
  void pack(const core::Matrix& w);
  /// For y = x wᵀ: inputs are the columns of w.
  void pack_transposed(const core::Matrix& w);
  void clear() noexcept { empty_ = true; }  ///< keeps the memory
  [[nodiscard]] bool empty() const noexcept { return empty_; }

  /// y = x W, or y += x W, on all threads, with the same bits for any number of them. x: vectors ×
  /// inputs, y: vectors × outputs.
  void assign_product(const core::ConstRows& x, core::Rows y) const { product(x, y, false); }
  void add_product(const core::ConstRows& x, core::Rows y) const { product(x, y, true); }

  /// y[v][j] = Σ_k x[v][k] W[first_input + k][first_output + j] for k < inputs, j < outputs. On one
  /// thread.
  /// \param first_output  a multiple of `panel`
  /// \param y  rows of `outputs` numbers, rounded up to whole panels, `y_stride` apart
  void multiply(const float* x, core::Index x_stride, core::Index vectors, core::Index first_input,
                core::Index inputs, core::Index first_output, core::Index outputs, float* y,
                core::Index y_stride) const noexcept;

 private:
  void product(const core::ConstRows& x, core::Rows& y, bool add) const;

  bool empty_ = true;
  core::Index inputs_ = 0;
  /// (Panel number · inputs + input) × output in the panel; zeros fill the last panel.
  core::Matrix panels_;
};

}  // namespace ohmlab::crossbar
