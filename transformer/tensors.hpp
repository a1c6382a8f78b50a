#pragma once

#include <cstdint>
#include <string>
#include <utility>
#include <vector>

#include "../core/matrix.hpp"

namespace ohmlab::transformer {

using core::Index;

/// Row-major, one token per row: float to train, double for the gradient oracle.
template <class T>
using MatrixOf = Eigen::Matrix<T, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
template <class T>
using RowOf = Eigen::Matrix<T, 1, Eigen::Dynamic, Eigen::RowMajor>;

/// Values of a tensor before learning.
enum class Start { zero, one, normal, residual };

/// One learned tensor, a piece of the vector of all parameters.
struct Tensor {
  std::string name;
  std::string row_name, col_name;  ///< names of its dimensions; row_name is "" for vectors
  Index rows = 1, cols = 0;
  Start start = Start::zero;
  Index offset = 0;  ///< index of its first value

  [[nodiscard]] Index size() const noexcept { return rows * cols; }
  /// Matrices decay, biases and norms do not (Radford et al. 2019 and most since).
  [[nodiscard]] bool decays() const noexcept { return rows > 1; }
};

/// Order of all tensors of a model in one vector. Each begins at a multiple of 16 values, so that
/// its memory is aligned. Gaps are zero and stay zero.
class Layout {
 public:
  /// Appends a tensor and returns its number.
  std::size_t add(Tensor tensor) {
    tensor.offset = size_;
    size_ += (tensor.size() + alignment - 1) / alignment * alignment;
    count_ += tensor.size();
    tensors_.push_back(std::move(tensor));
    return tensors_.size() - 1;
  }
  [[nodiscard]] const std::vector<Tensor>& tensors() const noexcept { return tensors_; }
  [[nodiscard]] const Tensor& operator[](std::size_t i) const noexcept { return tensors_[i]; }
  /// Length of the vector, gaps included.
  [[nodiscard]] Index size() const noexcept { return size_; }
  /// Number of parameters.
  [[nodiscard]] Index count() const noexcept { return count_; }

 private:
  static constexpr Index alignment = 16;
  std::vector<Tensor> tensors_;
  Index size_ = 0, count_ = 0;
};

/// A tensor inside a vector of all parameters, or of all gradients.
template <class T>
[[nodiscard]] auto view(T* all, const Tensor& tensor) noexcept {
  using Matrix =
      std::conditional_t<std::is_const_v<T>, const MatrixOf<std::remove_const_t<T>>, MatrixOf<T>>;
  return Eigen::Map<Matrix>(all + tensor.offset, tensor.rows, tensor.cols);
}
template <class T>
[[nodiscard]] auto row_view(T* all, const Tensor& tensor) noexcept {
  using Row = std::conditional_t<std::is_const_v<T>, const RowOf<std::remove_const_t<T>>, RowOf<T>>;
  return Eigen::Map<Row>(all + tensor.offset, tensor.size());
}

/// First values: normal with standard deviation `std`, divided by √(2 blocks) where a block adds to
/// the residual stream (Radford et al., "Language models are unsupervised multitask learners",
/// 2019); biases 0, scales of norms 1. Tensor i draws from layer i of the stream weight_init.
[[nodiscard]] RowOf<float> first_values(const Layout& layout, std::int64_t blocks, double std,
                                        std::uint64_t seed);

}  // namespace ohmlab::transformer
