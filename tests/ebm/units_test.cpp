// Kinds of visible units against integrals, sums and finite differences that share none of their
// code.
#include <cmath>
#include <numbers>
#include <vector>

#include "ohmlab/ebm/annealing.hpp"
#include "ohmlab/ebm/model/rbm.hpp"
#include "ohmlab/ebm/trainer.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/machines.hpp"
#include "tests/ebm/networks.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::VectorD;
using ebm::RbmParameters;

namespace {

RbmParameters machine(const ebm::Units& units, Index visible, Index hidden, double spread = 0.8) {
  RbmParameters out = tests::random_machine(visible, hidden, spread, 12);
  out.visible_units = units;
  return out;
}
ebm::Units gaussian(double sigma) { return {ebm::GaussianUnits{.sigma = sigma}}; }
ebm::Units softmax(std::int64_t groups) { return {ebm::SoftmaxUnits{.groups = groups}}; }

ebm::Network network_of(const RbmParameters& rbm, std::uint64_t seed, cost::Tally& tally,
                        const ebm::Network::MakeArray& make = tests::ideal_arrays()) {
  const ebm::RbmModel model{.hidden = rbm.weights.cols(), .units = rbm.visible_units};
  ebm::Network network(model.plan(rbm.weights.rows(), 0), {{ebm::AdcNeuron{}}}, seed, tally, make);
  tests::set(network, rbm);
  return network;
}

VectorD bits(unsigned state, Index units) {
  return VectorD::NullaryExpr(units, [&](Index j) { return static_cast<double>(state >> j & 1U); });
}

/// exp(−E(v, h)) of a Gaussian machine by the energy as the guide prints it, in units of examples.
double gaussian_weight(const RbmParameters& rbm, double sigma, const VectorD& v, const VectorD& h) {
  const VectorD a = sigma * rbm.visible_bias;
  double energy = -rbm.hidden_bias.dot(h);
  for (Index i = 0; i < v.size(); ++i) {
    energy += (v[i] - a[i]) * (v[i] - a[i]) / (2 * sigma * sigma);
    for (Index j = 0; j < h.size(); ++j) energy -= v[i] / sigma * rbm.weights(i, j) * h[j];
  }
  return std::exp(-energy);
}

/// The same, summed over the hidden states.
double gaussian_weight(const RbmParameters& rbm, double sigma, const VectorD& v) {
  double sum = 0;
  for (unsigned h = 0; h < 1U << rbm.weights.cols(); ++h)
    sum += gaussian_weight(rbm, sigma, v, bits(h, rbm.weights.cols()));
  return sum;
}

/// Integral over the plane by the rule of trapezoids, which is exact to rounding for such laws.
double integral_over_plane(const RbmParameters& rbm, double sigma) {
  const double reach = 12 * sigma, step = sigma / 8;
  double sum = 0;
  for (double x = -reach; x <= reach; x += step) {
    for (double y = -reach; y <= reach; y += step)
      sum += gaussian_weight(rbm, sigma, (VectorD(2) << x, y).finished());
  }
  return sum * step * step;
}

/// All states of groups of units.
core::Matrix all_choices(Index groups, Index size) {
  Index count = 1;
  for (Index g = 0; g < groups; ++g) count *= size;
  core::Matrix out = core::Matrix::Zero(count, groups * size);
  for (Index row = 0; row < count; ++row) {
    Index rest = row;
    for (Index g = 0; g < groups; ++g, rest /= size) out(row, g * size + rest % size) = 1;
  }
  return out;
}

/// p of every row of `all_choices`, by sums over all hidden states of exp(−E).
VectorD law_of_choices(const RbmParameters& rbm, const core::Matrix& choices) {
  VectorD p = VectorD::Zero(choices.rows());
  for (Index row = 0; row < p.size(); ++row) {
    const VectorD v = choices.row(row).cast<double>();
    for (unsigned state = 0; state < 1U << rbm.weights.cols(); ++state) {
      const VectorD h = bits(state, rbm.weights.cols());
      p[row] += std::exp(v.dot(rbm.visible_bias) + h.dot(rbm.hidden_bias) +
                         (v * rbm.weights * h.transpose())(0, 0));
    }
  }
  return p / p.sum();
}

core::Matrix gray_examples(Index rows, Index units) {
  return core::Matrix::NullaryExpr(rows, units, [](Index i, Index j) {
    return 0.5F + 0.5F * std::sin(static_cast<float>(3 * i + 5 * j + i * j));
  });
}

double mean_log_p(const RbmParameters& rbm, const core::Matrix& examples) {
  return ebm::log_likelihood(rbm, examples, ebm::exact_log_z(rbm)).value;
}

/// Largest distance of the exact gradient from finite differences of the likelihood.
double off_differences(const RbmParameters& rbm, const core::Matrix& examples) {
  constexpr double step = 1e-5;
  const RbmParameters slope = ebm::exact_gradient(rbm, examples);
  double worst = 0;
  const auto compare = [&](auto& of, const auto& expected, RbmParameters& at) {
    for (Index k = 0; k < of.size(); ++k) {
      const double value = of.data()[k];
      of.data()[k] = value + step;
      const double up = mean_log_p(at, examples);
      of.data()[k] = value - step;
      const double down = mean_log_p(at, examples);
      of.data()[k] = value;
      worst = std::max(worst, std::abs((up - down) / (2 * step) - expected.data()[k]));
    }
  };
  RbmParameters at = rbm;
  compare(at.weights, slope.weights, at);
  compare(at.visible_bias, slope.visible_bias, at);
  compare(at.hidden_bias, slope.hidden_bias, at);
  return worst;
}

}  // namespace

