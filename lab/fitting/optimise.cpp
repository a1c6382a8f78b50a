#include "optimise.hpp"

#include <algorithm>
#include <cmath>

#include <ceres/ceres.h>

namespace ohmlab::fitting {
namespace {

/// The difference by which a parameter is moved for a derivative. A cell's parameters are single
/// precision, so that it must be far above their rounding.
double difference(const FreeParameter& parameter, double value) {
  const double size = std::max({std::abs(value), std::abs(parameter.start) / 10, 1e-9});
  return 1e-3 * (size < 1e-3 && parameter.low < 0 && parameter.high > 0 ? 0.1 : size);
}

/// One column of the Jacobian: central, or to one side next to a bound.
void derivative(const Problem& problem, std::span<const double> values, std::size_t column,
                std::span<double> out) {
  const FreeParameter& parameter = problem.free[column];
  const double h = difference(parameter, values[column]);
  std::vector<double> moved(values.begin(), values.end()), other(out.size());
  const double high = std::min(values[column] + h, parameter.high);
  const double low = std::max(values[column] - h, parameter.low);
  moved[column] = high;
  problem.evaluate(moved, out);
  moved[column] = low;
  problem.evaluate(moved, other);
  for (std::size_t i = 0; i < out.size(); ++i) out[i] = (out[i] - other[i]) / (high - low);
}

class Cost final : public ceres::CostFunction {
 public:
  explicit Cost(const Problem& problem) : problem_(problem) {
    set_num_residuals(static_cast<int>(problem.residuals));
    mutable_parameter_block_sizes()->push_back(static_cast<int>(problem.free.size()));
  }
  bool Evaluate(double const* const* parameters, double* out, double** jacobians) const override {
    const std::span<const double> values(parameters[0], problem_.free.size());
    problem_.evaluate(values, {out, problem_.residuals});
    if (jacobians == nullptr || jacobians[0] == nullptr) return true;
    std::vector<double> column(problem_.residuals);
    for (std::size_t p = 0; p < values.size(); ++p) {
      derivative(problem_, values, p, column);
      for (std::size_t i = 0; i < column.size(); ++i)
        jacobians[0][i * values.size() + p] = column[i];
    }
    return true;
  }

 private:
  const Problem& problem_;
};

class Function final : public ceres::FirstOrderFunction {
 public:
  Function(const std::function<double(std::span<const double>)>& function, int size)
      : function_(function), size_(size) {}
  bool Evaluate(const double* at, double* cost, double* gradient) const override {
    std::vector<double> x(at, at + size_);
    *cost = function_(x);
    for (std::size_t i = 0; gradient != nullptr && i < x.size(); ++i) {
      constexpr double h = 1e-3;
      const double here = x[i];
      x[i] = here + h;
      const double more = function_(x);
      x[i] = here - h;
      gradient[i] = (more - function_(x)) / (2 * h);
      x[i] = here;
    }
    return std::isfinite(*cost);
  }
  [[nodiscard]] int NumParameters() const override { return size_; }

 private:
  const std::function<double(std::span<const double>)>& function_;
  int size_;
};

}  // namespace

Optimum least_squares(const Problem& problem, std::vector<double> start) {
  for (std::size_t p = 0; p < start.size(); ++p)
    start[p] = std::clamp(start[p], problem.free[p].low, problem.free[p].high);
  if (start.empty() || problem.residuals == 0) return {start, 0};
  ceres::Problem task;
  task.AddResidualBlock(new Cost(problem), nullptr, start.data());
  for (std::size_t p = 0; p < start.size(); ++p) {
    task.SetParameterLowerBound(start.data(), static_cast<int>(p), problem.free[p].low);
    task.SetParameterUpperBound(start.data(), static_cast<int>(p), problem.free[p].high);
  }
  ceres::Solver::Options options;
  options.linear_solver_type = ceres::DENSE_QR;
  options.max_num_iterations = 60;
  options.function_tolerance = 1e-7;
  options.parameter_tolerance = 1e-6;
  options.num_threads = 1;  // sums do not depend on the number of threads
  options.logging_type = ceres::SILENT;
  ceres::Solver::Summary summary;
  ceres::Solve(options, &task, &summary);
  return {start, summary.final_cost};
}

Eigen::MatrixXd jacobian(const Problem& problem, std::span<const double> values) {
  Eigen::MatrixXd out(static_cast<Eigen::Index>(problem.residuals),
                      static_cast<Eigen::Index>(values.size()));
  for (std::size_t p = 0; p < values.size(); ++p) {
    derivative(problem, values, p,
               {out.col(static_cast<Eigen::Index>(p)).data(), problem.residuals});
  }
  return out;
}

std::vector<double> least_value(const std::function<double(std::span<const double>)>& function,
                                std::vector<double> start) {
  const ceres::GradientProblem task(new Function(function, static_cast<int>(start.size())));
  ceres::GradientProblemSolver::Options options;
  options.line_search_direction_type = ceres::BFGS;
  options.max_num_iterations = 30;
  options.function_tolerance = 1e-9;
  options.gradient_tolerance = 1e-7;
  options.logging_type = ceres::SILENT;
  ceres::GradientProblemSolver::Summary summary;
  ceres::Solve(options, task, start.data(), &summary);
  return start;
}

}  // namespace ohmlab::fitting
