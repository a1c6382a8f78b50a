// Forward-forward learning against its objective in float64, pair by pair.
#include <cmath>
#include <random>

#include "ohmlab/ebm/models.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/at_rest.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index, core::MatrixD, core::VectorD;
using tests::Example;

namespace {

constexpr Index inputs = 6;
const ebm::Neuron function{{ebm::FunctionNeuron{}}};
const ebm::Dynamics forward{{ebm::ForwardDynamics{}}};

ebm::Parameters some_network(Index classes, ebm::GoodnessOf goodness = ebm::GoodnessOf::sum,
                             bool first_counts = true) {
  std::mt19937 engine(7);
  std::normal_distribution<float> normal(0, 0.5F);
  const ebm::ForwardForwardModel model{
      .hidden = {8, 5}, .goodness = goodness, .threshold = 0.7, .first_counts = first_counts};
  ebm::Parameters out{model.plan(inputs, classes), {}, {}};
  const auto draw = [&] { return static_cast<double>(normal(engine)); };
  for (const ebm::CouplingPlan& c : out.plan.couplings) {
    out.weights.push_back(
        MatrixD::NullaryExpr(out.plan.layers[c.rows].units, out.plan.layers[c.cols].units, draw));
  }
  for (const ebm::LayerPlan& layer : out.plan.layers)
    out.biases.push_back(VectorD::NullaryExpr(layer.units, draw));
  return out;
}

/// Goodness of both layers for one example and one label, unit by unit.
std::vector<double> goodness_of(const ebm::Parameters& of, const core::Vector& example,
                                Index label) {
  std::vector<double> x(example.begin(), example.end()), out;
  for (Index k = 0; k < of.plan.layers[1].units; ++k) x.push_back(k == label ? 1 : 0);
  MatrixD first(of.weights[0].rows() + of.weights[1].rows(), of.weights[0].cols());
  first << of.weights[0], of.weights[1];
  for (const std::size_t l : {2UL, 3UL}) {
    const MatrixD& weights = l == 2 ? first : of.weights[2];
    std::vector<double> h;
    double squares = 0;
    for (Index j = 0; j < weights.cols(); ++j) {
      double field = of.biases[l][j];
      for (std::size_t i = 0; i < x.size(); ++i) field += x[i] * weights(static_cast<Index>(i), j);
      h.push_back(std::max(0.0, field));
      squares += h.back() * h.back();
    }
    const bool mean = of.plan.layers[l].goodness->of == ebm::GoodnessOf::mean;
    out.push_back(mean ? squares / static_cast<double>(h.size()) : squares);
    x = h;
    for (double& value : x) value /= std::sqrt(squares);
  }
  return out;
}

/// Mean over examples of -ln p with the own label and -ln(1 - p) with the other of two, of one
/// layer.
double cost_of(const ebm::Parameters& of, const Example& example, std::size_t layer) {
  double cost = 0;
  for (Index row = 0; row < example.inputs.rows(); ++row) {
    for (const Index label : {0, 1}) {
      const double over = goodness_of(of, example.inputs.row(row), label)[layer] - 0.7;
      cost += std::log1p(std::exp(example.targets(row, label) == 1 ? -over : over));
    }
  }
  return cost / static_cast<double>(example.inputs.rows());
}

}  // namespace

TEST_CASE("forward-forward writes the gradient of each layer's own objective") {
  const Example example = tests::some_examples(inputs, 2);
  for (const ebm::GoodnessOf goodness : {ebm::GoodnessOf::sum, ebm::GoodnessOf::mean}) {
    const ebm::Parameters of = some_network(2, goodness);
    // Of two classes the wrong label is certain. Each layer descends its own cost.
    const ebm::Parameters first =
        tests::descent(of, [&](const auto& moved) { return cost_of(moved, example, 0); });
    ebm::Parameters expected =
        tests::descent(of, [&](const auto& moved) { return cost_of(moved, example, 1); });
    expected.weights[0] = first.weights[0];
    expected.weights[1] = first.weights[1];
    expected.biases[2] = first.biases[2];
    const double size = tests::size_of(expected);
    REQUIRE(size > 0.01);
    for (const ebm::WrongLabels law : {ebm::WrongLabels::uniform, ebm::WrongLabels::scored}) {
      for (const ebm::Update how : {ebm::Update::two_phase, ebm::Update::differenced}) {
        const ebm::Parameters change = tests::update(
            of, example, ebm::ForwardForward{.negatives = law}.recipe(), function, forward, 1, how);
        CHECK(tests::distance(change, expected) < 1e-4 * size);
      }
    }
  }
}