TEST_CASE("the density of a Gaussian machine is that of a quadrature over the plane") {
  for (const double sigma : {0.3, 1.0, 1.7}) {
    const RbmParameters rbm = machine(gaussian(sigma), 2, 3);
    const double z = integral_over_plane(rbm, sigma);
    const core::Matrix examples = gray_examples(7, 2);
    double expected = 0;
    for (Index row = 0; row < examples.rows(); ++row) {
      expected += std::log(gaussian_weight(rbm, sigma, examples.row(row).cast<double>()) / z) /
                  static_cast<double>(examples.rows());
    }
    CHECK(mean_log_p(rbm, examples) == Approx(expected).epsilon(1e-10));
    // ln Z is that of states v/sigma.
    CHECK(ebm::exact_log_z(rbm) == Approx(std::log(z / (sigma * sigma))).epsilon(1e-10));
  }
}

TEST_CASE("likelihood and pseudo-likelihood of softmax units are those of an enumeration") {
  const RbmParameters rbm = machine(softmax(2), 6, 4);
  const core::Matrix all = all_choices(2, 3);
  const VectorD p = law_of_choices(rbm, all);
  CHECK(mean_log_p(rbm, all) == Approx(p.array().log().mean()).epsilon(1e-12));
  double pseudo = 0;
  for (Index row = 0; row < all.rows(); ++row) {
    for (Index group = 0; group < 2; ++group) {
      double others = 0;  // of all states that agree in the other group
      for (Index other = 0; other < all.rows(); ++other) {
        const Index rest = 3 * (1 - group);
        if (all.row(row).segment(rest, 3) == all.row(other).segment(rest, 3)) others += p[other];
      }
      pseudo += std::log(p[row] / others) / static_cast<double>(all.rows());
    }
  }
  CHECK(ebm::pseudo_log_likelihood(rbm, all).value == Approx(pseudo).epsilon(1e-12));
  const auto read = [&](const core::Matrix& visible, core::Matrix& fields) {
    fields = visible * rbm.weights.cast<float>();
  };
  CHECK(ebm::pseudo_log_likelihood(rbm, all, read).value == Approx(pseudo).epsilon(1e-6));
}

TEST_CASE("gradients of Gaussian and softmax machines are finite differences of the likelihood") {
  CHECK(off_differences(machine(gaussian(0.4), 3, 3), gray_examples(5, 3)) < 1e-8);
  CHECK(off_differences(machine(softmax(3), 6, 3), all_choices(3, 2).topRows(5)) < 1e-8);
}

