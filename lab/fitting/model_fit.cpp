#include "model_fit.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

#include "../../core/parallel.hpp"

namespace ohmlab::fitting {
namespace {

constexpr double quietest = 1e-5;  // of a read or a step, in units of w

/// Parameters that fit the mean steps of windows.
Optimum fit_windows(const Law& law, const FitData& data, const std::vector<double>& start) {
  const auto own = law.copy();
  double scale = 0;
  for (const Window& window : data.windows) scale += std::abs(window.step);
  scale /= static_cast<double>(std::max<std::size_t>(data.windows.size(), 1));
  Problem problem;
  problem.free = law.free();
  problem.residuals = data.windows.size();
  problem.evaluate = [&](std::span<const double> values, std::span<double> out) {
    own->set(values);
    for (std::size_t i = 0; i < data.windows.size(); ++i) {
      const Window& window = data.windows[i];
      const double z = window.weight * (window.step - own->step(window.w, window.up)) / scale;
      out[i] = std::copysign(std::sqrt(2 * huber(z, 3)), z);
    }
  };
  return least_squares(problem, start);
}

/// The noise of steps whose mean square over the windows is that of the moments.
void start_noise(FittedLaw& fitted, const FitData& data) {
  fitted.law->set_noise(1e-2);
  double squares = 0;
  for (const Window& window : data.windows)
    squares += std::pow(fitted.law->step_noise(window.w, window.up), 2);
  squares /= static_cast<double>(std::max<std::size_t>(data.windows.size(), 1));
  const double wanted = std::sqrt(std::max(data.noise.step_variance, quietest * quietest));
  fitted.law->set_noise(squares > 0 ? std::clamp(1e-2 * wanted / std::sqrt(squares), 1e-4, 100.0)
                                    : 0.1);
  fitted.reads.variance = std::max(data.noise.read_variance, quietest * quietest);
}

void fit_parameters(FittedLaw& fitted, const FitData& data) {
  const RampProblem task(fitted, data.ramps);
  fitted.values = least_squares(task.problem, fitted.values).values;
  fitted.law->set(fitted.values);
}

/// Takes the law of noise under which the ramps are most likely.
void choose_noise(FittedLaw& fitted, const FitData& data) {
  const int count = fitted.law->noise_laws();
  FittedLaw best;
  for (int number = 0; number < count; ++number) {
    FittedLaw other{fitted.law->copy(), fitted.values, fitted.reads, number, {}};
    other.law->set_noise_law(number);
    start_noise(other, data);
    fit_noise(other, data);
    if (!best.law || other.likelihood.log > best.likelihood.log) best = std::move(other);
  }
  fitted = std::move(best);
}

}  // namespace

void fit_noise(FittedLaw& fitted, const FitData& data) {
  const auto own = fitted.law->copy();
  const auto taken = [&](double logarithm) {
    return std::exp(std::clamp(logarithm, std::log(1e-6), std::log(1e3)));
  };
  const std::function<double(std::span<const double>)> function = [&](std::span<const double> x) {
    own->set_noise(taken(x[0]));
    const ReadModel reads{std::max(std::exp(2 * std::min(x[1], 5.0)), quietest * quietest),
                          data.outlier};
    double beyond = 0;  // keeps the search near what can be told apart
    for (const double v : x) beyond += std::pow(std::max(std::abs(v) - 12, 0.0), 2);
    const Likelihood found = likelihood(*own, data.ramps, reads);
    return beyond - found.log / static_cast<double>(std::max<std::int64_t>(found.reads, 1));
  };
  std::vector<double> found;
  double least = std::numeric_limits<double>::infinity();
  for (const double step : {0.0, -1.2, 1.2}) {
    for (const double read : {0.0, -2.0, 1.0}) {
      const std::vector<double> start{std::log(fitted.law->noise()) + step,
                                      std::log(fitted.reads.variance) / 2 + read};
      const double value = function(start);
      if (value >= least) continue;
      least = value;
      found = start;
    }
  }
  found = least_value(function, found);
  fitted.law->set_noise(taken(found[0]));
  fitted.reads.variance = std::max(std::exp(2 * std::min(found[1], 5.0)), quietest * quietest);
  fitted.reads.outlier = data.outlier;
  fitted.likelihood = likelihood(*fitted.law, data.ramps, fitted.reads);
}

FittedLaw fit_law(std::unique_ptr<Law> law, const FitData& data) {
  FittedLaw best{std::move(law), {}, {}, 0, {}};
  best.reads.outlier = data.outlier;
  Optimum nearest;
  for (const std::vector<double>& start : best.law->starts()) {
    const Optimum found = fit_windows(*best.law, data, start);
    if (nearest.values.empty() || found.cost < nearest.cost) nearest = found;
  }
  best.values = nearest.values;
  best.law->set(best.values);
  start_noise(best, data);
  choose_noise(best, data);
  constexpr int most_turns = 6;
  double before = best.likelihood.log;
  for (int turn = 0; turn < most_turns; ++turn) {
    FittedLaw next{best.law->copy(), best.values, best.reads, best.noise_law, {}};
    fit_parameters(next, data);
    if (turn == 0) {
      choose_noise(next, data);
    } else {
      fit_noise(next, data);
    }
    if (turn == 0 || next.likelihood.log > best.likelihood.log) best = std::move(next);
    if (std::abs(best.likelihood.log - before) < 0.02) break;
    before = best.likelihood.log;
  }
  return best;
}

RampProblem::RampProblem(const FittedLaw& fitted, std::span<const Ramp* const> given)
    : ramps(given.begin(), given.end()),
      traces(given.size()),
      law_(fitted.law->copy()),
      outlier_(fitted.reads.outlier) {
  core::for_slices(static_cast<core::Index>(ramps.size()), 1, work_each(ramps),
                   [&](auto from, auto to) {
    for (auto i = static_cast<std::size_t>(from); i < static_cast<std::size_t>(to); ++i)
      traces[i] = follow(*fitted.law, *ramps[i], fitted.reads);
  });
  begin.push_back(0);
  for (const Trace& trace : traces)
    begin.push_back(begin.back() + static_cast<std::size_t>(trace.reads));
  problem.free = fitted.law->free();
  problem.residuals = begin.back();
  problem.evaluate = [this](std::span<const double> values, std::span<double> out) {
    evaluate(values, out);
  };
}

void RampProblem::evaluate(std::span<const double> values, std::span<double> out) {
  law_->set(values);
  core::for_slices(static_cast<core::Index>(ramps.size()), 1, work_each(ramps),
                   [&](auto from, auto to) {
    for (auto i = static_cast<std::size_t>(from); i < static_cast<std::size_t>(to); ++i) {
      residuals(*law_, *ramps[i], traces[i], outlier_,
                out.subspan(begin[i], begin[i + 1] - begin[i]));
    }
  });
}

StepFactor step_factor(const FittedLaw& fitted, const Ramp& ramp) {
  const Trace trace = follow(*fitted.law, ramp, fitted.reads);
  const auto count = static_cast<std::size_t>(trace.reads);
  std::vector<double> here(count), more(count);
  StepFactor out;
  for (int turn = 0; turn < 4; ++turn) {
    constexpr double h = 1e-3;
    residuals(*fitted.law, ramp, trace, fitted.reads.outlier, here, out.value);
    residuals(*fitted.law, ramp, trace, fitted.reads.outlier, more, out.value + h);
    double slope = 0, curvature = 0;
    for (std::size_t i = 0; i < count; ++i) {
      const double derivative = (more[i] - here[i]) / h;
      slope += derivative * here[i];
      curvature += derivative * derivative;
    }
    if (curvature <= 0) return {1, 1e3};
    out.value = std::clamp(out.value - slope / curvature, 0.0, 20.0);
    out.error = 1 / std::sqrt(curvature);
  }
  return out;
}

}  // namespace ohmlab::fitting
