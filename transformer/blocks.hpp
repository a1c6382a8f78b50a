#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "../core/fields.hpp"
#include "attention.hpp"
#include "gelu.hpp"
#include "layer_norm.hpp"
#include "linear.hpp"

namespace ohmlab::transformer {

/// Size of a transformer of either kind.
struct Size {
  std::int64_t layers = 2;
  std::int64_t width = 64;
  std::int64_t heads = 4;
  static constexpr auto fields = core::Fields{
      core::field("layers", &Size::layers, "", core::between(1, 256), "number of blocks"),
      core::field("width", &Size::width, "", core::between(1, 1 << 15), "numbers per token"),
      core::field("heads", &Size::heads, "", core::between(1, 1 << 10),
                  "attention heads; a divisor of width"),
  };
  /// Reason why the fields contradict each other, or "".
  [[nodiscard]] std::string problem() const;
};

/// Pre-norm block: x += attention(norm(x)), x += feed_forward(norm(x)) with four times the width
/// between. Source: Vaswani et al. 2017, with the norms moved as in Radford et al. 2019.
struct Block {
  LayerNorm norm_1, norm_2;
  Linear to_qkv, from_heads, up, down;
  Attention attention;

  template <class T>
  struct Cache {
    LayerNorm::Cache<T> norm_1, norm_2;
    MatrixOf<T> in, normed_1, qkv, weights, mixed, middle, normed_2, hidden, tangent, active;
  };
  /// Memory that a block needs only while it runs, shared by all blocks.
  template <class T>
  struct Scratch {
    MatrixOf<T> out, wide, qkv, narrow, scores;
  };

  static Block add(Layout& layout, const std::string& name, const Size& size, Index context,
                   bool causal) {
    const Index h = size.width;
    Block made;
    made.norm_1 = LayerNorm::add(layout, name + ".norm_1", h);
    made.to_qkv = Linear::add(layout, name + ".to_qkv", {"width", h}, {"query_key_value", 3 * h});
    made.from_heads =
        Linear::add(layout, name + ".from_heads", {"mixed", h}, {"width", h}, Start::residual);
    made.norm_2 = LayerNorm::add(layout, name + ".norm_2", h);
    made.up = Linear::add(layout, name + ".up", {"width", h}, {"hidden", 4 * h});
    made.down =
        Linear::add(layout, name + ".down", {"hidden", 4 * h}, {"width", h}, Start::residual);
    made.attention = {h, size.heads, context, causal};
    return made;
  }

  template <class T>
  void prepare(Index sequences, Cache<T>& c, Scratch<T>& s) const {
    const Index tokens = sequences * attention.context, h = attention.width;
    c.norm_1.prepare(tokens);
    c.norm_2.prepare(tokens);
    for (MatrixOf<T>* m : {&c.in, &c.normed_1, &c.mixed, &c.middle, &c.normed_2})
      m->resize(tokens, h);
    for (MatrixOf<T>* m : {&c.hidden, &c.tangent, &c.active}) m->resize(tokens, 4 * h);
    c.qkv.resize(tokens, 3 * h);
    c.weights.resize(tokens * attention.heads, attention.context);
    s.out.resize(tokens, h);
    s.narrow.resize(tokens, h);
    s.wide.resize(tokens, 4 * h);
    s.qkv.resize(tokens, 3 * h);
    s.scores.resize(Attention::block, attention.context);
  }

  /// From `c.in` to `out`, both tokens × width.
  template <class T>
  void forward(const Layout& layout, const T* parameters, Cache<T>& c, Scratch<T>& s,
               MatrixOf<T>& out, Meter& meter) const noexcept;

  /// Turns the gradient `d` of the output into that of the input, in place, and writes the
  /// gradients of the parameters.
  template <class T>
  void backward(const Layout& layout, const T* parameters, T* gradients, const Cache<T>& c,
                Scratch<T>& s, MatrixOf<T>& d, Meter& meter) const noexcept;

 private:
  /// Counts two residual sums, of values or of gradients.
  static void count_residual(Pass pass, Index size, Meter& meter) noexcept {
    const auto n = static_cast<double>(size);
    meter.add(pass, Part::residual, 2 * n, 4 * n, 2 * n);
  }
};

/// Blocks in sequence, and a norm after the last.
class Blocks {
 public:
  template <class T>
  struct Workspace {
    std::vector<Block::Cache<T>> caches;
    Block::Scratch<T> scratch;
    MatrixOf<T> last, normed, gradient;  ///< tokens × width; `normed` is the output
    LayerNorm::Cache<T> norm;

    /// Input of the first block, which the caller writes.
    [[nodiscard]] MatrixOf<T>& input() noexcept { return caches.front().in; }
  };

  static Blocks add(Layout& layout, const Size& size, Index context, bool causal) {
    Blocks made;
    for (std::int64_t i = 0; i < size.layers; ++i) {
      made.blocks_.push_back(
          Block::add(layout, "block_" + std::to_string(i), size, context, causal));
    }
    made.norm_ = LayerNorm::add(layout, "norm", size.width);
    return made;
  }

  template <class T>
  void prepare(Index sequences, Workspace<T>& w) const {
    w.caches.resize(blocks_.size());
    for (std::size_t i = 0; i < blocks_.size(); ++i)
      blocks_[i].prepare(sequences, w.caches[i], w.scratch);
    const Index tokens = sequences * blocks_[0].attention.context;
    for (MatrixOf<T>* m : {&w.last, &w.normed, &w.gradient})
      m->resize(tokens, blocks_[0].attention.width);
    w.norm.prepare(tokens);
  }

  template <class T>
  void forward(const Layout& layout, const T* parameters, Workspace<T>& w,
               Meter& meter) const noexcept;

  /// From the gradient of `normed` to that of the first block's input, left in `w.gradient`.
  template <class T>
  void backward(const Layout& layout, const T* parameters, T* gradients,
                const MatrixOf<T>& of_normed, Workspace<T>& w, Meter& meter) const noexcept;

 private:
  std::vector<Block> blocks_;
  LayerNorm norm_;
};

/// Compiled once, in blocks.cpp.
extern template void Blocks::forward<float>(const Layout&, const float*, Workspace<float>&,
                                            Meter&) const noexcept;
extern template void Blocks::backward<float>(const Layout&, const float*, float*,
                                             const MatrixOf<float>&, Workspace<float>&,
                                             Meter&) const noexcept;
extern template void Blocks::forward<double>(const Layout&, const double*, Workspace<double>&,
                                             Meter&) const noexcept;
extern template void Blocks::backward<double>(const Layout&, const double*, double*,
                                              const MatrixOf<double>&, Workspace<double>&,
                                              Meter&) const noexcept;

}  // namespace ohmlab::transformer
