// The discriminative rule against finite differences of ln p(label | example) by enumeration.
#include <cmath>
#include <vector>

#include "ohmlab/ebm/models.hpp"
#include "ohmlab/ebm/trainer.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/networks.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::MatrixD;
using core::VectorD;

namespace {

constexpr Index visible = 4, classes = 3, hidden = 3, examples = 5;

ebm::Parameters machine() {
  const auto numbers = [](Index rows, Index cols, double first) {
    return MatrixD(MatrixD::NullaryExpr(rows, cols, [&](Index i, Index j) {
      return static_cast<double>(static_cast<float>(
          std::sin(first + 1.7 * static_cast<double>(i) + 2.9 * static_cast<double>(j))));
    }));
  };
  return {ebm::ClassRbmModel{.hidden = hidden}.plan(visible, classes),
          {numbers(visible, hidden, 0.3), numbers(classes, hidden, 1.1)},
          {numbers(1, visible, 2.0), numbers(1, classes, 0.7), numbers(1, hidden, 4.0)}};
}

core::Matrix inputs() {
  return core::Matrix::NullaryExpr(examples, visible, [](Index i, Index j) {
    return static_cast<float>((3 * i + 5 * j + i * j) % 4 < 2);
  });
}
core::Matrix targets() {
  core::Matrix out = core::Matrix::Zero(examples, classes);
  for (Index e = 0; e < examples; ++e) out(e, (2 * e) % classes) = 1;
  return out;
}

/// Σ over hidden states of exp(−E).
double weight(const ebm::Parameters& of, const VectorD& v, Index label) {
  double sum = 0;
  for (unsigned state = 0; state < 1U << hidden; ++state) {
    const VectorD h =
        VectorD::NullaryExpr(hidden, [&](Index j) { return static_cast<double>(state >> j & 1U); });
    sum += std::exp(v.dot(of.biases[0]) + of.biases[1][label] + h.dot(of.biases[2]) +
                    (v * of.weights[0] * h.transpose())(0, 0) + of.weights[1].row(label).dot(h));
  }
  return sum;
}

/// Mean ln p(label | example).
double of_labels(const ebm::Parameters& of) {
  double sum = 0;
  for (Index e = 0; e < examples; ++e) {
    const VectorD v = inputs().row(e).cast<double>();
    double all = 0;
    for (Index k = 0; k < classes; ++k) all += weight(of, v, k);
    sum += std::log(weight(of, v, (2 * e) % classes) / all);
  }
  return sum / examples;
}

/// Mean ln p(example, label).
double of_both(const ebm::Parameters& of) {
  double z = 0, sum = 0;
  for (unsigned state = 0; state < 1U << visible; ++state) {
    const VectorD v = VectorD::NullaryExpr(
        visible, [&](Index i) { return static_cast<double>(state >> i & 1U); });
    for (Index k = 0; k < classes; ++k) z += weight(of, v, k);
  }
  for (Index e = 0; e < examples; ++e)
    sum += std::log(weight(of, inputs().row(e).cast<double>(), (2 * e) % classes) / z);
  return sum / examples;
}

ebm::Parameters updated(const ebm::Discriminative& rule, ebm::Training training,
                        cost::Tally& tally) {
  ebm::Network network(machine().plan, {{ebm::AdcNeuron{}}}, tests::seed(5), tally,
                       tests::ideal_arrays());
  tests::set(network, machine());
  training.rate = training.bias_rate = 1;
  training.batch = examples;
  ebm::Trainer trainer(network, rule.recipe(), {}, training);
  const core::Matrix labels = targets();
  trainer.step({inputs(), &labels}, 1);
  return network.parameters();
}

/// Largest distance of an update from finite differences of a quality.
template <class Quality>
double distance(const ebm::Parameters& after, const Quality& quality) {
  constexpr double step = 1e-5;
  double worst = 0;
  ebm::Parameters at = machine();
  const ebm::Parameters before = machine();
  const auto compare = [&](auto& of, const auto& was, const auto& is) {
    for (Index k = 0; k < of.size(); ++k) {
      const double value = of.data()[k];
      of.data()[k] = value + step;
      const double up = quality(at);
      of.data()[k] = value - step;
      const double down = quality(at);
      of.data()[k] = value;
      worst = std::max(worst, std::abs((up - down) / (2 * step) - (is.data()[k] - was.data()[k])));
    }
  };
  for (std::size_t c = 0; c < 2; ++c) compare(at.weights[c], before.weights[c], after.weights[c]);
  for (std::size_t l = 0; l < 3; ++l) compare(at.biases[l], before.biases[l], after.biases[l]);
  return worst;
}

}  // namespace

TEST_CASE("a discriminative update is the gradient of ln p(label | example)") {
  for (const ebm::Update update : {ebm::Update::two_phase, ebm::Update::differenced}) {
    cost::Tally tally;
    CHECK(distance(updated({}, {.update = update}, tally), of_labels) < 1e-5);
  }
}

TEST_CASE("with a generative share the gradient of the joint law is added", "[stochastic]") {
  constexpr double share = 0.3;
  constexpr std::int64_t chains = 20000;
  for (const ebm::Update update : {ebm::Update::two_phase, ebm::Update::differenced}) {
    cost::Tally tally;
    const ebm::Parameters after =
        updated({.generative = share, .steps = 40, .chains = chains}, {.update = update}, tally);
    const double off = distance(
        after, [&](const ebm::Parameters& at) { return of_labels(at) + share * of_both(at); });
    // Bits and probabilities: a standard error below 0.5/sqrt(chains), and five of them.
    CHECK(off < 1e-5 + share * 2.5 / std::sqrt(static_cast<double>(chains)));
  }
}

TEST_CASE("a discriminative update writes one outer product an example and one a label") {
  // Rank-one updates of an accelerator are billed as products: 2 operations a cell each.
  cost::Tally tally;
  updated({}, {}, tally);
  double operations = 0;
  for (const cost::Entry& entry : tally.entries()) {
    if (entry.stage == "train: update" && entry.component.find("weights") != std::string::npos &&
        cost::is_operation(entry.action))
      operations += entry.count;
  }
  const double on_examples = 2.0 * examples * visible * hidden,
               on_labels = 2.0 * examples * classes * classes * hidden;
  CHECK(operations >= on_examples + on_labels);
  CHECK(operations < 1.5 * (on_examples + on_labels));
}

TEST_CASE("the discriminative rule needs means and a machine of labels") {
  const ebm::Rule rule{{ebm::Discriminative{}}};
  const ebm::Neuron adc{{ebm::AdcNeuron{}}};
  CHECK(ebm::training_problem(ebm::Family::boltzmann, {}, adc, {}, rule).empty());
  CHECK(ebm::training_problem(ebm::Family::boltzmann, {.statistics = ebm::Statistics::samples}, adc,
                              {}, rule)
            .find("means") != std::string::npos);
  CHECK(!ebm::Discriminative{.steps = 2}.problem().empty());
}
