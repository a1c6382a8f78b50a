#include "cell_normals.hpp"

#include <algorithm>
#include <cmath>

#include "../core/parallel.hpp"

namespace ohmlab::crossbar {
namespace {

using core::Index;
using core::Matrix;

constexpr std::uint64_t own_draws = 0, common_draws = 1;  // operations of the stream

/// Weights of a Gaussian at distances 0, 1, … in cells. White noise smoothed by exp(-d²/range²)
/// correlates by exp(-d²/(2 range²)).
std::vector<double> kernel_of(double range) {
  std::vector<double> out{1};
  for (double d = 1; d <= 4 * range; ++d) out.push_back(std::exp(-d * d / (range * range)));
  return out;
}

/// Smooths each row, and divides each place by its standard deviation.
Matrix smoothed_rows(const Matrix& in, const std::vector<double>& kernel) {
  Matrix out(in.rows(), in.cols());
  const auto reach = static_cast<Index>(kernel.size()) - 1;
  const double work = static_cast<double>(in.cols() * (2 * reach + 1));
  core::for_slices(in.rows(), 4, work, [&](Index begin, Index end) noexcept {
    for (Index i = begin; i < end; ++i) {
      for (Index j = 0; j < in.cols(); ++j) {
        double sum = 0, squares = 0;
        const Index last = std::min(in.cols() - 1, j + reach);
        for (Index k = std::max<Index>(0, j - reach); k <= last; ++k) {
          const double weight = kernel[static_cast<std::size_t>(std::abs(k - j))];
          sum += weight * static_cast<double>(in(i, k));
          squares += weight * weight;
        }
        out(i, j) = static_cast<float>(sum / std::sqrt(squares));
      }
    }
  });
  return out;
}

}  // namespace

void CellNormals::share(const Neighbours& neighbours, Index rows, Index cols) {
  if (neighbours.share == 0 || count_ == 0) return;
  own_ = static_cast<float>(std::sqrt(1 - neighbours.share));
  common_ = static_cast<float>(std::sqrt(neighbours.share));
  smoothed_.assign(static_cast<std::size_t>(count_), Matrix(rows, cols));
  core::for_slices(rows, 4, static_cast<double>(100 * cols), [&](Index begin, Index end) noexcept {
    for (Index cell = begin * cols; cell < end * cols; ++cell) {
      const auto white = devices::normals_of<float>(
          stream_, first_cell_ + static_cast<std::uint32_t>(cell), common_draws, count_);
      for (int k = 0; k < count_; ++k)
        smoothed_[static_cast<std::size_t>(k)].data()[cell] = white[k];
    }
  });
  const std::vector<double> kernel = kernel_of(neighbours.range);
  for (Matrix& normals : smoothed_) {
    const Matrix along = smoothed_rows(normals, kernel).transpose();
    normals = smoothed_rows(along, kernel).transpose();
  }
}

devices::Normals<float> CellNormals::of(Index i, Index j, Index cols) const noexcept {
  const auto cell = first_cell_ + static_cast<std::uint32_t>(i * cols + j);
  auto out = devices::normals_of<float>(stream_, cell, own_draws, count_);
  for (std::size_t k = 0; k < smoothed_.size(); ++k) {
    float& xi = out[static_cast<int>(k)];
    xi = own_ * xi + common_ * smoothed_[k](i, j);
  }
  return out;
}

}  // namespace ohmlab::crossbar