TEST_CASE("means over long chains write the gradient of the likelihood", "[stochastic]") {
  struct Scene {
    ebm::Units units;
    core::Matrix examples;
  };
  for (const Scene& scene : {Scene{gaussian(0.5), gray_examples(2, 3)},
                             Scene{softmax(2), all_choices(2, 2).topRows(2)}}) {
    CAPTURE(scene.units.kind());
    const RbmParameters rbm = machine(scene.units, scene.examples.cols(), 2, 0.5);
    const RbmParameters slope = ebm::exact_gradient(rbm, scene.examples);
    constexpr std::int64_t chains = 20000;
    for (const ebm::Update update : {ebm::Update::two_phase, ebm::Update::differenced}) {
      cost::Tally tally;
      ebm::Network network = network_of(rbm, tests::seed(4), tally);
      const ebm::ContrastiveDivergence rule{.steps = 30, .chains_per_example = chains};
      ebm::Trainer trainer =
          tests::trainer(network, {{rule}}, {.rate = 1, .bias_rate = 1, .update = update});
      tests::step(trainer, scene.examples);
      // Standard deviations of a state and of its product with a mean in [0, 1] are below 2: a
      // Gaussian unit of these weights moves by less than 1.2 about its mean.
      const double five_sigma = 10 / std::sqrt(2.0 * static_cast<double>(chains));
      const auto off = [](const auto& a, const auto& b) { return (a - b).cwiseAbs().maxCoeff(); };
      CHECK(off(network.weights().weights() - rbm.weights, slope.weights) < five_sigma);
      CHECK(off(network.bias(0).cast<double>() - rbm.visible_bias, slope.visible_bias) <
            five_sigma);
      CHECK(off(network.bias(1).cast<double>() - rbm.hidden_bias, slope.hidden_bias) < five_sigma);
    }
  }
}

TEST_CASE("block Gibbs samples of a Gaussian machine follow its law", "[stochastic]") {
  constexpr double sigma = 0.5, wide = 0.4;
  constexpr Index chains = 40000;
  const RbmParameters rbm = machine(gaussian(sigma), 1, 2, 1.2);
  cost::Tally tally;
  ebm::Network network = network_of(rbm, tests::seed(7), tally);
  ebm::States states(2);
  states[0].state = core::Matrix::Zero(chains, 1);
  states[1].state = core::Matrix::Zero(chains, 2);
  for (int sweep = 0; sweep < 30; ++sweep)
    ebm::GibbsDynamics{}.sweep(network, {true, true}, {{}, {}}, states);
  // Bins of v, and the hidden states.
  constexpr int bins = 24;
  std::vector<double> counts(4 * bins), law(4 * bins);
  double sum = 0;
  for (int bin = 0; bin < bins; ++bin) {
    for (unsigned h = 0; h < 4; ++h) {
      for (int k = 0; k < 100; ++k) {
        const double v = sigma * wide * (bin - bins / 2 + (k + 0.5) / 100);
        const double w = gaussian_weight(rbm, sigma, VectorD::Constant(1, v), bits(h, 2));
        law[static_cast<std::size_t>(4 * bin) + h] += w;
        sum += w;
      }
    }
  }
  for (double& p : law) p /= sum;
  for (Index chain = 0; chain < chains; ++chain) {
    const double u = states[0].state(chain, 0);
    const int bin = static_cast<int>(std::floor(u / wide)) + bins / 2;
    if (bin < 0 || bin >= bins) continue;  // the law is conditioned on the bins
    const auto h =
        static_cast<std::size_t>(states[1].state(chain, 0) + 2 * states[1].state(chain, 1));
    counts[static_cast<std::size_t>(4 * bin) + h] += 1;
  }
  CHECK(std::abs(tests::chi_square_deviate(counts, law)) < tests::one_in_a_million);
}

