#pragma once

#include <algorithm>
#include <random>

#include "ohmlab/ebm/exact.hpp"
#include "ohmlab/ebm/trainer.hpp"

#include "tests/ebm/networks.hpp"

/// Gradients of the cost of networks at rest: by a rule through the real trainer, and by finite
/// differences in float64.
namespace ohmlab::tests {

constexpr std::int64_t long_enough = 200;

struct Example {
  core::Matrix inputs, targets;
};

inline Example some_examples(core::Index inputs, core::Index classes) {
  std::mt19937 engine(5);
  std::uniform_real_distribution<float> uniform;
  const core::Index count = 3;
  Example out{core::Matrix::NullaryExpr(count, inputs, [&] { return uniform(engine); }),
              core::Matrix::Zero(count, classes)};
  for (core::Index row = 0; row < count; ++row) out.targets(row, row % classes) = 1;
  return out;
}

/// Half the mean squared distance of the outputs at rest from their targets.
inline double cost_at_rest(const ebm::Parameters& of, const Example& example) {
  const core::MatrixD outputs = ebm::settled_outputs(of, example.inputs, long_enough);
  return (outputs - example.targets.cast<double>()).squaredNorm() / 2 /
         static_cast<double>(example.inputs.rows());
}

/// Change of all weights and biases in one update, over its rate.
inline ebm::Parameters update(const ebm::Parameters& of, const Example& example,
                              const ebm::Recipe& recipe, const ebm::Neuron& neuron,
                              const ebm::Dynamics& dynamics, std::uint64_t seed = 1,
                              ebm::Update how = ebm::Update::two_phase, double rate = 1) {
  cost::Tally tally;
  ebm::Network network(of.plan, neuron, seed, tally, ideal_arrays());
  network.program(of);
  ebm::Trainer trainer(network, recipe, dynamics, {.rate = rate, .bias_rate = rate, .update = how});
  const ebm::Parameters before = network.parameters();
  trainer.step({example.inputs, &example.targets}, 1);
  ebm::Parameters after = network.parameters();
  for (std::size_t c = 0; c < after.weights.size(); ++c)
    after.weights[c] = (after.weights[c] - before.weights[c]) / rate;
  for (std::size_t l = 0; l < after.biases.size(); ++l)
    after.biases[l] = (after.biases[l] - before.biases[l]) / rate;
  return after;
}

/// Largest distance between two sets of parameters, biases of the inputs left out: nothing depends
/// on them.
inline double distance(const ebm::Parameters& a, const ebm::Parameters& b) {
  double most = 0;
  for (std::size_t c = 0; c < a.weights.size(); ++c)
    most = std::max(most, (a.weights[c] - b.weights[c]).cwiseAbs().maxCoeff());
  for (std::size_t l = 1; l < a.biases.size(); ++l)
    most = std::max(most, (a.biases[l] - b.biases[l]).cwiseAbs().maxCoeff());
  return most;
}

inline double size_of(const ebm::Parameters& of) {
  double size = 0;
  for (const core::MatrixD& w : of.weights) size = std::max(size, w.cwiseAbs().maxCoeff());
  return size;
}

/// Minus the gradient of a cost of the parameters, by central differences in float64.
template <class Cost>
ebm::Parameters descent(const ebm::Parameters& of, const Cost& cost) {
  constexpr double step = 1e-5;
  ebm::Parameters out = of, moved = of;
  const auto slope = [&](double& parameter) {
    const double before = parameter;
    parameter = before + step;
    const double up = cost(moved);
    parameter = before - step;
    const double down = cost(moved);
    parameter = before;
    return -(up - down) / (2 * step);
  };
  for (std::size_t c = 0; c < of.weights.size(); ++c) {
    for (core::Index i = 0; i < of.weights[c].size(); ++i)
      out.weights[c].data()[i] = slope(moved.weights[c].data()[i]);
  }
  for (std::size_t l = 0; l < of.biases.size(); ++l) {
    for (core::Index i = 0; i < of.biases[l].size(); ++i)
      out.biases[l][i] = slope(moved.biases[l][i]);
  }
  return out;
}

}  // namespace ohmlab::tests
