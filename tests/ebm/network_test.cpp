// Networks of every shape against enumeration: their exact law, their samplers, and what a trainer
// writes.
#include "ohmlab/ebm/network.hpp"

#include <cmath>
#include <random>

#include "ohmlab/ebm/exact.hpp"
#include "ohmlab/ebm/models.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/machines.hpp"
#include "tests/ebm/networks.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;

namespace {

struct Shape {
  const char* name;
  ebm::NetworkPlan plan;
};

/// Small machines of every model that samples a Boltzmann law.
std::vector<Shape> shapes() {
  return {
      {"rbm", ebm::RbmModel{.hidden = 3}.plan(4, 0)},
      {"dbm", ebm::DeepBoltzmannModel{.hidden = {3, 2}}.plan(3, 0)},
      {"dbm of three", ebm::DeepBoltzmannModel{.hidden = {2, 2, 1}}.plan(3, 0)},
      {"grid", ebm::GraphModel{.lattice = ebm::Lattice::grid, .height = 2, .width = 4}.plan(8, 0)},
      {"torus",
       ebm::GraphModel{.lattice = ebm::Lattice::torus, .height = 3, .width = 3}.plan(9, 0)},
      {"king", ebm::GraphModel{.lattice = ebm::Lattice::king, .height = 2, .width = 3}.plan(6, 0)}};
}

/// Normal parameters of the given spread, each exactly a float32, where there are edges.
ebm::Parameters random_parameters(const ebm::NetworkPlan& plan, double spread, unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal(0.0F, static_cast<float>(spread));
  const auto draw = [&] { return static_cast<double>(normal(engine)); };
  ebm::Parameters out{plan, {}, {}};
  for (const ebm::CouplingPlan& c : plan.couplings) {
    out.weights.push_back(
        core::MatrixD::NullaryExpr(plan.layers[c.rows].units, plan.layers[c.cols].units, draw));
    if (c.edges.size() > 0) out.weights.back().array() *= c.edges.cast<double>().array();
  }
  for (const ebm::LayerPlan& layer : plan.layers)
    out.biases.push_back(core::VectorD::NullaryExpr(layer.units, draw));
  return out;
}

Index units_of(const ebm::NetworkPlan& plan) {
  Index sum = 0;
  for (const ebm::LayerPlan& layer : plan.layers) sum += layer.units;
  return sum;
}

/// The states of each layer in a joint state.
std::vector<core::VectorD> layers_of(const ebm::NetworkPlan& plan, std::size_t state) {
  std::vector<core::VectorD> out;
  Index place = 0;
  for (const ebm::LayerPlan& layer : plan.layers) {
    core::VectorD bits(layer.units);
    for (Index i = 0; i < layer.units; ++i) bits[i] = static_cast<double>(state >> place++ & 1);
    out.push_back(bits);
  }
  return out;
}

/// p of every joint state, unit by unit in the order of the layers: the definition, written out.
std::vector<double> boltzmann_law(const ebm::Parameters& of) {
  const Index units = units_of(of.plan);
  std::vector<double> law(std::size_t{1} << units);
  double sum = 0;
  for (std::size_t state = 0; state < law.size(); ++state) {
    const std::vector<core::VectorD> s = layers_of(of.plan, state);
    double minus_energy = 0;
    for (std::size_t l = 0; l < s.size(); ++l) minus_energy += s[l].dot(of.biases[l]);
    for (std::size_t c = 0; c < of.weights.size(); ++c)
      minus_energy +=
          (s[of.plan.couplings[c].rows] * of.weights[c]).dot(s[of.plan.couplings[c].cols]);
    sum += law[state] = std::exp(minus_energy);
  }
  for (double& p : law) p /= sum;
  return law;
}

/// Inputs of a joint state as an example.
core::VectorD example_of(const ebm::NetworkPlan& plan, std::size_t state) {
  core::VectorD out;
  Index place = 0, inputs = 0;
  for (const ebm::LayerPlan& layer : plan.layers)
    inputs += layer.role == ebm::Role::input ? layer.units : 0;
  out.resize(inputs);
  for (const ebm::LayerPlan& layer : plan.layers) {
    for (Index i = 0; i < layer.units; ++i, ++place) {
      if (layer.role != ebm::Role::input) continue;
      const Index column = layer.columns.empty() ? i : layer.columns[static_cast<std::size_t>(i)];
      out[column] = static_cast<double>(state >> place & 1);
    }
  }
  return out;
}

/// Gradient of the mean ln p of examples, from the joint law: <s s> with the inputs held less <s s>
/// without.
ebm::Parameters exact_gradient(const ebm::Parameters& of, const core::Matrix& examples) {
  const std::vector<double> joint = boltzmann_law(of);
  std::vector<double> weight(joint.size());
  for (Index row = 0; row < examples.rows(); ++row) {
    const core::VectorD example = examples.row(row).cast<double>();
    double p = 0;
    const auto fits = [&](std::size_t state) { return example_of(of.plan, state) == example; };
    for (std::size_t state = 0; state < joint.size(); ++state) p += fits(state) ? joint[state] : 0;
    for (std::size_t state = 0; state < joint.size(); ++state) {
      if (fits(state)) weight[state] += joint[state] / p / static_cast<double>(examples.rows());
    }
  }
  ebm::Parameters out = of;
  for (core::MatrixD& w : out.weights) w.setZero();
  for (core::VectorD& b : out.biases) b.setZero();
  for (std::size_t state = 0; state < joint.size(); ++state) {
    const std::vector<core::VectorD> s = layers_of(of.plan, state);
    const double share = weight[state] - joint[state];
    for (std::size_t l = 0; l < s.size(); ++l) out.biases[l] += share * s[l];
    for (std::size_t c = 0; c < out.weights.size(); ++c) {
      const ebm::CouplingPlan& coupling = of.plan.couplings[c];
      out.weights[c] += share * s[coupling.rows].transpose() * s[coupling.cols];
    }
  }
  for (std::size_t c = 0; c < out.weights.size(); ++c) {
    const core::Matrix& edges = of.plan.couplings[c].edges;
    if (edges.size() > 0) out.weights[c].array() *= edges.cast<double>().array();
  }
  return out;
}

/// All examples that there can be, one a row.
core::Matrix all_examples(Index units) {
  core::Matrix out(Index{1} << units, units);
  for (Index row = 0; row < out.rows(); ++row) {
    for (Index i = 0; i < units; ++i) out(row, i) = static_cast<float>(row >> i & 1);
  }
  return out;
}

Index inputs_of(const ebm::NetworkPlan& plan) { return example_of(plan, 0).size(); }

}  // namespace