TEST_CASE("block Gibbs samples of softmax units follow the enumerated law", "[stochastic]") {
  constexpr Index chains = 60000;
  const RbmParameters rbm = machine(softmax(2), 6, 3);
  const core::Matrix all = all_choices(2, 3);
  cost::Tally tally;
  ebm::Network network = network_of(rbm, tests::seed(9), tally);
  ebm::States states(2);
  states[0].state = core::Matrix::Zero(chains, 6);
  states[1].state = core::Matrix::Zero(chains, 3);
  for (int sweep = 0; sweep < 30; ++sweep)
    ebm::GibbsDynamics{}.sweep(network, {true, true}, {{}, {}}, states);
  std::vector<double> counts(static_cast<std::size_t>(all.rows()));
  for (Index chain = 0; chain < chains; ++chain) {
    Index first = 0, second = 0;
    states[0].state.row(chain).segment(0, 3).maxCoeff(&first);
    states[0].state.row(chain).segment(3, 3).maxCoeff(&second);
    REQUIRE(states[0].state.row(chain).sum() == 2);
    counts[static_cast<std::size_t>(first + 3 * second)] += 1;
  }
  // G-test: 2 Σ n ln(n/expected) has the same law as χ², 8 degrees of freedom here.
  const VectorD p = law_of_choices(rbm, all);
  double g = 0;
  for (std::size_t k = 0; k < counts.size(); ++k) {
    REQUIRE(counts[k] > 0);
    g += 2 * counts[k] *
         std::log(counts[k] / (static_cast<double>(chains) * p[static_cast<Index>(k)]));
  }
  CHECK(g < 42.7);  // p = 1e-6
}

TEST_CASE("annealing finds ln Z of Gaussian and softmax machines", "[stochastic]") {
  for (const ebm::Units& units : {gaussian(0.5), softmax(3)}) {
    CAPTURE(units.kind());
    const RbmParameters rbm = machine(units, 6, 5, 0.5);
    const VectorD base = VectorD::Constant(6, units.start_bias(0.4));
    const ebm::Annealing annealing{.temperatures = 300, .chains = 300};
    const ebm::AnnealedLogZ found = ebm::annealed_log_z(rbm, base, annealing, tests::seed(3));
    CHECK(std::abs(found.log_z - ebm::exact_log_z(rbm)) < 5 * found.standard_error);
    CHECK(found.standard_error < 0.1);
    const core::Matrix examples =
        units.one_of() ? core::Matrix(all_choices(3, 2)) : gray_examples(8, 6);
    const double bound =
        ebm::conservative_log_likelihood(rbm, base, examples, annealing, tests::seed(3)).value;
    CHECK(bound == Approx(mean_log_p(rbm, examples)).margin(0.5));
  }
}

TEST_CASE("a Gaussian state is its converted mean plus digital noise, which is billed") {
  const RbmParameters rbm = machine(gaussian(0.5), 4, 3);
  cost::Tally tally;
  crossbar::AnalogArrayModel cells;
  cells.device.pulse.choice = devices::IdealPulse{};
  ebm::Network network = network_of(rbm, 5, tally, tests::arrays_of<crossbar::AnalogArray>(cells));
  ebm::States states(2);
  states[0].state = core::Matrix::Zero(6, 4);
  states[1].state = core::Matrix::Ones(6, 3);
  const auto words = [&] {
    double count = 0;
    for (const cost::Entry& entry : tally.entries())
      if (entry.action == cost::Action::edge_random_word) count += entry.count;
    return count;
  };
  const double before = words();
  network.compute(0, states, {}, states[0]);
  CHECK(words() - before == 6 * 4);
  const core::Matrix noise = states[0].state - states[0].mean;
  CHECK((noise.array().abs() > 0).all());
  CHECK(noise.array().abs().maxCoeff() < 6);
}

TEST_CASE("units refuse examples that they cannot be held at") {
  const auto problem = [](const ebm::Units& units, const core::Matrix& examples, bool binary) {
    return units.visit([&](const auto& law) { return law.problem_with(examples, binary); });
  };
  const core::Matrix choices = all_choices(2, 3);
  CHECK(problem({}, choices, false).find("binary") != std::string::npos);
  CHECK(problem({}, choices, true).empty());
  CHECK(problem(gaussian(1), choices, true).find("gray") != std::string::npos);
  CHECK(problem(softmax(2), choices, true).empty());
  CHECK(problem(softmax(4), choices, true).find("units.groups") != std::string::npos);
  CHECK(problem(softmax(3), choices, true).find("in group") != std::string::npos);
  CHECK(problem(softmax(2), choices, false).find("0 and 1") != std::string::npos);
}
