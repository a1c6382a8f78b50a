// Equilibrium propagation against finite differences of the cost at rest.
#include <cmath>
#include <random>

#include "ohmlab/ebm/exact.hpp"
#include "ohmlab/ebm/models.hpp"
#include "ohmlab/ebm/trainer.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/networks.hpp"

using namespace ohmlab;
using core::Index;

namespace {

constexpr std::int64_t long_enough = 200;
const ebm::Dynamics relaxation{{ebm::RelaxationDynamics{}}};
const ebm::Neuron clipped{{ebm::ClippedNeuron{}}};

struct Example {
  core::Matrix inputs, targets;
};

Example some_examples(Index inputs, Index classes) {
  std::mt19937 engine(5);
  std::uniform_real_distribution<float> uniform;
  const Index count = 3;
  Example out{core::Matrix::NullaryExpr(count, inputs, [&] { return uniform(engine); }),
              core::Matrix::Zero(count, classes)};
  for (Index row = 0; row < count; ++row) out.targets(row, row % classes) = 1;
  return out;
}

/// Weights and biases with which no unit comes to an end of its range.
ebm::Parameters gentle(const ebm::NetworkPlan& plan) {
  std::mt19937 engine(9);
  std::normal_distribution<float> normal(0, 0.06F);
  ebm::Parameters out{plan, {}, {}};
  for (const ebm::CouplingPlan& c : plan.couplings) {
    out.weights.push_back(
        core::MatrixD::NullaryExpr(plan.layers[c.rows].units, plan.layers[c.cols].units,
                                   [&] { return static_cast<double>(normal(engine)); }));
  }
  for (const ebm::LayerPlan& layer : plan.layers)
    out.biases.push_back(core::VectorD::Constant(layer.units, 0.5));
  return out;
}

double cost_at_rest(const ebm::Parameters& of, const Example& example) {
  const core::MatrixD outputs = ebm::settled_outputs(of, example.inputs, long_enough);
  return (outputs - example.targets.cast<double>()).squaredNorm() / 2 /
         static_cast<double>(example.inputs.rows());
}

/// Change of all weights and biases in one update of rate 1.
ebm::Parameters update(const ebm::Parameters& of, const Example& example,
                       const ebm::EquilibriumPropagation& rule) {
  cost::Tally tally;
  ebm::Network network(of.plan, clipped, 1, tally, tests::ideal_arrays());
  tests::set(network, of);
  ebm::Trainer trainer(network, rule.recipe(), relaxation, {.rate = 1, .bias_rate = 1});
  const ebm::Parameters before = network.parameters();
  trainer.step({example.inputs, &example.targets}, 1);
  ebm::Parameters after = network.parameters();
  for (std::size_t c = 0; c < after.weights.size(); ++c) after.weights[c] -= before.weights[c];
  for (std::size_t l = 0; l < after.biases.size(); ++l) after.biases[l] -= before.biases[l];
  return after;
}

/// Largest distance between two sets of parameters, biases of the inputs left out: nothing depends
/// on them.
double distance(const ebm::Parameters& a, const ebm::Parameters& b) {
  double most = 0;
  for (std::size_t c = 0; c < a.weights.size(); ++c)
    most = std::max(most, (a.weights[c] - b.weights[c]).cwiseAbs().maxCoeff());
  for (std::size_t l = 1; l < a.biases.size(); ++l)
    most = std::max(most, (a.biases[l] - b.biases[l]).cwiseAbs().maxCoeff());
  return most;
}

/// Minus the gradient of the cost, by central differences in float64.
ebm::Parameters descent(const ebm::Parameters& of, const Example& example) {
  constexpr double step = 1e-5;
  ebm::Parameters out = of;
  const auto slope = [&](double& parameter, ebm::Parameters& moved) {
    const double before = parameter;
    parameter = before + step;
    const double up = cost_at_rest(moved, example);
    parameter = before - step;
    const double down = cost_at_rest(moved, example);
    parameter = before;
    return -(up - down) / (2 * step);
  };
  ebm::Parameters moved = of;
  for (std::size_t c = 0; c < of.weights.size(); ++c) {
    for (Index i = 0; i < of.weights[c].size(); ++i)
      out.weights[c].data()[i] = slope(moved.weights[c].data()[i], moved);
  }
  for (std::size_t l = 0; l < of.biases.size(); ++l) {
    for (Index i = 0; i < of.biases[l].size(); ++i)
      out.biases[l][i] = slope(moved.biases[l][i], moved);
  }
  return out;
}

ebm::EquilibriumPropagation with(double nudge, ebm::NudgeSide side) {
  return {.nudge = nudge, .side = side, .free_steps = long_enough, .nudged_steps = long_enough};
}

}  // namespace

