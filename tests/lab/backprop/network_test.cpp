// The network against derivatives of its loss, and against closed forms of its work.
#include "ohmlab/lab/backprop/network.hpp"

#include <cmath>
#include <string>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/ideal_array.hpp"
#include "ohmlab/lab/backprop/scores.hpp"
#include "ohmlab/lab/backprop/trainer.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/recorder.hpp"

using namespace ohmlab;
using backprop::Bias;
using backprop::Model;
using backprop::Scaling;
using core::Index;
using core::Matrix;

namespace {

struct Examples {
  Matrix inputs, targets;
  std::vector<std::uint8_t> labels;
};

Examples examples_of(Index count, Index units, Index classes) {
  Examples out{Matrix(count, units), Matrix::Zero(count, classes), {}};
  core::fill_uniform(core::stream(7, core::StreamId::data), 0, 0,
                     {out.inputs.data(), static_cast<std::size_t>(out.inputs.size())});
  for (Index row = 0; row < count; ++row) {
    out.labels.push_back(static_cast<std::uint8_t>(row * row % classes));
    out.targets(row, out.labels.back()) = 1;
  }
  return out;
}

template <class A>
backprop::Network network_of(const Model& model, const backprop::Shape& shape, cost::Tally& tally) {
  return {model, shape, {3, tally}, [](Index rows, Index cols, const auto& context) {
    return std::make_unique<A>(rows, cols, context);
  }};
}

std::vector<Model> models() {
  std::vector<Model> out;
  for (const backprop::Activation& activation :
       {backprop::Activation{{backprop::Sigmoid{}}}, backprop::Activation{{backprop::Tanh{}}},
        backprop::Activation{{backprop::Relu{}}}}) {
    for (const Bias bias : {Bias::registers, Bias::cells}) {
      for (const Scaling scaling : {Scaling::none, Scaling::maximum}) {
        out.push_back({.hidden = {5, 4},
                       .activation = activation,
                       .bias = bias,
                       .input_scaling = scaling,
                       .error_scaling = scaling});
        out.push_back(out.back());
        out.back().output_scale = {0.5, 2, 1};
      }
    }
  }
  return out;
}

}  // namespace

TEST_CASE("an update moves each weight and bias by the derivative of the loss, times the rate") {
  const Examples examples = examples_of(6, 4, 3);
  for (const Model& model : models()) {
    CAPTURE(model.activation.kind(), model.bias == Bias::cells,
            model.error_scaling == Scaling::maximum, model.output_scale.size());
    cost::Tally tally;
    const backprop::Shape shape(model, 4, 3);
    backprop::Network network = network_of<crossbar::IdealArray>(model, shape, tally);
    network.initialise();
    backprop::Trainer trainer(network, 6, 8);
    trainer.step({examples.inputs, examples.targets, 8}, 0.3);  // biases leave zero
    const backprop::Parameters before = network.parameters();
    constexpr double rate = 0.5, step = 1e-5;
    const double loss = trainer.step({examples.inputs, examples.targets, 8}, rate);
    const backprop::Parameters after = network.parameters();
    CHECK(std::abs(loss / 6 -
                   backprop::score(before, {examples.inputs, examples.labels}).cross_entropy) <
          1e-6);
    double largest = 0, steepest = 0;
    for (std::size_t l = 0; l < shape.layers(); ++l) {
      for (Index i = 0; i <= shape.inputs(l); ++i) {
        for (Index j = 0; j < shape.outputs(l); ++j) {
          const auto number = [&](backprop::Parameters& p) -> double& {
            return i == shape.inputs(l) ? p.biases[l][j] : p.weights[l](i, j);
          };
          backprop::Parameters up = before, down = before, now = after, old = before;
          number(up) += step;
          number(down) -= step;
          const backprop::Labelled all{examples.inputs, examples.labels};
          const double slope =
              (backprop::score(up, all).cross_entropy - backprop::score(down, all).cross_entropy) /
              (2 * step);
          largest = std::max(largest, std::abs(number(now) - number(old) + rate * slope));
          steepest = std::max(steepest, std::abs(slope));
        }
      }
    }
    CHECK(steepest > 0.05);
    CHECK(largest < 1e-6);  // a float32 weight of order 1 moves in steps of 1e-7
  }
}