TEST_CASE("goodness of all labels agrees pair by pair, in float64 and through arrays") {
  const Index classes = 4;
  const Example example = tests::some_examples(inputs, classes);
  for (const bool first_counts : {true, false}) {
    const ebm::Parameters of = some_network(classes, ebm::GoodnessOf::mean, first_counts);
    const auto by_layer = ebm::goodness_by_layer(of, example.inputs);
    cost::Tally tally;
    ebm::Network network(of.plan, function, 1, tally, tests::ideal_arrays());
    network.program(of);
    const MatrixD read = ebm::goodness_as_read(network, example.inputs);
    for (Index row = 0; row < example.inputs.rows(); ++row) {
      for (Index label = 0; label < classes; ++label) {
        const auto expected = goodness_of(of, example.inputs.row(row), label);
        for (const std::size_t l : {0UL, 1UL})
          CHECK(by_layer[l](row, label) == Approx(expected[l]).epsilon(1e-9));
        const double counted = expected[1] + (first_counts ? expected[0] : 0.0);
        CHECK(ebm::summed(of.plan, by_layer)(row, label) == Approx(counted).epsilon(1e-9));
        CHECK(read(row, label) == Approx(counted).epsilon(1e-4));
      }
    }
  }
}

TEST_CASE("wrong labels are never an example's own and follow their law", "[stochastic]") {
  const Index classes = 4, draws = 6000;
  const ebm::Parameters of = some_network(classes);
  cost::Tally tally;
  ebm::Network network(of.plan, function, tests::seed(3), tally, tests::ideal_arrays());
  network.program(of);
  const Example three = tests::some_examples(inputs, classes);
  const core::Matrix example = three.inputs.row(0).replicate(draws, 1);
  const Index own = 2;
  core::Matrix targets = core::Matrix::Zero(draws, classes);
  targets.col(own).setOnes();
  for (const ebm::WrongLabels law : {ebm::WrongLabels::uniform, ebm::WrongLabels::scored}) {
    VectorD expected = VectorD::Zero(classes);
    for (Index label = 0; label < classes; ++label) {
      if (label == own) continue;
      const auto goodness = goodness_of(of, example.row(0), label);
      expected[label] = law == ebm::WrongLabels::uniform ? 1 : std::exp(goodness[0] + goodness[1]);
    }
    expected /= expected.sum();
    const core::Matrix drawn = ebm::wrong_labels(network, 1, {example, &targets}, law);
    CHECK((drawn.rowwise().sum().array() == 1).all());
    CHECK(drawn.col(own).sum() == 0);
    for (Index label = 0; label < classes; ++label) {
      const double p = expected[label];
      // Five standard deviations: p > 1e-6 each.
      const double bound = 5 * std::sqrt(p * (1 - p) / static_cast<double>(draws)) + 1e-9;
      CHECK(std::abs(static_cast<double>(drawn.col(label).mean()) - p) < bound);
    }
    CHECK((ebm::wrong_labels(network, 1, {example, &targets}, law) - drawn).squaredNorm() > 0);
  }
}

TEST_CASE("a layer without activity passes zeros on and learns nothing") {
  ebm::Parameters of = some_network(2);
  of.biases[2].setConstant(-100);
  const Example example = tests::some_examples(inputs, 2);
  const ebm::Parameters change =
      tests::update(of, example, ebm::ForwardForward{}.recipe(), function, forward);
  CHECK(change.weights[0].squaredNorm() == 0);
  CHECK(change.weights[2].squaredNorm() == 0);  // its inputs are 0
  CHECK(change.biases[2].squaredNorm() == 0);
  CHECK(change.weights[2].allFinite());
}
