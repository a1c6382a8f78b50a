// Deep resistive networks: states of rest against the circuit solver, rules against finite
// differences of the cost at rest.
#include <cmath>
#include <random>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/crossbar/circuit.hpp"
#include "ohmlab/ebm/models.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/ebm/at_rest.hpp"

using namespace ohmlab;
using core::Index, core::MatrixD;
using tests::Example, tests::long_enough;

namespace {

const ebm::Dynamics relaxation{{ebm::RelaxationDynamics{}}};
const ebm::Neuron diodes{{ebm::DiodeNeuron{}}};
constexpr Index inputs = 4, hidden = 6, classes = 3;

ebm::NetworkPlan plan() {
  return ebm::ResistiveModel{.hidden = {hidden}, .input_gain = 3}.plan(inputs, classes);
}

/// Conductances from 0.01 to 1, and small current sources.
ebm::Parameters some_circuit(const ebm::NetworkPlan& plan) {
  std::mt19937 engine(9);
  std::uniform_real_distribution<float> uniform(0.1F, 1), current(-0.3F, 0.3F);
  ebm::Parameters out{plan, {}, {}};
  for (const ebm::CouplingPlan& c : plan.couplings) {
    out.weights.push_back(
        MatrixD::NullaryExpr(plan.layers[c.rows].units, plan.layers[c.cols].units, [&] {
      const float root = uniform(engine);
      return static_cast<double>(root * root);
    }));
  }
  for (const ebm::LayerPlan& layer : plan.layers) {
    out.biases.push_back(core::VectorD::NullaryExpr(
        layer.units, [&] { return static_cast<double>(current(engine)); }));
  }
  return out;
}

/// The same circuit of one hidden layer in the solver of crossbar, whose layers have one pair of
/// bounds each: nodes above ground and below it are two layers.
struct Twin {
  crossbar::Circuit circuit;
  crossbar::Circuit::Settled settled;
};
Twin twin_of(const ebm::Parameters& of, const Example& example) {
  Twin out;
  const Index half = hidden / 2;
  const auto in = out.circuit.add_layer(2 * inputs);
  const auto above = out.circuit.add_layer(half, {.low = 0}),
             below = out.circuit.add_layer(hidden - half, {.high = 0});
  const auto output = out.circuit.add_layer(classes);
  static_cast<void>(out.circuit.join(in, above, of.weights[0].leftCols(half)));
  static_cast<void>(out.circuit.join(in, below, of.weights[0].rightCols(hidden - half)));
  static_cast<void>(out.circuit.join(above, output, of.weights[1].topRows(half)));
  static_cast<void>(out.circuit.join(below, output, of.weights[1].bottomRows(hidden - half)));
  const Index batch = example.inputs.rows();
  const auto rows = [&](const core::VectorD& currents) -> MatrixD {
    return currents.replicate(batch, 1);
  };
  crossbar::Circuit::Drive drive{
      {ebm::inputs_of(of.plan.layers[0], example.inputs).cast<double>(), {}, {}, {}},
      {{},
       rows(of.biases[1].head(half)),
       rows(of.biases[1].tail(hidden - half)),
       rows(of.biases[2])}};
  out.settled = out.circuit.settle(drive);
  return out;
}

ebm::Parameters descent(const ebm::Parameters& of, const Example& example) {
  return tests::descent(
      of, [&](const ebm::Parameters& moved) { return tests::cost_at_rest(moved, example); });
}

ebm::VoltageDropEp with(double nudge, ebm::NudgeSide side, std::int64_t points = 2) {
  return {.nudge = nudge,
          .side = side,
          .points = points,
          .free_steps = long_enough,
          .nudged_steps = long_enough};
}

ebm::Parameters update(const ebm::Parameters& of, const Example& example, const ebm::Recipe& recipe,
                       ebm::Update how = ebm::Update::two_phase) {
  constexpr double rate = 1.0 / 256;  // conductances stay above 0
  return tests::update(of, example, recipe, diodes, relaxation, 1, how, rate);
}

}  // namespace

TEST_CASE("nodes between diodes rest where the circuit's solver puts them") {
  const ebm::Parameters of = some_circuit(plan());
  const Example example = tests::some_examples(inputs, classes);
  const Twin twin = twin_of(of, example);
  const MatrixD outputs = ebm::settled_outputs(of, example.inputs, long_enough);
  CHECK((outputs - twin.settled.volts[3]).cwiseAbs().maxCoeff() < 1e-9);
  // Kirchhoff at the outputs: cells take out what the current source brings in.
  const MatrixD currents = twin.circuit.currents(3, twin.settled);
  CHECK((currents.rowwise() - of.biases[2]).cwiseAbs().maxCoeff() < 1e-9);
  // Some nodes rest at their diodes, others do not: both cases are there.
  const auto at_ground =
      (twin.settled.volts[1].array() == 0).count() + (twin.settled.volts[2].array() == 0).count();
  CHECK(at_ground > 2);
  CHECK(at_ground < twin.settled.volts[1].size() + twin.settled.volts[2].size() - 2);

  // The network on arrays, in float32, one phase of the rule.
  cost::Tally tally;
  ebm::Network network(of.plan, diodes, 1, tally, tests::ideal_arrays());
  network.program(of);
  ebm::States states(3);
  for (std::size_t l = 0; l < 3; ++l)
    states[l].state.setZero(example.inputs.rows(), of.plan.layers[l].units);
  states[0].state = ebm::inputs_of(of.plan.layers[0], example.inputs);
  ebm::RelaxationDynamics{}.run(network, {false, true, true}, std::vector<ebm::Nudge>(3),
                                long_enough, states);
  CHECK((states[2].state.cast<double>() - twin.settled.volts[3]).cwiseAbs().maxCoeff() < 1e-5);
}

