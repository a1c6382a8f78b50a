#pragma once

#include <Eigen/Core>

namespace ohmlab::core {

using Index = Eigen::Index;

/// Row-major float32 for arrays and samplers; a row is one example, chain or row of cells.
using Matrix = Eigen::Matrix<float, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using Vector = Eigen::Matrix<float, 1, Eigen::Dynamic, Eigen::RowMajor>;
/// Row-major float64, for scoring and oracles.
using MatrixD = Eigen::Matrix<double, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;
using VectorD = Eigen::Matrix<double, 1, Eigen::Dynamic, Eigen::RowMajor>;

/// Views of whole rows: the inner stride is 1, the outer one is free.
using Rows = Eigen::Ref<Matrix, 0, Eigen::OuterStride<>>;
using ConstRows = Eigen::Ref<const Matrix, 0, Eigen::OuterStride<>>;
using ConstVector = Eigen::Ref<const Vector>;

}  // namespace ohmlab::core
