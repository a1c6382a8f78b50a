// The rule of pseudo-likelihood against finite differences of the pseudo-likelihood itself.
#include <cmath>
#include <random>

#include "ohmlab/ebm/model/graph.hpp"
#include "ohmlab/ebm/trainer.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/networks.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;

namespace {

constexpr Index sites = 6;

ebm::Parameters machine() {
  const ebm::GraphModel graph{.lattice = ebm::Lattice::king, .height = 2, .width = 3};
  ebm::Parameters out{graph.plan(sites, 0), {}, {}};
  std::mt19937 engine(5);
  std::normal_distribution<float> normal(0, 0.8F);
  for (const ebm::CouplingPlan& c : out.plan.couplings) {
    out.weights.push_back(core::MatrixD::NullaryExpr(c.edges.rows(), c.edges.cols(), [&] {
      return static_cast<double>(normal(engine));
    }).cwiseProduct(c.edges.cast<double>()));
  }
  for (const ebm::LayerPlan& l : out.plan.layers) {
    out.biases.push_back(
        core::VectorD::NullaryExpr(l.units, [&] { return static_cast<double>(normal(engine)); }));
  }
  return out;
}

/// Mean over examples of the sum of ln p(s_i | all others), site by site.
double pseudo_likelihood(const ebm::Parameters& of, const core::Matrix& examples) {
  core::MatrixD w = core::MatrixD::Zero(sites, sites);
  core::VectorD b(sites);
  for (std::size_t l = 0; l < of.plan.layers.size(); ++l) {
    for (Index u = 0; u < of.biases[l].size(); ++u)
      b[of.plan.layers[l].columns[static_cast<std::size_t>(u)]] = of.biases[l][u];
  }
  for (std::size_t c = 0; c < of.weights.size(); ++c) {
    const auto& rows = of.plan.layers[of.plan.couplings[c].rows].columns;
    const auto& cols = of.plan.layers[of.plan.couplings[c].cols].columns;
    for (std::size_t p = 0; p < rows.size(); ++p) {
      for (std::size_t q = 0; q < cols.size(); ++q) {
        w(rows[p], cols[q]) = w(cols[q], rows[p]) =
            of.weights[c](static_cast<Index>(p), static_cast<Index>(q));
      }
    }
  }
  double sum = 0;
  for (Index e = 0; e < examples.rows(); ++e) {
    const core::VectorD s = examples.row(e).cast<double>();
    const core::VectorD field = b + s * w;
    for (Index i = 0; i < sites; ++i) sum -= std::log1p(std::exp(-(2 * s[i] - 1) * field[i]));
  }
  return sum / static_cast<double>(examples.rows());
}

core::Matrix examples(Index count) {
  std::mt19937 engine(9);
  return core::Matrix::NullaryExpr(count, sites,
                                   [&] { return static_cast<float>(engine() >> 31); });
}

/// Largest distance of one update of rate 1 from the gradient.
double distance(const ebm::Neuron& neuron, const ebm::Training& training, const core::Matrix& data,
                std::uint64_t seed) {
  const ebm::Parameters of = machine();
  cost::Tally tally;
  ebm::Network network(of.plan, neuron, seed, tally, tests::ideal_arrays());
  network.program(of);
  ebm::Trainer trainer = tests::trainer(network, {{ebm::PseudoLikelihood{}}}, training);
  tests::step(trainer, data);
  const ebm::Parameters after = network.parameters(), before = [&] {
    cost::Tally none;
    ebm::Network fresh(of.plan, neuron, 1, none, tests::ideal_arrays());
    fresh.program(of);
    return fresh.parameters();
  }();
  constexpr double step = 1e-5;
  double worst = 0;
  const auto compare = [&](double& parameter, ebm::Parameters& at, double change) {
    const double value = parameter;
    parameter = value + step;
    const double up = pseudo_likelihood(at, data);
    parameter = value - step;
    const double down = pseudo_likelihood(at, data);
    parameter = value;
    worst = std::max(worst, std::abs(change - (up - down) / (2 * step)));
  };
  ebm::Parameters at = of;
  for (std::size_t c = 0; c < at.weights.size(); ++c) {
    for (Index k = 0; k < at.weights[c].size(); ++k) {
      const double change = after.weights[c].data()[k] - before.weights[c].data()[k];
      if (of.plan.couplings[c].edges.data()[k] == 0) {
        CHECK(change == 0);
      } else {
        compare(at.weights[c].data()[k], at, change);
      }
    }
  }
  for (std::size_t l = 0; l < at.biases.size(); ++l) {
    for (Index u = 0; u < at.biases[l].size(); ++u)
      compare(at.biases[l][u], at, after.biases[l][u] - before.biases[l][u]);
  }
  return worst;
}

}  // namespace

TEST_CASE("an update is the gradient of the pseudo-likelihood by finite differences") {
  for (const ebm::Update update : {ebm::Update::two_phase, ebm::Update::differenced})
    CHECK(distance({{ebm::AdcNeuron{}}}, {.rate = 1, .bias_rate = 1, .update = update},
                   examples(20), 1) < 1e-5);
}

TEST_CASE("drawn states in the place of means give the same gradient in the mean", "[stochastic]") {
  constexpr Index copies = 4000;
  const core::Matrix data = examples(5).replicate(copies, 1);
  // An error of bits has a standard deviation of at most 1/2, and a weight has two.
  const double five_sigma = 5 * std::sqrt(1.0 / static_cast<double>(data.rows()));
  for (const ebm::Neuron& neuron :
       {ebm::Neuron{{ebm::AdcNeuron{}}}, ebm::Neuron{{ebm::ComparatorNeuron{}}}})
    CHECK(distance(neuron, {.rate = 1, .bias_rate = 1, .statistics = ebm::Statistics::samples},
                   data, tests::seed(4)) < five_sigma);
}

TEST_CASE("an update reads each array once from each side, and keeps its errors") {
  const ebm::Parameters of = machine();
  cost::Tally tally;
  ebm::Network network(of.plan, {{ebm::AdcNeuron{}}}, 1, tally, tests::ideal_arrays());
  ebm::Trainer trainer =
      tests::trainer(network, {{ebm::PseudoLikelihood{}}}, {.batch = 7, .rate = 0, .bias_rate = 0});
  tests::step(trainer, examples(7));
  double flops = 0, cells = 0;
  for (const cost::Entry& entry : tally.entries()) {
    if (entry.stage == "train: data phase" && entry.component.starts_with("weights") &&
        entry.action == cost::Action::flop_fp32)
      flops += entry.count;
  }
  for (const ebm::CouplingPlan& c : of.plan.couplings) cells += static_cast<double>(c.edges.size());
  CHECK(flops == Approx(2 * 2 * 7 * cells).epsilon(1e-12));
}
