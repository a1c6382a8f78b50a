#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <tuple>
#include <vector>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/transformer/attention.hpp"
#include "ohmlab/transformer/gelu.hpp"
#include "ohmlab/transformer/layer_norm.hpp"
#include "ohmlab/transformer/linear.hpp"

namespace ohmlab::transformer {

/// What both kinds of transformer are built of.
struct Size {
  std::int64_t layers = 2;
  std::int64_t width = 64;
  std::int64_t heads = 4;
  static constexpr auto fields = std::tuple{
      core::field("layers", &Size::layers, "", core::between(1, 256), "blocks, one after another"),
      core::field("width", &Size::width, "", core::between(1, 1 << 15), "numbers that stand for a token"),
      core::field("heads", &Size::heads, "", core::between(1, 1 << 10),
                  "heads of attention; width is a multiple of it"),
  };
  /// What is wrong between the fields, or "".
  [[nodiscard]] std::string problem() const;
};

/// Pre-norm block: x += attention(norm(x)), x += feed_forward(norm(x)) with four times the width between.
/// Source: Vaswani et al. 2017, with the norms moved as in Radford et al. 2019.
struct Block {
  LayerNorm norm_1, norm_2;
  Linear to_qkv, from_heads, up, down;
  Attention attention;

  template <class T>
  struct Cache {
    LayerNorm::Cache<T> norm_1, norm_2;
    MatrixOf<T> in, normed_1, qkv, weights, mixed, middle, normed_2, hidden, tangent, active;
  };
  /// Memory that no block needs after it is done.
  template <class T>
  struct Scratch {
    MatrixOf<T> out, wide, qkv, narrow, scores;
  };

  static Block add(Layout& layout, const std::string& name, const Size& size, Index context, bool causal) {
    const Index h = size.width;
    Block made;
    made.norm_1 = LayerNorm::add(layout, name + ".norm_1", h);
    made.to_qkv = Linear::add(layout, name + ".to_qkv", {"width", h}, {"query_key_value", 3 * h});
    made.from_heads = Linear::add(layout, name + ".from_heads", {"mixed", h}, {"width", h}, Start::residual);
    made.norm_2 = LayerNorm::add(layout, name + ".norm_2", h);
    made.up = Linear::add(layout, name + ".up", {"width", h}, {"hidden", 4 * h});
    made.down = Linear::add(layout, name + ".down", {"hidden", 4 * h}, {"width", h}, Start::residual);
    made.attention = {h, size.heads, context, causal};
    return made;
  }

  template <class T>
  void prepare(Index sequences, Cache<T>& c, Scratch<T>& s) const {
    const Index tokens = sequences * attention.context, h = attention.width;
    c.norm_1.prepare(tokens);
    c.norm_2.prepare(tokens);
    for (MatrixOf<T>* m : {&c.in, &c.normed_1, &c.mixed, &c.middle, &c.normed_2}) m->resize(tokens, h);
    for (MatrixOf<T>* m : {&c.hidden, &c.tangent, &c.active}) m->resize(tokens, 4 * h);
    c.qkv.resize(tokens, 3 * h);
    c.weights.resize(tokens * attention.heads, attention.context);
    s.out.resize(tokens, h);
    s.narrow.resize(tokens, h);
    s.wide.resize(tokens, 4 * h);
    s.qkv.resize(tokens, 3 * h);
    s.scores.resize(Attention::block, attention.context);
  }

  /// From `cache.in` to `out`, both tokens × width.
  template <class T>
  void forward(const Layout& layout, const T* parameters, Cache<T>& c, Scratch<T>& s, MatrixOf<T>& out,
               Meter& meter) const noexcept {
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

  /// Turns the gradient of the output into that of the input, in place, and writes those of the parameters.
  template <class T>
  void backward(const Layout& layout, const T* parameters, T* gradients, const Cache<T>& c, Scratch<T>& s,
                MatrixOf<T>& d, Meter& meter) const noexcept {
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

 private:
  /// Two sums, of a value or of a gradient.
  static void count_residual(Pass pass, Index size, Meter& meter) noexcept {
    const auto n = static_cast<double>(size);
    meter.add(pass, Part::residual, 2 * n, 4 * n, 2 * n);
  }
};

/// Blocks one after another and a norm behind the last.
class Blocks {
 public:
  template <class T>
  struct Workspace {
    std::vector<Block::Cache<T>> caches;
    Block::Scratch<T> scratch;
    MatrixOf<T> last, normed, gradient;  ///< tokens × width; `normed` is the output
    LayerNorm::Cache<T> norm;

    /// Where what goes into the first block is to be written.
    [[nodiscard]] MatrixOf<T>& input() noexcept { return caches.front().in; }
  };

  static Blocks add(Layout& layout, const Size& size, Index context, bool causal) {
    Blocks made;
    for (std::int64_t i = 0; i < size.layers; ++i) {
      made.blocks_.push_back(Block::add(layout, "block_" + std::to_string(i), size, context, causal));
    }
    made.norm_ = LayerNorm::add(layout, "norm", size.width);
    return made;
  }

  template <class T>
  void prepare(Index sequences, Workspace<T>& w) const {
    w.caches.resize(blocks_.size());
    for (std::size_t i = 0; i < blocks_.size(); ++i) blocks_[i].prepare(sequences, w.caches[i], w.scratch);
    const Index tokens = sequences * blocks_[0].attention.context;
    for (MatrixOf<T>* m : {&w.last, &w.normed, &w.gradient}) m->resize(tokens, blocks_[0].attention.width);
    w.norm.prepare(tokens);
  }

  template <class T>
  void forward(const Layout& layout, const T* parameters, Workspace<T>& w, Meter& meter) const noexcept {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      MatrixOf<T>& out = i + 1 < blocks_.size() ? w.caches[i + 1].in : w.last;
      meter.enter(i + 1);
      blocks_[i].forward(layout, parameters, w.caches[i], w.scratch, out, meter);
    }
    meter.enter(0);
    norm_.forward(layout, parameters, w.last, w.norm, w.normed, meter);
  }

  /// From the gradient of `normed` to that of the first block's input, which is left in `w.gradient`.
  template <class T>
  void backward(const Layout& layout, const T* parameters, T* gradients, const MatrixOf<T>& of_normed,
                Workspace<T>& w, Meter& meter) const noexcept {
    w.gradient.setZero();
    norm_.backward(layout, parameters, gradients, w.last, w.norm, of_normed, w.gradient, meter);
    for (std::size_t i = blocks_.size(); i-- > 0;) {
      meter.enter(i + 1);
      blocks_[i].backward(layout, parameters, gradients, w.caches[i], w.scratch, w.gradient, meter);
    }
    meter.enter(0);
  }

 private:
  std::vector<Block> blocks_;
  LayerNorm norm_;
};

}  // namespace ohmlab::transformer
