// Predictive coding against its energy in float64.
#include <cmath>
#include <random>

#include "ohmlab/ebm/models.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/at_rest.hpp"

using namespace ohmlab;
using core::Index, core::MatrixD;
using tests::Example;

namespace {

const ebm::Neuron function{{ebm::FunctionNeuron{}}};

ebm::Parameters some_network(ebm::Activation activation) {
  std::mt19937 engine(3);
  std::normal_distribution<float> normal(0, 0.5F);
  ebm::Parameters out{
      ebm::PredictiveModel{.hidden = {5, 4}, .activation = activation}.plan(4, 3), {}, {}};
  const auto draw = [&] { return static_cast<double>(normal(engine)); };
  for (const ebm::CouplingPlan& c : out.plan.couplings) {
    out.weights.push_back(
        MatrixD::NullaryExpr(out.plan.layers[c.rows].units, out.plan.layers[c.cols].units, draw));
  }
  for (const ebm::LayerPlan& layer : out.plan.layers)
    out.biases.push_back(core::VectorD::NullaryExpr(layer.units, draw));
  return out;
}

/// Values of all layers, and the energy of one example.
struct Settled {
  std::vector<core::VectorD> values;
  double energy;
};

/// Plain gradient descent on Σ |x_l - W_l f(x_l-1) - b_l|²/2 with the ends held, from the forward
/// pass.
Settled settle(const ebm::Parameters& of, const core::VectorD& input, const core::VectorD& target) {
  const std::size_t layers = of.plan.layers.size();
  const auto f = [&](std::size_t l, const core::VectorD& x) -> core::VectorD {
    return x.unaryExpr([&](double v) { return ebm::activated(of.plan.layers[l].activation, v); });
  };
  std::vector<core::VectorD> x(layers), e(layers);
  x[0] = input;
  for (std::size_t l = 1; l < layers; ++l)
    x[l] = f(l - 1, x[l - 1]) * of.weights[l - 1] + of.biases[l];
  x[layers - 1] = target;
  const auto errors = [&] {
    double energy = 0;
    for (std::size_t l = 1; l < layers; ++l) {
      e[l] = x[l] - f(l - 1, x[l - 1]) * of.weights[l - 1] - of.biases[l];
      energy += e[l].squaredNorm() / 2;
    }
    return energy;
  };
  for (int k = 0; k < 4000; ++k) {
    errors();
    for (std::size_t l = 1; l + 1 < layers; ++l) {
      const core::VectorD slopes =
          x[l].unaryExpr([&](double v) { return ebm::slope(of.plan.layers[l].activation, v); });
      x[l] += 0.05 * (-e[l] + slopes.cwiseProduct(e[l + 1] * of.weights[l].transpose()));
    }
  }
  const double energy = errors();
  return {x, energy};
}

}  // namespace

TEST_CASE("predictive coding writes the gradient of its energy at rest") {
  const Example example = tests::some_examples(4, 3);
  const ebm::Parameters of = some_network(ebm::Activation::tanh);
  const ebm::Parameters expected = tests::descent(of, [&](const ebm::Parameters& moved) {
    double energy = 0;
    for (Index row = 0; row < example.inputs.rows(); ++row)
      energy += settle(moved, example.inputs.row(row).cast<double>(),
                       example.targets.row(row).cast<double>())
                    .energy;
    return energy / static_cast<double>(example.inputs.rows());
  });
  const double size = tests::size_of(expected);
  REQUIRE(size > 0.01);
  const ebm::PredictionError rule{.steps = 2000};
  for (const ebm::Update how : {ebm::Update::two_phase, ebm::Update::differenced}) {
    const ebm::Parameters change = tests::update(of, example, rule.recipe(), function,
                                                 {{ebm::PredictiveDynamics{.step = 0.1}}}, 1, how);
    CHECK(tests::distance(change, expected) < 1e-3 * size);
  }
}

TEST_CASE("with its inputs alone held, every layer is as predicted and nothing moves") {
  for (const ebm::Activation activation :
       {ebm::Activation::identity, ebm::Activation::relu, ebm::Activation::tanh}) {
    const ebm::Parameters of = some_network(activation);
    const Example example = tests::some_examples(4, 3);
    cost::Tally tally;
    ebm::Network network(of.plan, function, 1, tally, tests::ideal_arrays());
    network.program(of);
    ebm::States states(of.plan.layers.size());
    states[0].state = example.inputs;
    ebm::PredictiveDynamics{.step = 0.5}.run(network, {false, true, true, true},
                                             std::vector<ebm::Nudge>(4), 5, states);
    const MatrixD expected = ebm::forward_outputs(of, example.inputs);
    CHECK((states[3].state.cast<double>() - expected).cwiseAbs().maxCoeff() < 1e-5);
    for (std::size_t l = 1; l < 4; ++l) CHECK(states[l].error.cwiseAbs().maxCoeff() < 1e-5);
  }
}

TEST_CASE("slopes of the layers' functions are their derivatives") {
  for (const ebm::Activation activation :
       {ebm::Activation::identity, ebm::Activation::relu, ebm::Activation::tanh}) {
    for (const double x : {-1.3, -0.2, 0.4, 2.0}) {
      const double h = 1e-6;
      const double expected =
          (ebm::activated(activation, x + h) - ebm::activated(activation, x - h)) / (2 * h);
      CHECK(ebm::slope(activation, x) == Approx(expected).epsilon(1e-6));
    }
  }
}

namespace {

/// Weights of the first coupling after one update of incremental or plain predictive coding.
core::MatrixD first_weights(const ebm::PredictionError& rule, double rate) {
  const Example example = tests::some_examples(4, 3);
  const ebm::Parameters of = some_network(ebm::Activation::tanh);
  cost::Tally tally;
  ebm::Network network(of.plan, function, 1, tally, tests::ideal_arrays());
  network.program(of);
  ebm::Trainer trainer(network, rule.recipe(), {{ebm::PredictiveDynamics{.step = 0.2}}},
                       {.rate = rate, .bias_rate = rate});
  trainer.step({example.inputs, &example.targets}, 1);
  trainer.step({example.inputs, &example.targets}, 1);  // the states of an update do not stay
  return network.parameters().weights[0];
}

}  // namespace

TEST_CASE("incremental predictive coding of one move is predictive coding of one move") {
  CHECK(first_weights({.steps = 1, .incremental = true}, 0.3) == first_weights({.steps = 1}, 0.3));
  CHECK(first_weights({.steps = 4, .incremental = true}, 0.3) != first_weights({.steps = 4}, 0.3));
}

TEST_CASE("at a small rate incremental predictive coding adds up the changes after every move") {
  constexpr double rate = 1e-3;
  const core::MatrixD start = first_weights({.steps = 1}, 0);
  core::MatrixD expected = core::MatrixD::Zero(start.rows(), start.cols());
  for (const std::int64_t steps : {1, 2, 3})
    expected += (first_weights({.steps = steps}, rate) - start) / rate;
  const core::MatrixD change =
      (first_weights({.steps = 3, .incremental = true}, rate) - start) / rate;
  REQUIRE(expected.cwiseAbs().maxCoeff() > 0.1);
  CHECK((change - expected).cwiseAbs().maxCoeff() < 0.02 * expected.cwiseAbs().maxCoeff());
}
