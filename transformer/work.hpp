#pragma once

#include <array>
#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "../cost/tally.hpp"

/// Operations and bytes of a training step, by the pass and by the part of the model.
///
/// A float operation is one addition, multiplication, division, comparison or elementary function
/// on float32; a multiply-accumulate is two. Bytes are those between the chip and its main memory.
/// Each operation reads its inputs and weights and writes its outputs once, as calculon counts them
/// (Isaev et al., SC'23): nothing is assumed to stay on the chip.
///
/// An operation works on a whole batch, whose weights it reads once. Slices, which share a batch
/// among threads, are not billed. The sum of their gradients is not billed either: one product over
/// the whole batch includes it.
///
/// Each product, embedding, loss and step of the optimizer is started once a batch; elementwise
/// work goes with the product before it.
namespace ohmlab::transformer {

enum class Pass { forward, activation_gradient, weight_gradient, update };
constexpr std::array<std::string_view, 4> enum_names(Pass) {
  return {"train: forward", "train: activation gradients", "train: weight gradients",
          "train: update"};
}

/// `linear` holds matrix products with weights, `attention` those of queries, keys and values.
/// Closed forms in the literature count these two. The rest is elementwise.
enum class Part {
  embedding,
  linear,
  bias,
  attention,
  softmax,
  layer_norm,
  gelu,
  residual,
  pooling,
  loss,
  optimizer
};
constexpr std::array<std::string_view, 11> enum_names(Part) {
  return {"embedding", "linear",   "bias",    "attention", "softmax",  "layer norm",
          "gelu",      "residual", "pooling", "loss",      "optimizer"};
}

/// Operations per element, one for each arithmetic operation of the executed formula, except for
/// layer norm (9, 14 and 7: Isaev et al., SC'23).
struct OperationsEach {
  static constexpr double norm_forward = 9, norm_activation = 14, norm_weight = 7;
  static constexpr double gelu_forward = 9;  ///< 4 for the cubic, √(2/π), tanh, + 1, · x, · ½
  /// 4 for each half of the derivative, ½(1+t), their sum, · dy.
  static constexpr double gelu_backward = 12;
  /// Scale, maximum, subtract, exponential, sum, divide.
  static constexpr double softmax_forward = 6;
  static constexpr double softmax_backward = 5;  ///< product, sum, subtract, product, scale
  static constexpr double loss_forward = 5;      ///< maximum, subtract, exponential, sum, divide
  /// Mean 3, variance 4, root, + ε, ratio, step, difference, decay.
  static constexpr double adamw = 13;
  static constexpr double clip = 3;  ///< square, sum, scale
};

/// True for parts whose work is done with the product before it, and is not started by itself.
[[nodiscard]] constexpr bool is_fused(Part part) noexcept {
  return part == Part::bias || part == Part::softmax || part == Part::layer_norm ||
         part == Part::gelu || part == Part::residual || part == Part::pooling;
}

struct Work {
  double flops = 0;
  double bytes_read = 0, bytes_written = 0;
  double launches = 0;  ///< operations started on an accelerator

  Work& operator+=(const Work& other) noexcept {
    flops += other.flops;
    bytes_read += other.bytes_read;
    bytes_written += other.bytes_written;
    launches += other.launches;
    return *this;
  }
  [[nodiscard]] bool operator==(const Work&) const = default;
};

/// Work by layer, pass and part. Counts are whole numbers below 2^53, so sums are exact in any
/// order.
class Meter {
 public:
  static constexpr double word = 4;  ///< bytes of a float32, and of a token's number

  /// \param whole_batch  true for one slice of a batch, which also counts the work done once per
  ///          batch (weights read, gradients written)
  explicit Meter(bool whole_batch = true) : once_(whole_batch ? 1 : 0) {}

  /// Assigns later work to block number `layer`, from 1 on, or with 0 to the parts around the
  /// blocks.
  void enter(std::size_t layer) {
    layer_ = layer;
    if (work_.size() <= layer) work_.resize(layer + 1);
  }

  /// Adds operations, words of this slice, and words that the batch reads or writes once.
  void add(Pass pass, Part part, double flops, double read, double written, double read_once = 0,
           double written_once = 0) noexcept {
    at(pass, part) += {flops, word * (read + once_ * read_once),
                       word * (written + once_ * written_once), is_fused(part) ? 0 : once_};
  }
  void add(const Meter& other) {
    if (work_.size() < other.work_.size()) work_.resize(other.work_.size());
    for (std::size_t layer = 0; layer < other.work_.size(); ++layer) {
      for (std::size_t i = 0; i < size; ++i) work_[layer][i] += other.work_[layer][i];
    }
  }
  /// Work of all layers.
  [[nodiscard]] Work of(Pass pass, Part part) const noexcept {
    Work sum;
    for (const OfLayer& work : work_) sum += work[index(pass, part)];
    return sum;
  }

  /// Posts everything as float32, each pass as a stage, each part as a component, each block as a
  /// layer.
  void post(cost::Tally& tally) const {
    for (std::size_t pass = 0; pass < passes; ++pass) {
      const cost::Tally::Stage stage(tally, enum_names(Pass{})[pass]);
      for (std::size_t layer = 0; layer < work_.size(); ++layer) {
        const std::string block = layer > 0 ? "block " + std::to_string(layer) : "";
        for (std::size_t part = 0; part < parts; ++part) {
          const Work& work = work_[layer][pass * parts + part];
          if (work == Work{}) continue;
          const auto component = tally.component(enum_names(Part{})[part], block);
          const auto put = [&](cost::Action action, double count) {
            if (count > 0) tally.post(component, action, {.count = count, .serial = count});
          };
          put(cost::Action::flop_fp32, work.flops);
          put(cost::Action::memory_read, work.bytes_read);
          put(cost::Action::memory_write, work.bytes_written);
          put(cost::Action::kernel_launch, work.launches);
        }
      }
    }
  }

 private:
  static constexpr std::size_t passes = enum_names(Pass{}).size(),
                               parts = enum_names(Part{}).size();
  static constexpr std::size_t index(Pass pass, Part part) noexcept {
    return static_cast<std::size_t>(pass) * parts + static_cast<std::size_t>(part);
  }
  Work& at(Pass pass, Part part) noexcept { return work_[layer_][index(pass, part)]; }

  static constexpr std::size_t size = passes * parts;
  using OfLayer = std::array<Work, size>;

  std::vector<OfLayer> work_ = std::vector<OfLayer>(1);
  std::size_t layer_ = 0;
  double once_;
};

}  // namespace ohmlab::transformer
