// Networks whose couplings are kept along edges beside the same networks kept whole.
#include <cmath>
#include <map>
#include <string>
#include <vector>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/exact_arrays.hpp"
#include "ohmlab/ebm/dynamics/gibbs.hpp"
#include "ohmlab/ebm/model/graph.hpp"
#include "ohmlab/ebm/trainer.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/networks.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;

namespace {

ebm::GraphModel lattice(ebm::Lattice kind, Index height, Index width) {
  ebm::GraphModel out;
  out.lattice = kind;
  out.height = height;
  out.width = width;
  out.weight_std = 0.3;
  return out;
}

Matrix coins(Index rows, Index cols, std::uint64_t operation) {
  Matrix out(rows, cols);
  core::fill_uniform(core::stream(4, core::StreamId::data), operation, 0,
                     {out.data(), static_cast<std::size_t>(out.size())});
  return out.array().round();
}

/// Float operations of products on all couplings.
double products(const cost::Tally& tally) {
  double sum = 0;
  for (const cost::Entry& e : tally.entries()) {
    if (e.component.starts_with("weights") && e.action == cost::Action::flop_fp32) sum += e.count;
  }
  return sum;
}

struct Learned {
  ebm::Parameters parameters;
  ebm::States states;
  double products = 0;
};

/// Twelve updates on random examples, then a few sweeps.
Learned learned(const ebm::GraphModel& model, const crossbar::ArrayMaker& make,
                const ebm::Rule& rule, const ebm::Training& training,
                const ebm::Neuron& neuron = {}) {
  const Index units = model.height * model.width;
  cost::Tally tally;
  ebm::Network network(model.plan(units, 0), neuron, 3, tally, make);
  network.initialise(core::VectorD::Constant(units, 0.4));
  ebm::Trainer trainer = tests::trainer(network, rule, training);
  for (std::uint64_t k = 0; k < 12; ++k) tests::step(trainer, coins(10, units, k));
  Learned out{network.parameters(), ebm::States(network.plan().layers.size()), 0};
  for (std::size_t l = 0; l < out.states.size(); ++l)
    out.states[l].state = coins(5, network.plan().layers[l].units, 100 + l);
  ebm::GibbsDynamics{}.run(network, std::vector<bool>(out.states.size(), true),
                           std::vector<ebm::Nudge>(out.states.size()), 3, out.states);
  out.products = products(tally);
  return out;
}

double distance(const Learned& a, const Learned& b) {
  double out = 0;
  for (std::size_t c = 0; c < a.parameters.weights.size(); ++c)
    out = std::max(out, (a.parameters.weights[c] - b.parameters.weights[c]).cwiseAbs().maxCoeff());
  for (std::size_t l = 0; l < a.parameters.biases.size(); ++l)
    out = std::max(out, (a.parameters.biases[l] - b.parameters.biases[l]).cwiseAbs().maxCoeff());
  return out;
}

}  // namespace

TEST_CASE("learning and sampling along edges have the bits of whole matrices") {
  ebm::Neuron comparator;
  comparator.choice = ebm::ComparatorNeuron{};
  for (const ebm::GraphModel& model :
       {lattice(ebm::Lattice::torus, 8, 8), lattice(ebm::Lattice::torus, 7, 9),
        lattice(ebm::Lattice::king, 6, 8), lattice(ebm::Lattice::grid, 1, 20)}) {
    REQUIRE(model.plan(model.height * model.width, 0).couplings[0].crossings);
    for (const ebm::Neuron& neuron : {ebm::Neuron{}, comparator}) {
      const ebm::Training training{
          .rate = 0.4, .bias_rate = 0.3, .statistics = ebm::Statistics::samples};
      const ebm::Rule rule{{ebm::PersistentCd{.steps = 2, .chains = 6}}};
      const Learned along = learned(model, crossbar::exact_arrays(), rule, training, neuron),
                    whole = learned(model, tests::ideal_arrays(), rule, training, neuron);
      CAPTURE(model.height, model.width, neuron.kind());
      CHECK(distance(along, whole) == 0);
      for (std::size_t l = 0; l < along.states.size(); ++l)
        CHECK(along.states[l].state == whole.states[l].state);
      if (neuron.gives_means()) CHECK(4 * along.products <= whole.products);
    }
  }
}

TEST_CASE("changes that are formed first, and centred ones, agree along edges up to rounding") {
  const ebm::GraphModel model = lattice(ebm::Lattice::torus, 6, 10);
  ebm::Training training{.rate = 0.2, .bias_rate = 0.2};
  for (const ebm::Update update : {ebm::Update::two_phase, ebm::Update::differenced}) {
    training.update = update;
    training.momentum = update == ebm::Update::differenced ? 0.5 : 0;
    // Rounding may turn a draw; these rules draw nothing that depends on the weights.
    for (const ebm::Rule& rule : {ebm::Rule{{ebm::PseudoLikelihood{}}}}) {
      CAPTURE(rule.kind(), static_cast<int>(update));
      const Learned along = learned(model, crossbar::exact_arrays(), rule, training),
                    whole = learned(model, tests::ideal_arrays(), rule, training);
      CHECK(distance(along, whole) < 1e-5);
    }
    const ebm::NetworkPlan plan = model.plan(60, 0);
    const auto written = [&](const crossbar::ArrayMaker& make) {
      cost::Tally tally;
      ebm::Network network(plan, {}, 3, tally, make);
      ebm::Trainer trainer = tests::trainer(network, {{ebm::CentredDivergence{}}}, training);
      std::vector<ebm::States> seen(2, ebm::States(2));
      for (std::size_t p = 0; p < 2; ++p) {
        for (std::size_t l = 0; l < 2; ++l)
          seen[p][l].state = seen[p][l].mean = coins(9, 30, 7 * p + l);
      }
      trainer.write(seen, 1);
      return Learned{network.parameters(), {}, 0};
    };
    CHECK(distance(written(crossbar::exact_arrays()), written(tests::ideal_arrays())) < 1e-5);
  }
}

