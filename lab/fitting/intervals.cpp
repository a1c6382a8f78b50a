#include "intervals.hpp"

#include <algorithm>
#include <cmath>
#include <random>

#include <Eigen/Eigenvalues>

namespace ohmlab::fitting {
namespace {

constexpr std::size_t enough_groups = 10;
/// Directions in which the scaled curvature is below this share of the largest are not determined.
constexpr double flat = 1e-7;

/// Indices of the parameters that the data determine; the others get a note.
std::vector<Eigen::Index> determined(const FittedLaw& fitted, const Eigen::MatrixXd& slopes,
                                     std::vector<std::string>& note) {
  std::vector<Eigen::Index> kept;
  const double largest = slopes.colwise().norm().maxCoeff();
  for (Eigen::Index p = 0; p < slopes.cols(); ++p) {
    const FreeParameter& parameter = fitted.law->free()[static_cast<std::size_t>(p)];
    const double value = fitted.values[static_cast<std::size_t>(p)];
    const double near = 1e-6 * (parameter.high - parameter.low);
    if (slopes.col(p).norm() * std::max(std::abs(value), 1e-3) <= 1e-6 * largest * 1e-3) {
      note[static_cast<std::size_t>(p)] = "not determined by these data";
    } else if (value <= parameter.low + std::min(near, 1e-6 + 1e-6 * std::abs(parameter.low)) ||
               value >= parameter.high - near) {
      note[static_cast<std::size_t>(p)] = "at the bound of its range";
    } else {
      kept.push_back(p);
    }
  }
  while (!kept.empty()) {
    Eigen::MatrixXd scaled = slopes(Eigen::all, kept);
    for (Eigen::Index c = 0; c < scaled.cols(); ++c) scaled.col(c).normalize();
    const Eigen::SelfAdjointEigenSolver<Eigen::MatrixXd> found(scaled.transpose() * scaled);
    if (found.eigenvalues()(0) > flat * found.eigenvalues().maxCoeff()) break;
    Eigen::Index worst = 0;
    found.eigenvectors().col(0).cwiseAbs().maxCoeff(&worst);
    note[static_cast<std::size_t>(kept[static_cast<std::size_t>(worst)])] =
        "not determined beside the others by these data";
    kept.erase(kept.begin() + worst);
  }
  return kept;
}

}  // namespace

double student(double degrees) {
  // Expansion of the quantile in 1/degrees (Abramowitz & Stegun 26.7.5), within 0.5 % from 4 on.
  const double x = 1.959964, n = std::max(degrees, 3.0);
  return x + (std::pow(x, 3) + x) / (4 * n) +
         (5 * std::pow(x, 5) + 16 * std::pow(x, 3) + 3 * x) / (96 * n * n) +
         (3 * std::pow(x, 7) + 19 * std::pow(x, 5) + 17 * std::pow(x, 3) - 15 * x) /
             (384 * n * n * n);
}

Errors errors_of(const FittedLaw& fitted, const FitData& data) {
  const std::size_t count = fitted.values.size();
  Errors out{std::vector<double>(count, 0), std::vector<std::string>(count), 1.96};
  const RampProblem task(fitted, data.ramps);
  if (task.problem.residuals == 0) return out;
  const Eigen::MatrixXd slopes = jacobian(task.problem, fitted.values);
  Eigen::VectorXd left(static_cast<Eigen::Index>(task.problem.residuals));
  task.problem.evaluate(fitted.values, {left.data(), task.problem.residuals});
  const auto kept = determined(fitted, slopes, out.note);
  if (kept.empty()) return out;
  const Eigen::MatrixXd j = slopes(Eigen::all, kept);
  const Eigen::MatrixXd inverse =
      (j.transpose() * j).ldlt().solve(Eigen::MatrixXd::Identity(j.cols(), j.cols()));
  Eigen::MatrixXd covariance = inverse;
  const std::size_t groups = task.ramps.size();
  if (groups >= enough_groups) {
    Eigen::MatrixXd scatter = Eigen::MatrixXd::Zero(j.cols(), j.cols());
    for (std::size_t g = 0; g < groups; ++g) {
      const auto from = static_cast<Eigen::Index>(task.begin[g]);
      const auto size = static_cast<Eigen::Index>(task.begin[g + 1] - task.begin[g]);
      const Eigen::VectorXd pull = j.middleRows(from, size).transpose() * left.segment(from, size);
      scatter += pull * pull.transpose();
    }
    const auto n = static_cast<double>(groups);
    covariance = inverse * (scatter * (n / (n - 1))) * inverse;
    // Ramps of one direction say nothing of the other's parameters: half of them count.
    out.quantile = student(n / 2 - 1);
  }
  for (std::size_t i = 0; i < kept.size(); ++i) {
    const auto c = static_cast<Eigen::Index>(i);
    out.error[static_cast<std::size_t>(kept[i])] = std::sqrt(std::max(covariance(c, c), 0.0));
  }
  return out;
}

Population population_of(const std::vector<double>& values, const std::vector<double>& errors) {
  std::vector<double> sorted = errors;
  std::nth_element(sorted.begin(), sorted.begin() + static_cast<std::ptrdiff_t>(sorted.size() / 2),
                   sorted.end());
  const double most =
      5 * sorted[sorted.size() / 2];  // devices that hardly say anything are left out
  double n = 0, sum = 0, own = 0;
  for (std::size_t i = 0; i < values.size(); ++i) {
    if (errors[i] > most) continue;
    ++n;
    sum += values[i];
    own += errors[i] * errors[i];
  }
  Population out;
  out.mean = sum / n;
  double scatter = 0;
  for (std::size_t i = 0; i < values.size(); ++i)
    if (errors[i] <= most) scatter += std::pow(values[i] - out.mean, 2);
  scatter /= std::max(n - 1, 1.0);
  const double variance = std::max(scatter - own / n, 0.0);
  out.mean_error = std::sqrt(scatter / n);
  out.spread = std::sqrt(variance);
  const double uncertain = scatter * std::sqrt(2 / std::max(n - 1, 1.0));  // of the variance
  out.spread_error = variance > uncertain ? uncertain / (2 * out.spread) : std::sqrt(uncertain) / 2;
  return out;
}

std::vector<std::vector<double>> bootstrap(const FittedLaw& fitted, const FitData& data,
                                           std::int64_t count, std::int64_t seed,
                                           const std::function<bool()>& tick) {
  std::mt19937_64 source(static_cast<std::uint64_t>(seed));
  std::vector<std::vector<double>> values(fitted.values.size());
  std::vector<const Ramp*> up, other;  // each direction is drawn anew by itself
  for (const Ramp* ramp : data.ramps) (ramp->direction() > 0 ? up : other).push_back(ramp);
  for (std::int64_t turn = 0; turn < count; ++turn) {
    std::vector<const Ramp*> drawn;
    for (const auto* pool : {&up, &other})
      for (std::size_t i = 0; i < pool->size(); ++i)
        drawn.push_back((*pool)[source() % pool->size()]);
    const RampProblem task(fitted, drawn);
    const Optimum found = least_squares(task.problem, fitted.values);
    for (std::size_t p = 0; p < values.size(); ++p) values[p].push_back(found.values[p]);
    if (!tick()) break;
  }
  std::vector<std::vector<double>> out;
  for (std::vector<double>& sample : values) {
    std::sort(sample.begin(), sample.end());
    const auto last = static_cast<double>(sample.size() - 1);
    out.push_back({sample[static_cast<std::size_t>(std::floor(0.025 * last))],
                   sample[static_cast<std::size_t>(std::ceil(0.975 * last))]});
  }
  return out;
}

}  // namespace ohmlab::fitting
