// The classification RBM against an enumeration of all its states.
#include <cmath>
#include <cstdint>
#include <stdexcept>
#include <string>
#include <vector>

#include "ohmlab/ebm/class_scores.hpp"
#include "ohmlab/ebm/models.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/networks.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::MatrixD;
using core::VectorD;

namespace {

constexpr Index visible = 4, classes = 3, hidden = 3;
constexpr std::size_t examples_of_all = 1U << visible, states_of_hidden = 1U << hidden;

ebm::NetworkPlan plan() { return ebm::ClassRbmModel{.hidden = hidden}.plan(visible, classes); }

/// A machine with parameters between -spread and spread, each exactly a float32.
ebm::Parameters machine(double spread) {
  const auto numbers = [&](Index rows, Index cols, double first) {
    return MatrixD(MatrixD::NullaryExpr(rows, cols, [&](Index i, Index j) {
      return static_cast<double>(static_cast<float>(
          spread * std::sin(first + 1.7 * static_cast<double>(i) + 2.9 * static_cast<double>(j))));
    }));
  };
  return {plan(),
          {numbers(visible, hidden, 0.3), numbers(classes, hidden, 1.1)},
          {numbers(1, visible, 2.0), numbers(1, classes, 0.7), numbers(1, hidden, 4.0)}};
}

VectorD bits(std::size_t state, Index units) {
  return VectorD::NullaryExpr(units, [&](Index i) {
    return static_cast<double>((state >> static_cast<unsigned>(i)) & 1U);
  });
}

/// exp(-E) of every state, in the order ((example, label), hidden).
std::vector<double> weights_of_states(const ebm::Parameters& of) {
  std::vector<double> out;
  for (std::size_t v = 0; v < examples_of_all; ++v) {
    for (Index y = 0; y < classes; ++y) {
      for (std::size_t h = 0; h < states_of_hidden; ++h) {
        const VectorD seen = bits(v, visible), on = bits(h, hidden);
        const double minus_energy =
            seen.dot(of.biases[0]) + of.biases[1][y] + on.dot(of.biases[2]) +
            (seen * of.weights[0] * on.transpose())(0, 0) + of.weights[1].row(y).dot(on);
        out.push_back(std::exp(minus_energy));
      }
    }
  }
  return out;
}

/// p(example, label), by enumeration: examples × classes.
MatrixD joint_law(const ebm::Parameters& of) {
  const std::vector<double> weights = weights_of_states(of);
  MatrixD out = MatrixD::Zero(static_cast<Index>(examples_of_all), classes);
  for (std::size_t n = 0; n < weights.size(); ++n) out.data()[n / states_of_hidden] += weights[n];
  return out / out.sum();
}

/// All examples, with labels that do not depend on them simply.
struct AllExamples {
  core::Matrix examples = core::Matrix(static_cast<Index>(examples_of_all), visible);
  std::vector<std::uint8_t> labels;
  AllExamples() {
    for (std::size_t v = 0; v < examples_of_all; ++v) {
      examples.row(static_cast<Index>(v)) = bits(v, visible).cast<float>();
      labels.push_back(static_cast<std::uint8_t>(v * 7 % 5 % 3));
    }
  }
  [[nodiscard]] ebm::Task task() const { return {examples, examples, labels, labels, classes}; }
};

double value(const ebm::Figures& figures, const std::string& name) {
  for (const crossbar::Figure& figure : figures) {
    if (figure.name == name) return figure.value;
  }
  throw std::runtime_error("no figure called " + name);
}

ebm::Network network_of(const ebm::Parameters& of, cost::Tally& tally,
                        const ebm::Network::MakeArray& make = tests::ideal_arrays()) {
  ebm::Network network(of.plan, {{ebm::AdcNeuron{}}}, tests::seed(17), tally, make);
  tests::set(network, of);
  return network;
}

/// Counts of the joint states of independent chains after some sweeps, from all units off.
std::vector<double> histogram(ebm::Network& network, Index chains, int sweeps) {
  ebm::States states(3);
  for (std::size_t l = 0; l < 3; ++l)
    states[l].state = core::Matrix::Zero(chains, network.plan().layers[l].units);
  for (int sweep = 0; sweep < sweeps; ++sweep)
    ebm::GibbsDynamics{}.sweep(network, {true, true, true}, {{}, {}, {}}, states);
  std::vector<double> counts(examples_of_all * classes * states_of_hidden);
  for (Index chain = 0; chain < chains; ++chain) {
    std::size_t v = 0, h = 0;
    Index y = 0;
    for (Index i = 0; i < visible; ++i)
      v |= static_cast<std::size_t>(states[0].state(chain, i)) << static_cast<unsigned>(i);
    for (Index j = 0; j < hidden; ++j)
      h |= static_cast<std::size_t>(states[2].state(chain, j)) << static_cast<unsigned>(j);
    REQUIRE(states[1].state.row(chain).sum() == 1);  // exactly one label
    states[1].state.row(chain).maxCoeff(&y);
    counts[(v * classes + static_cast<std::size_t>(y)) * states_of_hidden + h] += 1;
  }
  return counts;
}

std::vector<double> normalised(std::vector<double> weights) {
  double sum = 0;
  for (const double weight : weights) sum += weight;
  for (double& weight : weights) weight /= sum;
  return weights;
}

}  // namespace