TEST_CASE("an odd ring along edges has the enumerated law [stochastic]", "[stochastic]") {
  constexpr Index sites = 17, chains = 5'000;
  constexpr double w = 1.2, b = -0.9;
  ebm::GraphModel model = lattice(ebm::Lattice::edge_list, 1, sites);
  std::string edges;
  for (Index i = 0; i < sites; ++i)
    edges += std::to_string(i) + "," + std::to_string((i + 1) % sites) + "\n";
  model.list = std::make_shared<ebm::EdgeList>(ebm::EdgeList::parse(edges, "ring", sites));
  const ebm::NetworkPlan plan = model.plan(sites, 0);
  REQUIRE(plan.layers.size() == 3);
  cost::Tally tally;
  ebm::Network network(plan, {}, tests::seed(8), tally, crossbar::exact_arrays());
  ebm::States states(3);
  for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
    if (ebm::CouplingPlan of = plan.couplings[c]; of.crossings) {
      network.along_edges(c)->program_edges(
          core::Vector::Constant(of.crossings->size(), static_cast<float>(w)));
    } else {
      network.weights(c).program(static_cast<float>(w) * of.edges);
    }
  }
  for (std::size_t l = 0; l < 3; ++l) {
    network.bias(l).setConstant(static_cast<float>(b));
    states[l].state = Matrix::Zero(chains, plan.layers[l].units);
  }
  ebm::GibbsDynamics{}.run(network, {true, true, true}, std::vector<ebm::Nudge>(3), 60, states);

  const auto sums = [&](const auto& bit) {
    int on = 0, pairs = 0;
    for (Index i = 0; i < sites; ++i) {
      on += bit(i);
      pairs += bit(i) * bit((i + 1) % sites);
    }
    return std::pair{on, pairs};
  };
  std::map<std::pair<int, int>, double> p, counts;
  double z = 0;
  for (int s = 0; s < 1 << sites; ++s) {
    const auto seen = sums([&](Index i) { return s >> i & 1; });
    const double weight = std::exp(b * seen.first + w * seen.second);
    p[seen] += weight;
    z += weight;
  }
  std::vector<std::pair<std::size_t, Index>> at(sites);
  for (std::size_t l = 0; l < 3; ++l) {
    for (Index u = 0; u < plan.layers[l].units; ++u)
      at[static_cast<std::size_t>(plan.layers[l].columns[static_cast<std::size_t>(u)])] = {l, u};
  }
  for (Index chain = 0; chain < chains; ++chain) {
    counts[sums([&](Index i) {
      const auto& [layer, unit] = at[static_cast<std::size_t>(i)];
      return static_cast<int>(states[layer].state(chain, unit));
    })] += 1;
  }
  std::vector<double> seen, expected;
  for (const auto& [key, weight] : p) {
    seen.push_back(counts[key]);
    expected.push_back(weight / z);
  }
  CHECK(tests::chi_square_deviate(seen, expected) < tests::one_in_a_million);
}

TEST_CASE("a torus of 256 x 256 sites is kept by its edges, and too large for arrays of cells") {
  const ebm::NetworkPlan plan = lattice(ebm::Lattice::torus, 256, 256).plan(256 * 256, 0);
  REQUIRE(plan.couplings.size() == 1);
  CHECK(plan.couplings[0].crossings->size() == 2 * 256 * 256);
  CHECK(ebm::parameters_of(plan) == 3.0 * 256 * 256);
  cost::Tally tally;
  ebm::Network network(plan, {}, 1, tally, crossbar::exact_arrays());
  network.initialise(core::VectorD::Constant(256 * 256, 0.5));
  const core::Vector& weights = network.along_edges(0)->edge_weights();
  CHECK(std::abs(weights.squaredNorm() / static_cast<float>(weights.size()) - 0.09F) < 0.003F);
  try {
    const ebm::Network whole(plan, {}, 1, tally, tests::ideal_arrays());
    FAIL("accepted");
  } catch (const core::UserError& error) {
    CHECK(std::string(error.what()).find("a cell at every crossing") != std::string::npos);
  }
}

TEST_CASE("graphs of which more than a quarter is coupled are kept whole") {
  CHECK(lattice(ebm::Lattice::grid, 4, 4).plan(16, 0).couplings[0].crossings == nullptr);
  CHECK(lattice(ebm::Lattice::torus, 6, 6).plan(36, 0).couplings[0].crossings != nullptr);
}
