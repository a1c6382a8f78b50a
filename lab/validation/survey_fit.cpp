#include "survey_fit.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <map>
#include <numbers>
#include <set>

#include <Eigen/Cholesky>

#include "macro_cost.hpp"

namespace ohmlab::validation {
namespace {

double charge(const Conversion& point) { return 2 * std::log(point.volts / reference_volts); }
double ln_node(const Conversion& point) { return std::log(point.node / 28e-9); }
double ln2(double bits) { return bits * std::numbers::ln2; }
double flag(const Conversion& point) { return point.resistive ? 1 : 0; }
double sum_of_parts(const Conversion& point, double converter, double product) {
  return std::log(std::exp(converter + ln2(point.bits - 8)) + std::exp(product) * point.products);
}

/// Converters of 8 bits outside of macros.
const Belief converters{0, std::log(1.9e-12), 1};

using Groups = std::vector<std::vector<std::size_t>>;  ///< points by chip

Groups by_chip(const std::vector<Conversion>& points) {
  std::map<std::string, std::vector<std::size_t>> found;
  for (std::size_t i = 0; i < points.size(); ++i) found[points[i].chip].push_back(i);
  Groups out;
  for (auto& [chip, group] : found) out.push_back(std::move(group));
  return out;
}

/// Weighs columns by the inverse covariance of the points: residual² I + chip² within a chip.
/// \returns ln of its determinant
double weigh(Eigen::MatrixXd& columns, const Groups& groups, double chip, double residual) {
  const double own = residual * residual;
  double ln_determinant = 0;
  for (const auto& group : groups) {
    const auto n = static_cast<double>(group.size());
    const double all = own + n * chip * chip;
    ln_determinant += (n - 1) * std::log(own) + std::log(all);
    for (Eigen::Index k = 0; k < columns.cols(); ++k) {
      double sum = 0;
      for (const std::size_t i : group) sum += columns(static_cast<Eigen::Index>(i), k);
      for (const std::size_t i : group) {
        double& x = columns(static_cast<Eigen::Index>(i), k);
        x = (x - chip * chip * sum / all) / own;
      }
    }
  }
  return ln_determinant;
}

/// The fit at given standard deviations, and twice its restricted negative log-likelihood.
class LeastSquares {
 public:
  LeastSquares(const std::vector<Conversion>& points, const ConversionLaw& law)
      : points_(&points), law_(&law), groups_(by_chip(points)) {}

  [[nodiscard]] std::size_t chips() const { return groups_.size(); }

  double solve(std::vector<double>& constants, double chip, double residual) {
    double likelihood = 0;
    for (int round = 0; round < 100; ++round) {
      linearise(constants);
      Eigen::MatrixXd weighed(slopes_.rows(), slopes_.cols() + 1);
      weighed << slopes_, errors_;
      const double ln_determinant = weigh(weighed, groups_, chip, residual);
      information_ = slopes_.transpose() * weighed.leftCols(slopes_.cols());
      Eigen::VectorXd gain = slopes_.transpose() * weighed.col(slopes_.cols());
      double surprise = 0;
      for (const auto& [constant, mean, sigma] : law_->beliefs) {
        const auto k = static_cast<Eigen::Index>(constant);
        const double away = (constants[constant] - mean) / sigma;
        information_(k, k) += 1 / (sigma * sigma);
        gain(k) -= away / sigma;
        surprise += away * away;
      }
      const Eigen::LLT<Eigen::MatrixXd> factor(information_);
      const Eigen::VectorXd step = factor.solve(gain);
      const Eigen::MatrixXd lower = factor.matrixL();
      likelihood = ln_determinant + surprise + errors_.dot(weighed.col(slopes_.cols())) +
                   2 * lower.diagonal().array().log().sum();
      // A step of more than one in ln J leaves the range in which the law is nearly linear.
      const double length = step.cwiseAbs().maxCoeff();
      const double share = length > 1 ? 1 / length : 1;
      if (length < 1e-9) break;
      for (std::size_t k = 0; k < constants.size(); ++k)
        constants[k] += share * step(static_cast<Eigen::Index>(k));
    }
    return likelihood;
  }