TEST_CASE("figures of a classification RBM are those of an enumeration") {
  const ebm::Parameters of = machine(1.2);
  const AllExamples all;
  const MatrixD law = joint_law(of);
  double wrong = 0, of_labels = 0, of_examples = 0;
  for (Index v = 0; v < law.rows(); ++v) {
    const Index label = all.labels[static_cast<std::size_t>(v)];
    Index best = 0;
    law.row(v).maxCoeff(&best);
    wrong += best != label;
    of_labels += std::log(law(v, label) / law.row(v).sum());
    of_examples += std::log(law.row(v).sum());
  }
  const auto n = static_cast<double>(law.rows());
  const ebm::Figures figures = ebm::class_rbm_figures(of, all.task());
  REQUIRE(wrong > 0);
  REQUIRE(wrong < n);
  CHECK(value(figures, "test_error") == Approx(wrong / n).epsilon(1e-12));
  CHECK(value(figures, "train_error") == Approx(wrong / n).epsilon(1e-12));
  CHECK(value(figures, "test_label_log_likelihood") == Approx(of_labels / n).epsilon(1e-12));
  CHECK(value(figures, "test_log_likelihood") == Approx(of_examples / n).epsilon(1e-12));
}

TEST_CASE("through ideal arrays a classification RBM errs as its weights say") {
  const ebm::Parameters of = machine(1.2);
  const AllExamples all;
  cost::Tally tally;
  ebm::Network network = network_of(of, tally);
  const ebm::Figures read = ebm::class_rbm_figures_as_read(network, all.task(), 3);
  CHECK(value(read, "test_error_read") ==
        Approx(value(ebm::class_rbm_figures(of, all.task()), "test_error")));
  CHECK(value(read, "test_error_read_deviation") == 0);
}

TEST_CASE("block Gibbs samples of a classification RBM follow its law", "[stochastic]") {
  const ebm::Parameters of = machine(0.8);
  cost::Tally tally;
  ebm::Network network = network_of(of, tally);
  const std::vector<double> counts = histogram(network, 60000, 60);
  CHECK(std::abs(tests::chi_square_deviate(counts, normalised(weights_of_states(of)))) <
        tests::one_in_a_million);
  ebm::Parameters hot = of;  // the test notices a label whose weights are a fifth too small
  hot.weights[1] *= 0.8;
  CHECK(tests::chi_square_deviate(counts, normalised(weights_of_states(hot))) >
        tests::one_in_a_million);
}