TEST_CASE("the exact law of a network is that of its definition, hidden units summed over") {
  for (const Shape& shape : shapes()) {
    CAPTURE(shape.name);
    const ebm::Parameters of = random_parameters(shape.plan, 0.8, 5);
    const std::vector<double> joint = boltzmann_law(of);
    const Index inputs = inputs_of(shape.plan);
    core::VectorD expected = core::VectorD::Zero(Index{1} << inputs);
    for (std::size_t state = 0; state < joint.size(); ++state) {
      const core::VectorD example = example_of(shape.plan, state);
      Index row = 0;
      for (Index i = 0; i < inputs; ++i) row |= static_cast<Index>(example[i]) << i;
      expected[row] += joint[state];
    }
    const ebm::ExactLaw law(of);
    REQUIRE(law.enumerable());
    const core::VectorD found = law.log_probabilities(all_examples(inputs)).array().exp();
    CHECK((found - expected).cwiseAbs().maxCoeff() < 1e-12);
    CHECK(found.sum() == Approx(1).epsilon(1e-12));
  }
}

TEST_CASE("the exact law of a restricted Boltzmann machine is the one its own functions give") {
  const ebm::Parameters of = random_parameters(ebm::RbmModel{.hidden = 5}.plan(9, 0), 0.7, 3);
  const ebm::RbmParameters rbm{of.weights[0], of.biases[0], of.biases[1]};
  const core::Matrix examples = all_examples(9);
  CHECK(ebm::ExactLaw(of).log_z() == Approx(ebm::exact_log_z(rbm)).epsilon(1e-13));
  CHECK(ebm::ExactLaw(of).log_likelihood(examples).value ==
        Approx(ebm::log_likelihood(rbm, examples, ebm::exact_log_z(rbm)).value).epsilon(1e-12));
}