  [[nodiscard]] std::vector<std::vector<double>> covariance() const {
    const Eigen::MatrixXd inverse = information_.llt().solve(
        Eigen::MatrixXd::Identity(information_.rows(), information_.cols()));
    std::vector<std::vector<double>> out;
    for (Eigen::Index i = 0; i < inverse.rows(); ++i) {
      out.emplace_back();
      for (Eigen::Index j = 0; j < inverse.cols(); ++j) out.back().push_back(inverse(i, j));
    }
    return out;
  }

 private:
  void linearise(const std::vector<double>& constants) {
    const auto rows = static_cast<Eigen::Index>(points_->size());
    slopes_.resize(rows, static_cast<Eigen::Index>(constants.size()));
    errors_.resize(rows);
    for (Eigen::Index i = 0; i < rows; ++i) {
      const Conversion& point = (*points_)[static_cast<std::size_t>(i)];
      errors_(i) = point.measured - law_->value(point, constants);
      const std::vector<double> slopes = slopes_of(*law_, point, constants);
      for (Eigen::Index k = 0; k < slopes_.cols(); ++k)
        slopes_(i, k) = slopes[static_cast<std::size_t>(k)];
    }
  }

 public:
  static std::vector<double> slopes_of(const ConversionLaw& law, const Conversion& point,
                                       std::vector<double> constants) {
    constexpr double step = 1e-5;
    std::vector<double> out;
    for (double& constant : constants) {
      const double middle = constant;
      constant = middle + step;
      const double above = law.value(point, constants);
      constant = middle - step;
      out.push_back((above - law.value(point, constants)) / (2 * step));
      constant = middle;
    }
    return out;
  }

