// Parallel tempering against enumeration: laws of all replicas, rates of exchange, and a machine of
// two modes that plain chains do not leave.
#include "ohmlab/ebm/tempering.hpp"

#include <cmath>
#include <string>

#include "ohmlab/ebm/dynamics/gibbs.hpp"
#include "ohmlab/ebm/kernel.hpp"
#include "ohmlab/ebm/likelihood.hpp"
#include "ohmlab/ebm/trainer.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/machines.hpp"
#include "tests/ebm/networks.hpp"
#include "tests/ebm/trained.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using tests::coins;

namespace {

const ebm::Neuron adc{{ebm::AdcNeuron{}}}, comparator{{ebm::ComparatorNeuron{}}};

std::vector<double> as_vector(const core::VectorD& v) { return {v.begin(), v.end()}; }

std::size_t number(const ebm::States& states, Index chain) {
  std::size_t out = 0, bit = 0;
  for (const ebm::Activity& layer : states) {
    for (Index u = 0; u < layer.state.cols(); ++u, ++bit)
      out |= static_cast<std::size_t>(layer.state(chain, u)) << bit;
  }
  return out;
}

std::vector<double> histogram(const ebm::States& states) {
  Index units = 0;
  for (const ebm::Activity& layer : states) units += layer.state.cols();
  std::vector<double> counts(std::size_t{1} << units);
  for (Index c = 0; c < states[0].state.rows(); ++c) counts[number(states, c)] += 1;
  return counts;
}

/// Replicas of many chains of a machine on ideal arrays.
struct Replicas {
  ebm::Ladder ladder;
  cost::Tally tally;
  ebm::Network network;
  ebm::Tempering tempering;
  ebm::States cold{2};

  Replicas(const ebm::RbmParameters& rbm, const ebm::Neuron& neuron, ebm::Ladder of, Index chains)
      : ladder(std::move(of)),
        network(tests::rbm_network(rbm.weights.rows(), rbm.weights.cols(), neuron, tests::seed(5),
                                   tally)),
        tempering(network, ladder, chains) {
    tests::set(network, rbm);
    cold[0].state = core::Matrix::Ones(chains, rbm.weights.rows());
    cold[1].state = core::Matrix::Ones(chains, rbm.weights.cols());
  }
  void run(std::int64_t steps) {
    tempering.run({true, true}, std::vector<ebm::Nudge>(2), steps, cold);
  }
  core::Archive::Items items() {
    core::Archive archive;
    tempering.state(archive);
    return archive.items();
  }
  /// States of a replica, as they are stored.
  ebm::States replica(std::size_t r) {
    if (r == 0) return cold;
    ebm::States out = cold;
    const core::Archive::Items all = items();
    for (std::size_t l = 0; l < 2; ++l) {
      const auto& values = std::get<std::vector<float>>(
          all.at("replica" + std::to_string(r) + "." + std::to_string(l)));
      std::copy(values.begin(), values.end(), out[l].state.data());
    }
    return out;
  }
  std::vector<std::uint64_t> counts(const char* name) {
    return std::get<std::vector<std::uint64_t>>(items().at(name));
  }
};

/// Two modes of equal weight, all units on and all off, far apart.
ebm::RbmParameters two_modes(Index visible, Index hidden, double weight) {
  return {core::MatrixD::Constant(visible, hidden, weight),
          core::VectorD::Constant(visible, -weight * static_cast<double>(hidden) / 2),
          core::VectorD::Constant(hidden, -weight * static_cast<double>(visible) / 2)};
}

const ebm::Rule tempered{{ebm::TemperedPcd{.chains = 11, .inv_temps = {1, 0.6, 0.2}}}};

}  // namespace

