// Equilibrium propagation against finite differences of the cost at rest.
#include <cmath>
#include <random>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/ebm/models.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/ebm/at_rest.hpp"

using namespace ohmlab;
using core::Index;
using tests::Example, tests::long_enough;

namespace {

const ebm::Dynamics relaxation{{ebm::RelaxationDynamics{}}};
const ebm::Neuron clipped{{ebm::ClippedNeuron{}}};

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

ebm::Parameters update(const ebm::Parameters& of, const Example& example,
                       const ebm::EquilibriumPropagation& rule, std::uint64_t seed = 1) {
  return tests::update(of, example, rule.recipe(), clipped, relaxation, seed);
}

ebm::Parameters descent(const ebm::Parameters& of, const Example& example) {
  return tests::descent(
      of, [&](const ebm::Parameters& moved) { return tests::cost_at_rest(moved, example); });
}

ebm::EquilibriumPropagation with(double nudge, ebm::NudgeSide side, std::int64_t points = 2) {
  return {.nudge = nudge,
          .side = side,
          .points = points,
          .free_steps = long_enough,
          .nudged_steps = long_enough};
}

}  // namespace

TEST_CASE("equilibrium propagation writes the gradient of the cost at rest") {
  for (const std::vector<std::int64_t>& hidden : {std::vector<std::int64_t>{6}, {5, 4}}) {
    CAPTURE(hidden.size());
    const ebm::Parameters of = gentle(ebm::LayeredHopfieldModel{.hidden = hidden}.plan(4, 3));
    const Example example = tests::some_examples(4, 3);
    const ebm::Parameters expected = descent(of, example);
    const double size = tests::size_of(expected);
    REQUIRE(size > 0.01);
    CHECK(tests::distance(update(of, example, with(0.02, ebm::NudgeSide::centred)), expected) <
          2e-3 * size);
  }
}

TEST_CASE("its error is of the first order in a nudge to one side, of order N for N on both") {
  const ebm::Parameters of = gentle(ebm::LayeredHopfieldModel{.hidden = {6}}.plan(4, 3));
  const Example example = tests::some_examples(4, 3);
  const ebm::Parameters expected = descent(of, example);
  const auto error = [&](double nudge, ebm::NudgeSide side, std::int64_t points = 2) {
    return tests::distance(update(of, example, with(nudge, side, points)), expected);
  };
  const auto order = [&](double nudge, ebm::NudgeSide side, std::int64_t points = 2) {
    return std::log2(error(nudge, side, points) / error(nudge / 2, side, points));
  };
  CHECK(order(0.2, ebm::NudgeSide::positive) == Approx(1).margin(0.35));
  CHECK(order(0.2, ebm::NudgeSide::negative) == Approx(1).margin(0.35));
  CHECK(order(0.2, ebm::NudgeSide::centred) == Approx(2).margin(0.35));
  CHECK(order(0.24, ebm::NudgeSide::centred, 4) > 3.65);
  // A strong nudge, whose signal stands above noise, errs less with more points, although some
  // units come to the ends of their ranges.
  CHECK(error(0.6, ebm::NudgeSide::centred, 4) < 0.4 * error(0.6, ebm::NudgeSide::centred));
  CHECK(error(0.6, ebm::NudgeSide::centred, 8) < 0.2 * error(0.6, ebm::NudgeSide::centred));
}

TEST_CASE("shares of the nudges differentiate polynomials of their order exactly") {
  for (const std::int64_t points : {2, 4, 6, 10}) {
    const ebm::Nudging nudging{0.7, ebm::NudgeSide::centred, points, 1, 1};
    const std::vector<double> at = nudging.strengths();
    REQUIRE(at.size() == static_cast<std::size_t>(points));
    CHECK(at[0] == Approx(0.7));
    for (std::int64_t power = 0; power <= points; ++power) {
      double slope = 0;
      for (const auto& [phase, share] : nudging.shares())
        slope += share * std::pow(at[phase - 1], static_cast<double>(power));
      CHECK(slope == Approx(power == 1 ? 1 : 0).margin(1e-9));
    }
  }
}