TEST_CASE("vectors are driven as they are, or scaled to a largest magnitude of 1") {
  const Examples examples = examples_of(6, 4, 3);
  for (const Scaling scaling : {Scaling::none, Scaling::maximum}) {
    const Model model{.hidden = {5}, .input_scaling = scaling, .error_scaling = scaling};
    cost::Tally tally;
    backprop::Network network =
        network_of<tests::Recorder>(model, backprop::Shape(model, 4, 3), tally);
    network.initialise();
    backprop::Trainer trainer(network, 6, 8);
    trainer.step({examples.inputs, examples.targets, 8}, 0.1);
    for (std::size_t l = 0; l < 2; ++l) {
      const auto& array = dynamic_cast<const tests::Recorder&>(network.array(l));
      REQUIRE(array.forward.size() == 1);
      REQUIRE(array.backward.size() == l);  // nothing is read towards the inputs
      const core::VectorD most =
          array.forward[0].cast<double>().cwiseAbs().rowwise().maxCoeff().transpose();
      CHECK((most.array() == 1).all() == (scaling == Scaling::maximum));
    }
    const auto& last = dynamic_cast<const tests::Recorder&>(network.array(1));
    const core::VectorD most =
        last.backward[0].cast<double>().cwiseAbs().rowwise().maxCoeff().transpose();
    CHECK((most.array() == 1).all() == (scaling == Scaling::maximum));
  }
}

TEST_CASE("an error of zero is driven as it is") {
  const Model model{.hidden = {5}};
  cost::Tally tally;
  backprop::Network network =
      network_of<crossbar::IdealArray>(model, backprop::Shape(model, 4, 3), tally);
  network.initialise();
  const Examples examples = examples_of(2, 4, 3);
  backprop::Signals signals;
  network.forward(examples.inputs, 8, signals);
  network.backward(Matrix(signals.outputs), signals);
  CHECK(signals.errors[0].isZero(0));
  CHECK(signals.errors[1].isZero(0));
}

TEST_CASE("initial weights fill a range set by the inputs of their layer, and biases are zero") {
  for (const Bias bias : {Bias::registers, Bias::cells}) {
    const Model model{.hidden = {400}, .bias = bias, .output_scale = {4, 0.5}, .weight_span = 1.5};
    cost::Tally tally;
    backprop::Network network =
        network_of<crossbar::IdealArray>(model, backprop::Shape(model, 100, 10), tally);
    network.initialise();
    const backprop::Parameters start = network.parameters();
    for (std::size_t l = 0; l < 2; ++l) {
      const double bound = 1.5 / std::sqrt(l == 0 ? 100.0 : 400.0);
      CHECK(start.weights[l].cwiseAbs().maxCoeff() <= bound * (1 + 1e-6));
      CHECK(start.weights[l].cwiseAbs().maxCoeff() > 0.99 * bound);
      // Uniform: variance bound²/3, with a relative standard error of sqrt(0.8 / 4000).
      CHECK(std::abs(start.weights[l].squaredNorm() / static_cast<double>(start.weights[l].size()) /
                         (bound * bound / 3) -
                     1) < 5 * std::sqrt(0.8 / 4000));
      CHECK(start.biases[l].isZero(0));
    }
    // Cells hold the weights without the scale of the output.
    CHECK((network.array(0).weights().topRows(100) * 4).isApprox(start.weights[0]));
    CHECK(network.array(0).rows() == (bias == Bias::cells ? 101 : 100));
  }
}

TEST_CASE("tanh in float32 is the standard one to its rounding") {
  for (float z = -12; z < 12; z += 0.01F)
    CHECK(std::abs(static_cast<double>(backprop::Tanh::value(z)) -
                   std::tanh(static_cast<double>(z))) < 3e-7);
}
