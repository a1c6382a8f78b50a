#pragma once

#include <memory>
#include <string>

#include "model_fit.hpp"

namespace ohmlab::fitting {

/// A table of steps as measured: the means of a fitted piecewise law at its nodes, around them the
/// quantiles of what is left, without the noise of reads.
struct MeasuredSteps {
  std::string text;  ///< as measured_table reads it, in units of w
  std::unique_ptr<Law> law;
  std::int64_t numbers = 0;  ///< that were taken from the data
};
/// \param piecewise  a fitted piecewise_step
[[nodiscard]] MeasuredSteps measured_steps(const FittedLaw& piecewise, const FitData& data);

}  // namespace ohmlab::fitting
