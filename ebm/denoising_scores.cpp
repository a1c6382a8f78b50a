#include "denoising_scores.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "../core/rng.hpp"
#include "log_sums.hpp"
#include "untouched.hpp"

namespace ohmlab::ebm {
namespace {

using core::Index;
using core::MatrixD;
using core::VectorD;

const NoiseLevel& noise_of(const NetworkPlan& plan) { return *plan.layers[0].noise; }

/// One path of noise from each example, x^0 to x^T. Draws are the same in every call.
std::vector<MatrixD> paths_from(const core::ConstRows& examples, std::size_t steps, double flip) {
  std::vector<MatrixD> out{examples.cast<double>()};
  core::Matrix draws(examples.rows(), examples.cols());
  for (std::size_t t = 0; t < steps; ++t) {
    core::fill_uniform(
        core::stream(0, core::StreamId::thermal_noise, static_cast<std::uint32_t>(t)), 0, 0,
        {draws.data(), static_cast<std::size_t>(draws.size())});
    const auto flips = (draws.array() < static_cast<float>(flip)).cast<double>();
    out.emplace_back((out[t].array() - flips).abs());
  }
  return out;
}

/// ln p of bits that are independent, and on at these frequencies: one per row.
VectorD of_independent(const MatrixD& bits, const VectorD& frequency) {
  const VectorD log_odds = (frequency.array() / (1 - frequency.array())).log();
  const double all_off = (1 - frequency.array()).log().sum();
  return ((bits * log_odds.transpose()).array() + all_off).transpose();
}

/// The bound of each row of a path, given ln Z of the machine of a step and a row.
template <class LogZ>
VectorD bounds(const std::vector<RbmParameters>& machines, const NoiseLevel& noise,
               const std::vector<MatrixD>& path, const VectorD& last, const LogZ& log_z) {
  VectorD out = of_independent(path.back(), last);
  for (std::size_t t = 0; t < machines.size(); ++t) {
    for (Index row = 0; row < out.size(); ++row) {
      const VectorD here = path[t].row(row), next = path[t + 1].row(row);
      const RbmParameters machine = given_next(machines[t], noise, next);
      const double flips = (here - next).cwiseAbs().sum();
      const double log_q = flips * std::log(noise.flip) +
                           (static_cast<double>(here.size()) - flips) * std::log1p(-noise.flip);
      const core::Matrix bits = here.cast<float>();
      out[row] += -free_energy(machine, bits)[0] - log_z(t, row, machine, next) - log_q;
    }
  }
  return out;
}

bool enumerates(const RbmParameters& machine) {
  return std::min(machine.weights.rows(), machine.weights.cols()) <= units_of_bound;
}

/// Mean |x^t - its mean-field reconstruction by the hidden units, given x^t+1|, over all steps.
double denoising_error(const std::vector<RbmParameters>& machines, const NoiseLevel& noise,
                       const std::vector<MatrixD>& path) {
  const auto logistic = [](const MatrixD& x) -> MatrixD { return 1 / (1 + (-x.array()).exp()); };
  double sum = 0;
  for (std::size_t t = 0; t < machines.size(); ++t) {
    const RbmParameters& m = machines[t];
    const MatrixD hidden = logistic((path[t] * m.weights).rowwise() + m.hidden_bias);
    const MatrixD field = noise.field() * (2 * path[t + 1].array() - 1);
    const MatrixD back =
        logistic((hidden * m.weights.transpose() + field).rowwise() + m.visible_bias);
    sum += (back - path[t]).cwiseAbs().mean();
  }
  return sum / static_cast<double>(machines.size());
}

/// Root mean square, over all pairs of units, of the difference of their second moments.
double moment_error(const core::Matrix& samples, const core::Matrix& examples) {
  const auto moments = [](const core::Matrix& bits) -> MatrixD {
    const MatrixD x = bits.cast<double>();
    return x.transpose() * x / static_cast<double>(x.rows());
  };
  const MatrixD off = moments(samples) - moments(examples);
  return std::sqrt(off.squaredNorm() / static_cast<double>(off.size()));
}

Index number_of(const core::ConstRows& bits, Index row) {
  Index number = 0;
  for (Index i = 0; i < bits.cols(); ++i) number |= static_cast<Index>(bits(row, i) > 0.5F) << i;
  return number;
}

}  // namespace

std::vector<RbmParameters> machines_of(const Parameters& parameters) {
  std::vector<RbmParameters> out;
  const std::size_t steps = parameters.weights.size();
  for (std::size_t t = 0; t < steps; ++t)
    out.push_back({parameters.weights[t], parameters.biases[t], parameters.biases[steps + t]});
  return out;
}

VectorD last_frequencies(const NetworkPlan& plan, const VectorD& frequency) {
  const auto steps = static_cast<std::int64_t>(plan.couplings.size());
  return frequency.unaryExpr([&](double f) { return noise_of(plan).after(steps, f); });
}

RbmParameters given_next(const RbmParameters& machine, const NoiseLevel& noise,
                         const VectorD& next) {
  RbmParameters out = machine;
  out.visible_bias.array() += noise.field() * (2 * next.array() - 1);
  return out;
}

VectorD likelihood_bounds(const Parameters& parameters, const VectorD& last,
                          const core::ConstRows& examples) {
  const std::vector<RbmParameters> machines = machines_of(parameters);
  const NoiseLevel& noise = noise_of(parameters.plan);
  return bounds(machines, noise, paths_from(examples, machines.size(), noise.flip), last,
                [](std::size_t, Index, const RbmParameters& machine, const VectorD&) {
    return exact_log_z(machine);
  });
}

VectorD exact_chain_law(const Parameters& parameters, const VectorD& last) {
  const std::vector<RbmParameters> machines = machines_of(parameters);
  const Index units = last.size(), states = Index{1} << units;
  core::Matrix bits(states, units);
  for (Index s = 0; s < states; ++s) {
    for (Index i = 0; i < units; ++i) bits(s, i) = static_cast<float>(s >> i & 1);
  }
  VectorD law = of_independent(bits.cast<double>(), last).array().exp();
  const double field = noise_of(parameters.plan).field();
  for (std::size_t t = machines.size(); t-- > 0;) {
    const VectorD log_weights = -free_energy(machines[t], bits);
    VectorD before = VectorD::Zero(states), terms(states);
    for (Index next = 0; next < states; ++next) {
      for (Index s = 0; s < states; ++s) {
        const auto both = std::popcount(static_cast<std::uint64_t>(s & next)),
                   on = std::popcount(static_cast<std::uint64_t>(s));
        terms[s] = log_weights[s] + field * static_cast<double>(2 * both - on);
      }
      terms = (terms.array() - terms.maxCoeff()).exp();
      before += law[next] / terms.sum() * terms;
    }
    law = before;
  }
  return law;
}

Figures denoising_figures(const Parameters& parameters, const Task& task) {
  const std::vector<RbmParameters> machines = machines_of(parameters);
  const NoiseLevel& noise = noise_of(parameters.plan);
  const VectorD last = last_frequencies(parameters.plan, frequencies(task.train));
  Figures out;
  if (task.test.cols() <= chain_units) {
    const VectorD law = exact_chain_law(parameters, last).array().log();
    VectorD values(task.test.rows());
    for (Index row = 0; row < values.size(); ++row) values[row] = law[number_of(task.test, row)];
    out.push_back({"test_log_likelihood", values.mean(), "nat",
                   "mean ln p of a test example, exact for endless chains in every step"});
  }
  if (enumerates(machines[0])) {
    const Estimate bound = mean_of(likelihood_bounds(parameters, last, task.test));
    out.push_back({"test_bound", bound.value, "nat",
                   "lower bound of mean ln p of a test example: partition functions exact, one "
                   "path of noise an example"});
    if (bound.standard_error) {
      out.push_back({"test_bound_se", *bound.standard_error, "nat",
                     "its standard error over test examples and their noise"});
    }
  }
  out.push_back(
      {"test_denoising_error",
       denoising_error(machines, noise, paths_from(task.test, machines.size(), noise.flip)), "1",
       "mean absolute difference between a bit and its mean-field reconstruction, "
       "over all steps"});
  double weight_max = 0;
  for (const RbmParameters& m : machines)
    weight_max = std::max(weight_max, m.weights.cwiseAbs().maxCoeff());
  out.push_back({"weight_max", weight_max, "nat", "largest absolute weight, in logits"});
  return out;
}

Figures annealed_denoising_figures(const Parameters& parameters, const Task& task,
                                   const Evaluation& evaluation, std::uint64_t seed) {
  const Annealing& ais = evaluation.ais;
  if (ais.temperatures == 0) return {};
  const std::vector<RbmParameters> machines = machines_of(parameters);
  const NoiseLevel& noise = noise_of(parameters.plan);
  const VectorD frequency = frequencies(task.train);
  const core::Matrix few = task.test.topRows(std::min<Index>(ais.examples, task.test.rows()));
  double least_chains = HUGE_VAL;
  const auto log_z = [&](std::size_t t, Index row, const RbmParameters& machine,
                         const VectorD& next) {
    const VectorD here =
        frequency.unaryExpr([&](double f) { return noise.after(static_cast<std::int64_t>(t), f); });
    const VectorD base =
        (here.array() / (1 - here.array())).log() + noise.field() * (2 * next.array() - 1);
    const auto number = static_cast<std::uint64_t>(row) * machines.size() + t;
    // Estimates of different rows are independent: the key is of the seed and the number of both.
    const AnnealedLogZ annealed =
        annealed_log_z(machine, base, ais, seed + 0x9E3779B97F4A7C15ULL * (number + 1));
    least_chains = std::min(least_chains, annealed.effective_chains);
    return annealed.log_z;
  };
  const Estimate bound =
      mean_of(bounds(machines, noise, paths_from(few, machines.size(), noise.flip),
                     last_frequencies(parameters.plan, frequency), log_z));
  Figures out{{"ais_test_bound", bound.value, "nat",
               "bound of mean ln p of the first test examples, ln Z by annealing: optimistic"}};
  if (bound.standard_error) {
    out.push_back({"ais_test_bound_se", *bound.standard_error, "nat",
                   "its standard error over examples, their noise and annealing"});
  }
  out.push_back({"ais_effective_chains", least_chains, "1",
                 "chains that carry the weight, in the worst step of the worst example"});
  return out;
}

core::Matrix denoised_samples(Network& network, const VectorD& last, Index samples,
                              std::int64_t sweeps) {
  const std::size_t steps = network.plan().couplings.size();
  const auto field = static_cast<float>(noise_of(network.plan()).field());
  core::Matrix bits(samples, last.size());
  network.draw(steps - 1, {bits.data(), static_cast<std::size_t>(bits.size())});
  const core::Matrix frequency = last.cast<float>().replicate(samples, 1);
  bits = (bits.array() < frequency.array()).cast<float>().eval();
  cost::Edge& edge = network.edge();
  edge.random_words(network.neurons(steps - 1), static_cast<double>(bits.size()), random_bits);
  edge.adds(network.neurons(steps - 1), static_cast<double>(bits.size()), random_bits);
  States states(2 * steps);
  for (std::size_t t = steps; t-- > 0;) {
    states[t].field = field * (2 * bits.array() - 1);
    states[t].state = bits;
    for (std::int64_t k = 0; k < sweeps; ++k) {
      network.compute(steps + t, states, {}, states[steps + t]);
      network.compute(t, states, {}, states[t]);
    }
    bits = states[t].state;
  }
  return bits;
}

Figures denoising_figures_as_read(Network& network, const Task& task, std::int64_t sweeps,
                                  std::int64_t reads) {
  const Untouched untouched(network);
  const VectorD last = last_frequencies(network.plan(), frequencies(task.train));
  std::vector<double> errors;
  for (std::int64_t read = 0; read < reads; ++read) {
    errors.push_back(
        moment_error(denoised_samples(network, last, task.test.rows(), sweeps), task.test));
  }
  return over_reads({"sample_moment_error_read", 0, "1",
                     "root mean square error of the second moments of as many samples as test "
                     "examples"},
                    errors);
}

Figures denoising_references(const Task& task) {
  Figures out = independent_figures(task);
  const Index rows = std::min(task.train.rows(), task.test.rows());
  out.push_back({"train_moment_error", moment_error(task.train.topRows(rows), task.test), "1",
                 "root mean square error of the second moments of as many training examples as "
                 "test examples"});
  return out;
}

}  // namespace ohmlab::ebm
