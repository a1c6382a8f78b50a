#include "scores.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <numbers>

namespace ohmlab::validation {
namespace {

/// P(0 <= T <= x) of Student's t by Simpson's rule.
double student_mass(double x, double degrees) {
  constexpr int steps = 2000;
  const double scale = std::exp(std::lgamma((degrees + 1) / 2) - std::lgamma(degrees / 2)) /
                       std::sqrt(degrees * std::numbers::pi);
  const auto density = [&](double t) {
    return scale * std::pow(1 + t * t / degrees, -(degrees + 1) / 2);
  };
  const double h = x / steps;
  double sum = density(0) + density(x);
  for (int i = 1; i < steps; ++i) sum += (i % 2 ? 4 : 2) * density(i * h);
  return sum * h / 3;
}

}  // namespace

double interval_score(const Prediction& prediction, double measured, double alpha) {
  double score = prediction.p95 - prediction.p05;
  if (measured < prediction.p05) score += 2 / alpha * (prediction.p05 - measured);
  if (measured > prediction.p95) score += 2 / alpha * (measured - prediction.p95);
  return score;
}

double student_quantile(double share, double degrees) {
  assert(share > 0.5 && share < 1 && degrees >= 1);
  double low = 0, high = 1;
  while (student_mass(high, degrees) < share - 0.5) high *= 2;
  for (int i = 0; i < 60; ++i) {
    const double middle = (low + high) / 2;
    (student_mass(middle, degrees) < share - 0.5 ? low : high) = middle;
  }
  return (low + high) / 2;
}

Prediction line_prediction(const std::vector<double>& xs, const std::vector<double>& ys, double x) {
  assert(xs.size() == ys.size() && xs.size() >= 3);
  const auto n = static_cast<double>(xs.size());
  double mean_x = 0, mean_y = 0;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    mean_x += xs[i] / n;
    mean_y += ys[i] / n;
  }
  double sxx = 0, sxy = 0;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    sxx += (xs[i] - mean_x) * (xs[i] - mean_x);
    sxy += (xs[i] - mean_x) * (ys[i] - mean_y);
  }
  assert(sxx > 0);
  const double slope = sxy / sxx;
  double residual = 0;
  for (std::size_t i = 0; i < xs.size(); ++i) {
    residual += std::pow(ys[i] - mean_y - slope * (xs[i] - mean_x), 2);
  }
  const double middle = mean_y + slope * (x - mean_x);
  const double half = student_quantile(0.95, n - 2) * std::sqrt(residual / (n - 2)) *
                      std::sqrt(1 + 1 / n + (x - mean_x) * (x - mean_x) / sxx);
  return {middle, middle - half, middle + half};
}

double median(std::vector<double> values) {
  std::sort(values.begin(), values.end());
  return quantile(values, 0.5);
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double x : values) sum += x;
  return sum / static_cast<double>(values.size());
}

std::pair<double, double> least(const std::function<double(double, double)>& loss, double x,
                                double y) {
  double best = loss(x, y);
  for (double step = 0.2; step > 1e-5;) {
    bool better = false;
    for (const auto& [dx, dy] : {std::pair{step, 0.0}, {-step, 0.0}, {0.0, step}, {0.0, -step}}) {
      const double nx = x * std::exp(dx), ny = y * std::exp(dy);
      if (const double l = loss(nx, ny); l < best) {
        best = l;
        x = nx;
        y = ny;
        better = true;
      }
    }
    if (!better) step /= 2;
  }
  return {x, y};
}

}  // namespace ohmlab::validation
