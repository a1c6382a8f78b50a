#pragma once

#include <memory>
#include <span>
#include <vector>

#include "filter.hpp"
#include "optimise.hpp"
#include "windows.hpp"

namespace ohmlab::fitting {

/// A law with the parameters and noises that fit a set of ramps.
struct FittedLaw {
  std::unique_ptr<Law> law;
  std::vector<double> values;
  ReadModel reads;
  int noise_law = 0;
  Likelihood likelihood;
};

/// What all models are fitted to.
struct FitData {
  std::vector<const Ramp*> ramps;
  std::vector<Window> windows;
  Seen seen;
  NoiseMoments noise;
  double outlier = 3;
};

/// Fits a law: mean steps of windows from all starts, then parameters to the ramps with noise held,
/// and noise with parameters held, in turn until the likelihood stands still.
[[nodiscard]] FittedLaw fit_law(std::unique_ptr<Law> law, const FitData& data);

/// Fits the noise of steps and reads alone.
void fit_noise(FittedLaw& fitted, const FitData& data);

/// The weighted innovations of ramps as a problem in the law's parameters, with the filter's gains
/// as the fitted law has them. `order` are the ramps of the residuals, one after another.
struct RampProblem {
  RampProblem(const FittedLaw& fitted, std::span<const Ramp* const> ramps);
  RampProblem(const RampProblem&) = delete;
  RampProblem& operator=(const RampProblem&) = delete;

  std::vector<const Ramp*> ramps;
  std::vector<Trace> traces;
  std::vector<std::size_t> begin;  ///< first residual of each ramp, and the end of the last
  Problem problem;

 private:
  std::unique_ptr<Law> law_;
  double outlier_;
  void evaluate(std::span<const double> values, std::span<double> out);
};

/// The factor on all steps that fits one ramp best, and its standard error.
struct StepFactor {
  double value = 1, error = 0;
};
[[nodiscard]] StepFactor step_factor(const FittedLaw& fitted, const Ramp& ramp);

}  // namespace ohmlab::fitting