 private:
  const std::vector<Conversion>* points_;
  const ConversionLaw* law_;
  Groups groups_;
  Eigen::MatrixXd slopes_, information_;
  Eigen::VectorXd errors_;
};

}  // namespace

const ConversionLaw& macro_law() {
  static const ConversionLaw law{"parts per conversion and per product",
                                 "J = (V / 0.9 V)^2 F (a 2^(bits - 8) + c rows input_bits)",
                                 {std::log(2e-12), std::log(4e-15), 1},
                                 {converters},
                                 [](const Conversion& p, const std::vector<double>& c) {
    return charge(p) + c[2] * flag(p) + sum_of_parts(p, c[0], c[1]);
  }};
  return law;
}

const std::vector<ConversionLaw>& rival_laws() {
  static const std::vector<ConversionLaw> laws{
      {"and a power of the node",
       "J = (V / 0.9 V)^2 (node / 28 nm)^n F (a 2^(bits - 8) + c rows input_bits)",
       {std::log(2e-12), std::log(4e-15), 1, 0.3},
       {converters},
       [](const Conversion& p, const std::vector<double>& c) {
    return charge(p) + c[2] * flag(p) + c[3] * ln_node(p) + sum_of_parts(p, c[0], c[1]);
  }},
      {"doubling with every two bits",
       "J = (V / 0.9 V)^2 F (a 2^((bits - 8) / 2) + c rows input_bits)",
       {std::log(2e-12), std::log(4e-15), 1},
       {converters},
       [](const Conversion& p, const std::vector<double>& c) {
    const double part = std::exp(c[0] + ln2(p.bits - 8) / 2) + std::exp(c[1]) * p.products;
    return charge(p) + c[2] * flag(p) + std::log(part);
  }},
      {"per conversion alone",
       "J = (V / 0.9 V)^2 F a 2^(bits - 8)",
       {std::log(2e-12), 1},
       {},
       [](const Conversion& p, const std::vector<double>& c) {
    return charge(p) + c[1] * flag(p) + c[0] + ln2(p.bits - 8);
  }},
      {"per conversion alone, powers of bits and node free",
       "J = (V / 0.9 V)^2 F (node / 28 nm)^n a exp(k (bits - 8))",
       {std::log(4e-12), 1, 0.2, 0.3},
       {},
       [](const Conversion& p, const std::vector<double>& c) {
    return charge(p) + c[1] * flag(p) + c[0] + c[2] * (p.bits - 8) + c[3] * ln_node(p);
  }},
      {"powers of bits, node and products free",
       "J = (V / 0.9 V)^2 F (node / 28 nm)^n a exp(k (bits - 8)) (rows input_bits)^p",
       {std::log(1e-13), 1, 0.1, 0.3, 0.5},
       {},
       [](const Conversion& p, const std::vector<double>& c) {
    return charge(p) + c[1] * flag(p) + c[0] + c[2] * (p.bits - 8) + c[3] * ln_node(p) +
           c[4] * std::log(p.products);
  }},
  };
  return laws;
}

double ConversionFit::spread() const { return std::hypot(chip_sigma, residual_sigma); }
double ConversionFit::student() const {
  return student_quantile(0.95, static_cast<double>(chips - constants.size()));
}

ConversionFit fit_conversions(const std::vector<Conversion>& points, const ConversionLaw& law) {
  LeastSquares squares(points, law);
  assert(squares.chips() > law.start.size());
  ConversionFit out;
  out.chips = squares.chips();
  out.constants = law.start;
  const auto [chip, residual] = least([&](double chip_sigma, double residual_sigma) {
    return squares.solve(out.constants, chip_sigma, residual_sigma);
  }, out.chip_sigma, out.residual_sigma);
  out.chip_sigma = chip;
  out.residual_sigma = residual;
  squares.solve(out.constants, chip, residual);
  out.covariance = squares.covariance();
  return out;
}

Prediction predicted(const ConversionFit& fit, const ConversionLaw& law, const Conversion& point) {
  const double middle = law.value(point, fit.constants);
  const std::vector<double> slopes = LeastSquares::slopes_of(law, point, fit.constants);
  double variance = fit.spread() * fit.spread();
  for (std::size_t i = 0; i < slopes.size(); ++i)
    for (std::size_t j = 0; j < slopes.size(); ++j)
      variance += slopes[i] * slopes[j] * fit.covariance[i][j];
  const double half = fit.student() * std::sqrt(variance);
  return {middle, middle - half, middle + half};
}

std::vector<Conversion> conversions(const Survey& survey, bool all) {
  std::vector<Conversion> out;
  for (const SurveyRow& row : survey.rows) {
    if (!row.excluded.empty() && !all) continue;
    out.push_back({row.chip, row.output_bits, static_cast<double>(row.rows) * row.input_bits,
                   row.voltage.value_or(nominal_voltage(row.node)), row.node,
                   row.cells == MacroCells::resistive, std::log(row.joules())});
  }
  return out;
}

std::vector<Conversion> without_chip(const std::vector<Conversion>& points,
                                     const std::string& chip) {
  std::vector<Conversion> out;
  std::copy_if(points.begin(), points.end(), std::back_inserter(out),
               [&](const Conversion& point) { return point.chip != chip; });
  return out;
}

LawSkill left_out_skill(const std::vector<Conversion>& points, const ConversionLaw& law) {
  std::map<std::string, double> number;
  for (const Conversion& point : points) ++number[point.chip];
  LawSkill out;
  std::vector<std::pair<double, double>> errors;  // size, weight
  const auto chips = static_cast<double>(number.size());
  for (const auto& [chip, count] : number) {
    const ConversionFit fit = fit_conversions(without_chip(points, chip), law);
    const double weight = 1 / (count * chips);
    for (const Conversion& point : points) {
      if (point.chip != chip) continue;
      const Prediction said = predicted(fit, law, point);
      const double error = std::abs(point.measured - said.median);
      errors.emplace_back(error, weight);
      out.inside += said.p05 <= point.measured && point.measured <= said.p95 ? weight : 0;
      out.interval_score += weight * interval_score(said, point.measured);
      out.spread += weight * error * error;
    }
  }
  out.spread = std::sqrt(out.spread);
  std::sort(errors.begin(), errors.end());
  double below = 0;
  for (const auto& [error, weight] : errors) {
    below += weight;
    if (below < 0.5) continue;
    out.median_factor = std::exp(error);
    break;
  }
  return out;
}

}  // namespace ohmlab::validation