TEST_CASE("a random sign writes one of the two one-sided changes, each about half of the time") {
  const ebm::Parameters of = gentle(ebm::LayeredHopfieldModel{.hidden = {6}}.plan(4, 3));
  const Example example = tests::some_examples(4, 3);
  const ebm::Parameters up = update(of, example, with(0.3, ebm::NudgeSide::positive)),
                        down = update(of, example, with(0.3, ebm::NudgeSide::negative));
  REQUIRE(tests::distance(up, down) > 1e-3);
  int ups = 0;
  for (std::uint64_t seed = 0; seed < 64; ++seed) {
    const ebm::Parameters drawn = update(of, example, with(0.3, ebm::NudgeSide::random), seed);
    const bool is_up = tests::distance(drawn, up) < 1e-6;
    CHECK((is_up || tests::distance(drawn, down) < 1e-6));
    ups += is_up;
  }
  CHECK(ups > 12);  // p = 2e-7 on either side
  CHECK(ups < 52);
}

TEST_CASE("contrastive Hebbian learning is the difference of two states of rest") {
  const ebm::Parameters of = gentle(ebm::LayeredHopfieldModel{.hidden = {6}}.plan(4, 3));
  const Example example = tests::some_examples(4, 3);
  const ebm::ContrastiveHebb rule{.free_steps = long_enough, .clamped_steps = long_enough};
  const ebm::Parameters change = tests::update(of, example, rule.recipe(), clipped, relaxation);
  // By hand: the hidden layer given inputs and outputs, clipped to [0, 1].
  const core::MatrixD x = example.inputs.cast<double>(), y = example.targets.cast<double>(),
                      o = ebm::settled_outputs(of, example.inputs, long_enough);
  const auto hidden = [&](const core::MatrixD& outputs) -> core::MatrixD {
    return ((x * of.weights[0] + outputs * of.weights[1].transpose()).rowwise() + of.biases[1])
        .cwiseMax(0)
        .cwiseMin(1);
  };
  const core::MatrixD expected =
      (hidden(y).transpose() * y - hidden(o).transpose() * o) / static_cast<double>(x.rows());
  CHECK((change.weights[1] - expected).cwiseAbs().maxCoeff() < 1e-5);
  CHECK((change.biases[2] - core::VectorD((y - o).colwise().mean())).cwiseAbs().maxCoeff() < 1e-5);
}

TEST_CASE("damped relaxation comes to the same rest in more sweeps") {
  const ebm::Parameters of = gentle(ebm::LayeredHopfieldModel{.hidden = {6}}.plan(4, 3));
  const Example example = tests::some_examples(4, 3);
  const auto written = [&](double step, std::int64_t sweeps) {
    const ebm::EquilibriumPropagation rule{.free_steps = sweeps, .nudged_steps = sweeps};
    return tests::update(of, example, rule.recipe(), clipped,
                         {{ebm::RelaxationDynamics{.step = step}}});
  };
  CHECK(tests::distance(written(0.3, 300), written(1, 100)) < 1e-4);
  CHECK(tests::distance(written(0.3, 3), written(1, 3)) > 1e-3);
}

TEST_CASE("what does not go together is refused with the reason") {
  const ebm::Rule ep{{ebm::EquilibriumPropagation{}}}, cd{};
  const ebm::Neuron adc{};
  const ebm::Dynamics gibbs{};
  using enum ebm::Family;
  CHECK(ebm::training_problem(hopfield, {}, clipped, relaxation, ep).empty());
  CHECK(ebm::training_problem(boltzmann, {}, adc, gibbs, cd).empty());
  CHECK(
      ebm::training_problem(boltzmann, {}, adc, relaxation, cd) ==
      R"(dynamics "relaxation" does not go with a Boltzmann machine: expected "gibbs" or "langevin")");
  CHECK(ebm::training_problem(hopfield, {}, clipped, gibbs, ep) ==
        R"(dynamics "gibbs" does not go with a Hopfield network: expected "relaxation")");
  CHECK(ebm::training_problem(hopfield, {}, adc, relaxation, ep) ==
        R"(neuron "adc" does not go with a Hopfield network: expected "clipped")");
  CHECK(ebm::training_problem(hopfield, {}, clipped, relaxation, cd) ==
        R"(rule "cd" does not go with a Hopfield network: expected "ep" or "chl")");
  CHECK_THAT((ebm::EquilibriumPropagation{.points = 3}.problem()),
             ContainsSubstring("expected an even number"));
  CHECK_THAT((ebm::EquilibriumPropagation{.side = ebm::NudgeSide::positive, .points = 4}.problem()),
             ContainsSubstring(R"(need side = "centred")"));
}