TEST_CASE(
    "layers that are not coupled are drawn at once, in the fewest groups a chain or lattice "
    "allows") {
  const auto count = [](const ebm::NetworkPlan& plan) { return ebm::groups_of(plan).size(); };
  for (const Shape& shape : shapes()) {
    CAPTURE(shape.name);
    for (const auto& group : ebm::groups_of(shape.plan)) {
      for (const std::size_t a : group) {
        for (const std::size_t b : group) {
          for (const ebm::CouplingPlan& c : shape.plan.couplings)
            CHECK_FALSE((c.rows == a && c.cols == b));
        }
      }
    }
  }
  CHECK(count(ebm::DeepBoltzmannModel{.hidden = {4, 4, 4, 4}}.plan(4, 0)) == 2);
  CHECK(count(ebm::GraphModel{.lattice = ebm::Lattice::torus, .height = 4, .width = 6}.plan(
            24, 0)) == 2);
  CHECK(count(ebm::GraphModel{.lattice = ebm::Lattice::torus, .height = 3, .width = 3}.plan(
            9, 0)) >= 3);
  CHECK(count(ebm::GraphModel{.lattice = ebm::Lattice::king, .height = 4, .width = 4}.plan(
            16, 0)) == 4);
}

TEST_CASE("a lattice has the edges that its name says") {
  const auto edges = [](ebm::Lattice lattice, std::int64_t height, std::int64_t width) {
    const ebm::NetworkPlan plan =
        ebm::GraphModel{.lattice = lattice, .height = height, .width = width}.plan(height * width,
                                                                                   0);
    double sum = 0;
    for (const ebm::CouplingPlan& c : plan.couplings)
      sum += c.crossings ? static_cast<double>(c.crossings->size())
                         : static_cast<double>(c.edges.sum());
    CHECK(ebm::parameters_of(plan) == sum + static_cast<double>(height * width));
    return sum;
  };
  CHECK(edges(ebm::Lattice::grid, 3, 4) == 3 * 3 + 2 * 4);
  CHECK(edges(ebm::Lattice::torus, 3, 4) == 2 * 12);
  CHECK(edges(ebm::Lattice::king, 3, 4) == 3 * 3 + 2 * 4 + 2 * 2 * 3);
  CHECK(edges(ebm::Lattice::torus, 2, 3) == 3 + 6);  // two rows are neighbours once, not twice
}