TEST_CASE("a label of one in several is drawn by a softmax, with one random number each") {
  const ebm::Parameters of = machine(1.5);
  cost::Tally tally;
  ebm::Network network = network_of(of, tally);
  constexpr Index batch = 5;
  ebm::States states(3);
  states[0].state = core::Matrix::Zero(batch, visible);
  states[2].state = core::Matrix(batch, hidden);
  for (Index row = 0; row < batch; ++row)
    states[2].state.row(row) = bits(static_cast<std::size_t>(row + 1), hidden).cast<float>();
  ebm::Activity label;
  network.compute(1, states, {}, label);
  for (Index row = 0; row < batch; ++row) {
    VectorD p = (of.biases[1] + states[2].state.row(row).cast<double>() * of.weights[1].transpose())
                    .array()
                    .exp();
    p /= p.sum();
    CHECK((label.mean.row(row).cast<double>() - p).cwiseAbs().maxCoeff() < 1e-6);
  }
  // billed at the edge of an array: the ideal one bills products of a processor
  cost::Tally at_edge;
  ebm::Network on_cells = network_of(
      of, at_edge, tests::arrays_of<crossbar::AnalogArray>(crossbar::AnalogArrayModel{}));
  on_cells.compute(1, states, {}, label);
  double words = 0;
  for (const cost::Entry& entry : at_edge.entries()) {
    if (entry.action == cost::Action::edge_random_word) words += entry.count;
  }
  CHECK(words == batch);
}

TEST_CASE("figures of a conditional RBM are those of the labels alone") {
  const ebm::Parameters of = machine(1.2);
  const AllExamples all;
  const ebm::Figures joint = ebm::class_rbm_figures(of, all.task()),
                     given = ebm::label_figures(of, all.task());
  for (const char* name : {"test_error", "test_label_log_likelihood"})
    CHECK(value(given, name) == value(joint, name));
  CHECK(value(given, "test_label_bits") ==
        Approx(-value(joint, "test_label_log_likelihood") / std::log(2.0)));
  // Labels 0, 1, 2 of 16 by the code above; frequencies with half a count added.
  VectorD counts = VectorD::Zero(classes);
  for (const std::uint8_t label : all.labels) counts[label] += 1;
  const VectorD p = (counts.array() + 0.5) / (counts.array() + 0.5).sum();
  const double bits = -(counts.array() * p.array().log()).sum() / counts.sum() / std::log(2.0);
  CHECK(value(ebm::label_references(all.task()), "frequency_bits") == Approx(bits));
}

TEST_CASE("with its context held, long chains write the gradient of ln p(label | context)",
          "[stochastic]") {
  ebm::Parameters of = machine(0.8);
  of.plan = ebm::ConditionalRbmModel{.hidden = hidden}.plan(visible, classes);
  const core::Matrix context = (core::Matrix(1, visible) << 1, 0, 1, 1).finished();
  const core::Matrix label = (core::Matrix(1, classes) << 0, 1, 0).finished();
  const auto log_p = [&](const ebm::Parameters& at) {
    const MatrixD scores = ebm::label_scores(context.cast<double>() * at.weights[0], at.biases[2],
                                             at.weights[1], at.biases[1]);
    return scores(0, 1) - std::log(scores.array().exp().sum());
  };
  constexpr double step = 1e-5;
  cost::Tally tally;
  ebm::Network network = network_of(of, tally);
  constexpr std::int64_t chains = 20000;
  const ebm::ContrastiveDivergence rule{.steps = 30, .chains_per_example = chains};
  ebm::Trainer trainer(network, rule.recipe(), {}, {.rate = 1, .bias_rate = 1});
  trainer.step({context, &label}, 1);
  const ebm::Parameters after = network.parameters();
  CHECK((after.biases[0] - of.biases[0]).cwiseAbs().maxCoeff() < 1e-6);  // of what is held
  for (std::size_t c = 0; c < 2; ++c) {
    for (Index i = 0; i < of.weights[c].size(); ++i) {
      ebm::Parameters up = of, down = of;
      up.weights[c].data()[i] += step;
      down.weights[c].data()[i] -= step;
      const double slope = (log_p(up) - log_p(down)) / (2 * step);
      // A mean of bits and probabilities has a standard error below 0.5/sqrt(chains); five of them.
      CHECK(after.weights[c].data()[i] - of.weights[c].data()[i] ==
            Approx(slope).margin(2.5 / std::sqrt(static_cast<double>(chains))));
    }
  }
}

TEST_CASE("a classification RBM refuses what it cannot learn") {
  const AllExamples all;
  ebm::Task task = all.task();
  CHECK(ebm::ClassRbmModel::problem_with(visible, task).empty());
  task.classes = 0;
  CHECK(ebm::ClassRbmModel::problem_with(visible, task).find("labels") != std::string::npos);
  task.classes = classes;
  task.binary = false;
  CHECK(ebm::ClassRbmModel::problem_with(visible, task).find("binary") != std::string::npos);
}
