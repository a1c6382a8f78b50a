#pragma once

#include <string>
#include <vector>

#include "model_fit.hpp"

namespace ohmlab::fitting {

/// Standard errors of the parameters of a fitted law, and what is not determined.
struct Errors {
  std::vector<double> error;  ///< 0 where `note` says why there is none
  std::vector<std::string> note;
  double quantile = 1.96;  ///< of the law of estimate over error, two-sided 95 %
};

/// From the derivatives at the optimum. Ramps are groups of reads that may share what the model
/// lacks: with 10 or more of them, their scatter sets the errors (Liang & Zeger 1986); with fewer,
/// the curvature of the sum of squares does.
[[nodiscard]] Errors errors_of(const FittedLaw& fitted, const FitData& data);

/// Mean over devices, its error, and the standard deviation between devices beyond the errors of
/// their own estimates (Cochran, Biometrics 10, 101 (1954)). All devices count alike: an estimate
/// and its own error are correlated, so that weights would pull the mean.
struct Population {
  double mean = 0, mean_error = 0, spread = 0, spread_error = 0;
};
[[nodiscard]] Population population_of(const std::vector<double>& values,
                                       const std::vector<double>& errors);

/// Two-sided 95 % quantile of Student's law.
[[nodiscard]] double student(double degrees);

/// 2.5 % and 97.5 % of each parameter over fits to ramps drawn with replacement.
/// \param tick  called after each fit; the work stops if it returns false
[[nodiscard]] std::vector<std::vector<double>> bootstrap(const FittedLaw& fitted,
                                                         const FitData& data, std::int64_t count,
                                                         std::int64_t seed,
                                                         const std::function<bool()>& tick);

}  // namespace ohmlab::fitting