TEST_CASE("equilibrium propagation writes the gradient of the cost at rest") {
  for (const std::vector<std::int64_t>& hidden : {std::vector<std::int64_t>{6}, {5, 4}}) {
    CAPTURE(hidden.size());
    const ebm::Parameters of = gentle(ebm::LayeredHopfieldModel{.hidden = hidden}.plan(4, 3));
    const Example example = some_examples(4, 3);
    const ebm::Parameters expected = descent(of, example);
    double size = 0;
    for (const core::MatrixD& w : expected.weights) size = std::max(size, w.cwiseAbs().maxCoeff());
    REQUIRE(size > 0.01);
    CHECK(distance(update(of, example, with(0.02, ebm::NudgeSide::centred)), expected) <
          2e-3 * size);
  }
}

TEST_CASE("its error is of the first order in a nudge to one side, of the second if centred") {
  const ebm::Parameters of = gentle(ebm::LayeredHopfieldModel{.hidden = {6}}.plan(4, 3));
  const Example example = some_examples(4, 3);
  const ebm::Parameters expected = descent(of, example);
  const auto order = [&](ebm::NudgeSide side) {
    const double coarse = distance(update(of, example, with(0.2, side)), expected),
                 fine = distance(update(of, example, with(0.1, side)), expected);
    return std::log2(coarse / fine);
  };
  CHECK(order(ebm::NudgeSide::positive) == Approx(1).margin(0.35));
  CHECK(order(ebm::NudgeSide::negative) == Approx(1).margin(0.35));
  CHECK(order(ebm::NudgeSide::centred) == Approx(2).margin(0.35));
}

TEST_CASE("damped relaxation comes to the same rest in more sweeps") {
  const ebm::Parameters of = gentle(ebm::LayeredHopfieldModel{.hidden = {6}}.plan(4, 3));
  const Example example = some_examples(4, 3);
  const auto written = [&](double step, std::int64_t sweeps) {
    cost::Tally tally;
    ebm::Network network(of.plan, clipped, 1, tally, tests::ideal_arrays());
    tests::set(network, of);
    const ebm::EquilibriumPropagation rule{.free_steps = sweeps, .nudged_steps = sweeps};
    ebm::Trainer trainer(network, rule.recipe(), {{ebm::RelaxationDynamics{.step = step}}},
                         {.rate = 1});
    trainer.step({example.inputs, &example.targets}, 1);
    return network.weights(0).weights();
  };
  CHECK((written(0.3, 300) - written(1, 100)).cwiseAbs().maxCoeff() < 1e-4);
  CHECK((written(0.3, 3) - written(1, 3)).cwiseAbs().maxCoeff() > 1e-3);
}

TEST_CASE("what does not go together is refused with the reason") {
  const ebm::Rule ep{{ebm::EquilibriumPropagation{}}}, cd{};
  const ebm::Neuron adc{};
  const ebm::Dynamics gibbs{};
  CHECK(ebm::training_problem({}, clipped, relaxation, ep).empty());
  CHECK(ebm::training_problem({}, adc, gibbs, cd).empty());
  CHECK(
      ebm::training_problem({}, adc, relaxation, cd) ==
      R"(dynamics "relaxation" needs neurons that settle; "adc" draws its states (use "clipped", or dynamics = "gibbs"))");
  CHECK(
      ebm::training_problem({}, clipped, gibbs, ep) ==
      R"(dynamics "gibbs" needs neurons that draw their states; "clipped" settles (use "adc" or "comparator", or dynamics = "relaxation"))");
  CHECK(
      ebm::training_problem({}, adc, gibbs, ep) ==
      R"(rule "ep" nudges the output towards its target; neuron "adc" cannot be nudged (use "clipped"))");
  CHECK(ebm::training_problem({}, clipped, relaxation, cd) ==
        R"(rule "cd" compares states that are drawn; neuron "clipped" draws none)");
}
