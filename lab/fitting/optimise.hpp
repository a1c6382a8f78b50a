#pragma once

#include <functional>
#include <span>
#include <vector>

#include "../../core/matrix.hpp"
#include "law.hpp"

namespace ohmlab::fitting {

/// Residuals of a least-squares problem in the values of free parameters. Called on one thread.
using Residuals = std::function<void(std::span<const double> values, std::span<double> out)>;

struct Problem {
  std::vector<FreeParameter> free;
  std::size_t residuals = 0;
  Residuals evaluate;
};

struct Optimum {
  std::vector<double> values;
  double cost = 0;  ///< half the sum of squares
};

/// The least squares within the bounds, from a start, by Ceres (Levenberg-Marquardt).
[[nodiscard]] Optimum least_squares(const Problem& problem, std::vector<double> start);

/// Derivatives of the residuals by the parameters, residuals × parameters, by differences.
[[nodiscard]] Eigen::MatrixXd jacobian(const Problem& problem, std::span<const double> values);

/// The least value of a smooth function of few numbers without bounds, from a start, by Ceres
/// (BFGS).
[[nodiscard]] std::vector<double> least_value(
    const std::function<double(std::span<const double>)>& function, std::vector<double> start);

}  // namespace ohmlab::fitting