TEST_CASE("sources deliver the power that cells turn into heat") {
  ebm::Parameters of = some_circuit(plan());
  for (core::VectorD& bias : of.biases) bias.setZero();
  const Example example = tests::some_examples(inputs, classes);
  const Twin twin = twin_of(of, example);
  // Ideal diodes and nodes at rest take nothing: power comes from the inputs alone.
  const MatrixD currents = -twin.circuit.currents(0, twin.settled);
  const double delivered = -(currents.cwiseProduct(twin.settled.volts[0])).sum();
  CHECK(twin.settled.watts == Approx(delivered).epsilon(1e-9));
}

TEST_CASE("equilibrium propagation from voltage drops writes the gradient of the cost at rest") {
  const Example example = tests::some_examples(inputs, classes);
  for (const std::vector<std::int64_t>& layers : {std::vector<std::int64_t>{hidden}, {6, 4}}) {
    const ebm::Parameters of =
        some_circuit(ebm::ResistiveModel{.hidden = layers, .input_gain = 3}.plan(inputs, classes));
    const ebm::Parameters expected = descent(of, example);
    const double size = tests::size_of(expected);
    REQUIRE(size > 0.01);
    const ebm::Recipe recipe = with(0.01, ebm::NudgeSide::centred).recipe();
    for (const ebm::Update how : {ebm::Update::two_phase, ebm::Update::differenced})
      CHECK(tests::distance(update(of, example, recipe, how), expected) < 3e-3 * size);
  }
}

TEST_CASE("the error of voltage drops is of the first order on one side, of the second centred") {
  const ebm::Parameters of = some_circuit(plan());
  const Example example = tests::some_examples(inputs, classes);
  const ebm::Parameters expected = descent(of, example);
  const auto order = [&](ebm::NudgeSide side, double nudge) {
    const auto error = [&](double strength) {
      return tests::distance(update(of, example, with(strength, side).recipe()), expected);
    };
    return std::log2(error(nudge) / error(nudge / 2));
  };
  CHECK(order(ebm::NudgeSide::positive, 0.4) == Approx(1).margin(0.4));
  CHECK(order(ebm::NudgeSide::negative, 0.4) == Approx(1).margin(0.4));
  CHECK(order(ebm::NudgeSide::centred, 0.4) == Approx(2).margin(0.4));
}

TEST_CASE("coupled learning follows the gradient as its clamp gets weak") {
  // Held at a share s of the way, an output is as if nudged by s/(1-s) times the conductance that
  // it sees: with one output, the change is the gradient times that conductance.
  const ebm::Parameters of =
      some_circuit(ebm::ResistiveModel{.hidden = {hidden}, .input_gain = 3}.plan(inputs, 1));
  Example example = tests::some_examples(inputs, 1);
  example.inputs.conservativeResize(1, inputs);
  example.targets.conservativeResize(1, 1);
  const ebm::Parameters expected = descent(of, example);
  const ebm::CoupledLearning rule{
      .share = 0.002, .free_steps = long_enough, .clamped_steps = long_enough};
  const ebm::Parameters change = update(of, example, rule.recipe());
  const double factor = change.weights[1](0, 0) / expected.weights[1](0, 0);
  CHECK(factor > 0);
  CHECK((change.weights[0] - factor * expected.weights[0]).cwiseAbs().maxCoeff() <
        0.02 * change.weights[0].cwiseAbs().maxCoeff());
  CHECK((change.weights[1] - factor * expected.weights[1]).cwiseAbs().maxCoeff() <
        0.02 * change.weights[1].cwiseAbs().maxCoeff());
}

TEST_CASE("conductances of an ideal array never fall below zero") {
  cost::Tally tally;
  crossbar::IdealArray array(2, 2, {.tally = &tally, .conducts = true});
  array.program((core::Matrix(2, 2) << -1, 0.5F, 0.2F, 0.1F).finished());
  CHECK(array.weights()(0, 0) == 0);
  array.increment(core::Matrix::Constant(2, 2, -0.3F));
  CHECK(array.weights().minCoeff() == 0);
  CHECK(array.weights()(0, 1) == Approx(0.2));
}

TEST_CASE("a counter-nudge that takes all conductance from a node is refused") {
  const ebm::Parameters of = some_circuit(plan());
  const Example example = tests::some_examples(inputs, classes);
  CHECK_THROWS_WITH(update(of, example, with(50, ebm::NudgeSide::negative).recipe()),
                    ContainsSubstring("expected a smaller nudge"));
}

TEST_CASE("weights of one cell on a device conduct what the circuit asks for") {
  crossbar::AnalogArrayModel model{.weight_scale = 0.5};
  model.device.g_min = 1e-6;
  model.device.g_max = 9e-6;
  cost::Tally tally;
  crossbar::AnalogArray array(model, 3, 2, {.tally = &tally, .conducts = true});
  CHECK(array.rest_conductance() == Approx(0.5 * 10.0 / 8.0));
  const core::Matrix target = (core::Matrix(3, 2) << 0.2F, 0.4F, 0.6F, 0.8F, 1.0F, 1.1F).finished();
  array.program(target.array() - static_cast<float>(array.rest_conductance()));
  const MatrixD siemens = array.conductances()[0];
  // In units of weights, a conductance of g is g / (g_max - g_min) * 2 weight_scale.
  CHECK((siemens * 2 * 0.5 / 8e-6 - target.cast<double>()).cwiseAbs().maxCoeff() < 1e-5);
  model.mapping.choice = crossbar::PairMapping{};
  crossbar::AnalogArray pairs(model, 3, 2, {.tally = &tally, .conducts = true});
  CHECK_THROWS_WITH(pairs.rest_conductance(), ContainsSubstring("sees single cells"));
}