TEST_CASE("chains of every network settle to its Boltzmann law", "[stochastic]") {
  constexpr Index chains = 30000;
  constexpr int sweeps = 60;
  for (const Shape& shape : shapes()) {
    for (const ebm::Neuron& neuron :
         {ebm::Neuron{{ebm::AdcNeuron{}}}, ebm::Neuron{{ebm::ComparatorNeuron{}}}}) {
      CAPTURE(shape.name, neuron.kind());
      const ebm::Parameters of = random_parameters(shape.plan, 0.5, 8);
      cost::Tally tally;
      ebm::Network network(shape.plan, neuron, tests::seed(4), tally, tests::ideal_arrays());
      tests::set(network, of);
      ebm::States states(shape.plan.layers.size());
      for (std::size_t l = 0; l < states.size(); ++l)
        states[l].state = core::Matrix::Zero(chains, shape.plan.layers[l].units);
      const std::vector<bool> free(states.size(), true);
      for (int k = 0; k < sweeps; ++k)
        ebm::GibbsDynamics{}.sweep(network, free, std::vector<ebm::Nudge>(states.size()), states);
      std::vector<double> counts(std::size_t{1} << units_of(shape.plan));
      for (Index chain = 0; chain < chains; ++chain) {
        std::size_t state = 0, place = 0;
        for (const ebm::Activity& layer : states) {
          for (Index i = 0; i < layer.state.cols(); ++i)
            state |= static_cast<std::size_t>(layer.state(chain, i)) << place++;
        }
        counts[state] += 1;
      }
      const std::vector<double> law = boltzmann_law(of);
      CHECK(std::abs(tests::chi_square_deviate(counts, law)) < tests::one_in_a_million);
      ebm::Parameters wrong = of;  // the test notices a coupling that is left out
      wrong.weights.front().setZero();
      CHECK(tests::chi_square_deviate(counts, boltzmann_law(wrong)) > tests::one_in_a_million);
    }
  }
}

TEST_CASE("the mean update of long chains is the exact gradient of any network's log-likelihood",
          "[stochastic]") {
  constexpr Index copies = 4000;
  for (const Shape& shape : shapes()) {
    CAPTURE(shape.name);
    const ebm::Parameters of = random_parameters(shape.plan, 0.5, 12);
    const Index inputs = inputs_of(shape.plan);
    const core::Matrix examples = all_examples(inputs).topRows(5);
    const ebm::Parameters gradient = exact_gradient(of, examples);
    for (const ebm::Statistics statistics : {ebm::Statistics::means, ebm::Statistics::samples}) {
      cost::Tally tally;
      ebm::Network network(shape.plan, {{ebm::AdcNeuron{}}}, tests::seed(3), tally,
                           tests::ideal_arrays());
      tests::set(network, of);
      ebm::Trainer trainer =
          tests::trainer(network, {{ebm::ContrastiveDivergence{.steps = 60, .data_steps = 60}}},
                         {.rate = 1, .bias_rate = 1, .statistics = statistics});
      tests::step(trainer, examples.replicate(copies, 1));
      const ebm::Parameters after = network.parameters();
      const double bound =
          5.5 * 0.5 * std::sqrt(2.0 / (5 * copies));  // of the difference of two mean products
      for (std::size_t c = 0; c < of.weights.size(); ++c)
        CHECK((after.weights[c] - of.weights[c] - gradient.weights[c]).cwiseAbs().maxCoeff() <
              bound);
      for (std::size_t l = 0; l < of.biases.size(); ++l)
        CHECK((after.biases[l] - of.biases[l] - gradient.biases[l]).cwiseAbs().maxCoeff() < bound);
    }
  }
}

TEST_CASE("no weight appears where a graph has no edge") {
  const ebm::NetworkPlan plan =
      ebm::GraphModel{.height = 3, .width = 3, .weight_std = 0.5}.plan(9, 0);
  for (const ebm::Update update : {ebm::Update::two_phase, ebm::Update::differenced}) {
    cost::Tally tally;
    ebm::Network network(plan, {}, 2, tally, tests::ideal_arrays());
    network.initialise(core::VectorD::Constant(9, 0.5));
    ebm::Trainer trainer =
        tests::trainer(network, {{ebm::PersistentCd{}}}, {.rate = 0.5, .update = update});
    for (int k = 0; k < 5; ++k) tests::step(trainer, all_examples(9).middleRows(7 * k, 7));
    for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
      const core::MatrixD w = network.weights(c).weights();
      const core::Matrix& edges = plan.couplings[c].edges;
      for (Index i = 0; i < w.size(); ++i) CHECK((w.data()[i] != 0) == (edges.data()[i] != 0));
    }
  }
}