TEST_CASE("every replica follows the Boltzmann law of its temperature", "[stochastic]") {
  const ebm::RbmParameters rbm = tests::random_machine(3, 3, 1.2, 21);
  const std::vector<double> inv_temps{1, 0.6, 0.3};
  for (const auto& [neuron, scaling] : {std::pair{adc, ebm::Scaling::drivers},
                                        {adc, ebm::Scaling::field},
                                        {comparator, ebm::Scaling::drivers}}) {
    Replicas of(rbm, neuron, {inv_temps, scaling}, 10000);
    of.run(25);
    for (std::size_t r = 0; r < inv_temps.size(); ++r) {
      CAPTURE(neuron.kind(), static_cast<int>(scaling), inv_temps[r]);
      const core::VectorD law = ebm::boltzmann(ebm::at_inv_temp(rbm, inv_temps[r]));
      const double deviate = tests::chi_square_deviate(histogram(of.replica(r)), as_vector(law));
      CHECK(std::abs(deviate) < tests::one_in_a_million);
    }
  }
}

TEST_CASE("replicas exchange as often as enumeration says", "[stochastic]") {
  const ebm::RbmParameters rbm = tests::random_machine(3, 3, 1.2, 22);
  const std::vector<double> inv_temps{1, 0.5, 0};
  constexpr Index chains = 10000;
  Replicas of(rbm, adc, {inv_temps, ebm::Scaling::field}, chains);
  of.run(25);
  const auto before = of.counts("accepted");
  of.run(2);  // a round of each turn
  const auto after = of.counts("accepted");
  for (std::size_t m = 0; m < 2; ++m) {
    const core::VectorD p = ebm::boltzmann(ebm::at_inv_temp(rbm, inv_temps[m])),
                        q = ebm::boltzmann(ebm::at_inv_temp(rbm, inv_temps[m + 1]));
    double expected = 0;  // the law of states at 1 gives their energies, but for a constant
    const core::VectorD energy = -ebm::boltzmann(rbm).array().log();
    for (Index x = 0; x < p.size(); ++x) {
      for (Index y = 0; y < p.size(); ++y)
        expected +=
            p[x] * q[y] *
            std::min(1.0, std::exp((inv_temps[m] - inv_temps[m + 1]) * (energy[x] - energy[y])));
    }
    REQUIRE(expected < 0.95);
    CHECK(static_cast<double>(after[m] - before[m]) / chains ==
          Approx(expected).margin(5 * 0.5 / std::sqrt(static_cast<double>(chains))));
  }
}

TEST_CASE("replicas bring a chain to the other mode, which plain sweeps do not reach",
          "[stochastic]") {
  const ebm::RbmParameters rbm = two_modes(6, 5, 2.5);
  constexpr Index chains = 400;
  constexpr int steps = 200;
  const auto in_other = [&](const ebm::States& states) {
    return static_cast<double>((states[0].state.rowwise().sum().array() < 3).count()) / chains;
  };
  // Enumeration: the share of plain chains that are in the other mode after so many sweeps
  const core::MatrixD kernel = ebm::gibbs_kernel(rbm, ebm::logistic_conditional);
  core::VectorD law = core::VectorD::Unit(kernel.rows(), kernel.rows() - 1);  // all units on
  for (int k = 0; k < steps; ++k) law = (law * kernel).eval();
  double crossed = 0;
  for (Index s = 0; s < law.size(); ++s)
    crossed += __builtin_popcount(static_cast<unsigned>(s) & 63U) < 3 ? law[s] : 0;
  REQUIRE(crossed < 0.02);

  Replicas of(rbm, adc, {{1, 0.8, 0.6, 0.4, 0.2}, ebm::Scaling::field}, chains);
  ebm::States plain = of.cold;
  for (int k = 0; k < steps; ++k)
    ebm::GibbsDynamics{}.sweep(of.network, {true, true}, {{}, {}}, plain);
  CHECK(in_other(plain) < 0.08);
  of.run(steps);
  CHECK(std::abs(in_other(of.cold) - 0.5) < 5 * 0.5 / std::sqrt(static_cast<double>(chains)));
  for (const crossbar::Figure& figure : of.tempering.figures()) {
    CAPTURE(figure.name);
    CHECK(figure.value > (figure.name == "round_trips" ? 1 : 0.1));
  }
}

