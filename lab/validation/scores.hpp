#pragma once

#include <functional>
#include <utility>
#include <vector>

#include "../../core/quantile.hpp"

/// Scores of predictions with bands.
namespace ohmlab::validation {

/// A central prediction with its 90 % band, on any scale.
struct Prediction {
  double median = 0, p05 = 0, p95 = 0;
};

/// Width of a 1 - alpha interval plus 2/alpha times the distance by which it is missed; smaller is
/// better. Gneiting & Raftery, J. Am. Stat. Assoc. 102, 359 (2007).
[[nodiscard]] double interval_score(const Prediction& prediction, double measured,
                                    double alpha = 0.1);

/// x with P(T <= x) = share for Student's t with `degrees` degrees of freedom.
/// \param share  above a half
[[nodiscard]] double student_quantile(double share, double degrees);

/// The 90 % band of a new y at x by least squares of y on x: a + b x ± t s sqrt(1 + 1/n + (x -
/// mean)²/Sxx).
/// \param xs, ys  at least three points, not all at the same x
[[nodiscard]] Prediction line_prediction(const std::vector<double>& xs,
                                         const std::vector<double>& ys, double x);

/// Quantile of sorted values at `share`, linear between the two nearest values.
using core::quantile;
[[nodiscard]] double median(std::vector<double> values);
/// Minimum of a function of two positive numbers: a walk from (x, y) by ever smaller factors.
[[nodiscard]] std::pair<double, double> least(const std::function<double(double, double)>& loss,
                                              double x, double y);
[[nodiscard]] double mean(const std::vector<double>& values);

}  // namespace ohmlab::validation