TEST_CASE("the mean update of tempered chains is the exact gradient of the log-likelihood",
          "[stochastic]") {
  const ebm::RbmParameters rbm = tests::random_machine(4, 3, 0.7, 12);
  core::Matrix data(4, 4);
  data << 1, 0, 1, 0, 1, 1, 0, 0, 0, 0, 1, 1, 1, 1, 1, 1;
  const ebm::RbmParameters gradient = ebm::exact_gradient(rbm, data);
  constexpr Index copies = 2500;
  for (const auto& [update, scaling] : {std::pair{ebm::Update::two_phase, ebm::Scaling::drivers},
                                        {ebm::Update::differenced, ebm::Scaling::field}}) {
    cost::Tally tally;
    ebm::Network machine = tests::rbm_network(4, 3, adc, tests::seed(3), tally);
    tests::set(machine, rbm);
    ebm::Trainer trainer = tests::trainer(
        machine, {{ebm::TemperedPcd{.steps = 20, .inv_temps = {1, 0.5, 0}, .scaling = scaling}}},
        {.batch = 4 * copies, .rate = 1, .bias_rate = 1, .update = update});
    tests::step(trainer, data.replicate(copies, 1), 1.0);
    const double five_sigma = 5 * 0.5 * std::sqrt(2.0 / (4 * copies));
    tests::check_moved(machine, rbm, gradient, five_sigma);
  }
}

TEST_CASE("sweeps of all replicas, reads of their energies and exchanges are on the bill") {
  cost::Tally tally;
  ebm::Network machine = tests::rbm_network(6, 4, adc, 3, tally);
  ebm::Trainer trainer = tests::trainer(
      machine, {{ebm::TemperedPcd{.steps = 2, .chains = 7, .inv_temps = {1, 0.5, 0}}}},
      {.rate = 0, .bias_rate = 0});
  tests::step(trainer, core::Matrix::Ones(10, 6), 1.0);
  double flops = 0, words = 0;
  for (const cost::Entry& entry : tally.entries()) {
    if (entry.stage != "train: model phase") continue;
    if (entry.component == "weights" && entry.action == cost::Action::flop_fp32)
      flops += entry.count;
    if (entry.component == "replicas" && entry.action == cost::Action::flop_fp32)
      words += entry.count;
  }
  // Two steps of three replicas of seven chains: reads of 24 weights in both directions, and one
  // more for the energy.
  CHECK(flops == 2 * 3 * 7 * (2 + 1) * 2 * 24);
  // Additions of energies: 4 hidden fields and 10 biases. A pair has 2 additions, a product, a
  // logistic function and a random number.
  const double a_pair = 2 + 1 + cost::Edge::flops_per_sigmoid + cost::Edge::flops_per_random_word;
  CHECK(words == 2 * (3 * 7 * (4 + 10) + 7 * a_pair));
}

TEST_CASE("a trainer with replicas goes on from its stored state as if nothing had happened") {
  tests::check_resumes(tempered, 3);  // the next turn is that of the odd pairs
}

TEST_CASE("ladders that do not fall from 1 and comparators that cannot be scaled are refused") {
  const auto problem = [](std::vector<double> inv_temps) {
    return ebm::TemperedPcd{.inv_temps = std::move(inv_temps)}.problem();
  };
  CHECK(problem({1, 0.5, 0}).empty());
  for (const auto& inv_temps :
       {std::vector<double>{}, {1}, {0.9, 0.5}, {1, 0.5, 0.5}, {1, 0.2, 0.5}})
    CHECK(problem(inv_temps).find("inv_temps") != std::string::npos);
  const ebm::Training samples{.statistics = ebm::Statistics::samples};
  const auto refused = [&](const ebm::Neuron& neuron, ebm::Scaling scaling) {
    return ebm::training_problem(ebm::Family::boltzmann, samples, neuron, {},
                                 {{ebm::TemperedPcd{.scaling = scaling}}});
  };
  CHECK(refused(comparator, ebm::Scaling::drivers).empty());
  CHECK(refused(adc, ebm::Scaling::field).empty());
  CHECK(refused(comparator, ebm::Scaling::field).find("rule.scaling = \"drivers\"") !=
        std::string::npos);
}
