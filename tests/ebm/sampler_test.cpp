#include <cmath>
#include <vector>

#include "ohmlab/crossbar/analog_array.hpp"
#include "ohmlab/crossbar/ideal_array.hpp"
#include "ohmlab/ebm/kernel.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/machines.hpp"
#include "tests/ebm/networks.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using crossbar::Direction;

namespace {

std::vector<double> as_vector(const core::VectorD& v) { return {v.begin(), v.end()}; }

/// A machine in arrays of a kind, for chains that start with all hidden units off.
struct Chains {
  cost::Tally tally;
  ebm::Network network;

  Chains(const ebm::RbmParameters& rbm, const ebm::Neuron& neuron,
         const ebm::Network::MakeArray& make)
      : network(tests::rbm_network(rbm.weights.rows(), rbm.weights.cols(), neuron, tests::seed(99),
                                   tally, make)) {}
};

/// Histogram of the joint state after `sweeps` sweeps, one draw from each of many independent
/// chains.
std::vector<double> histogram(Chains& of, const ebm::RbmParameters& rbm, core::Index chains,
                              int sweeps) {
  tests::set(of.network, rbm);
  const core::Index nv = rbm.weights.rows(), nh = rbm.weights.cols();
  ebm::States states(2);
  states[0].state = core::Matrix::Zero(chains, nv);
  states[1].state = core::Matrix::Zero(chains, nh);
  for (int sweep = 0; sweep < sweeps; ++sweep)
    ebm::GibbsDynamics{}.sweep(of.network, {true, true}, {{}, {}}, states);
  std::vector<double> counts(std::size_t{1} << (nv + nh));
  for (core::Index chain = 0; chain < chains; ++chain) {
    std::size_t state = 0;
    for (core::Index i = 0; i < nv; ++i)
      state |= static_cast<std::size_t>(states[0].state(chain, i)) << i;
    for (core::Index j = 0; j < nh; ++j)
      state |= static_cast<std::size_t>(states[1].state(chain, j)) << (nv + j);
    counts[state] += 1;
  }
  return counts;
}

/// The same on ideal arrays.
std::vector<double> histogram(const ebm::RbmParameters& rbm, const ebm::Neuron& neuron,
                              core::Index chains, int sweeps) {
  Chains on_ideal(rbm, neuron, tests::ideal_arrays());
  return histogram(on_ideal, rbm, chains, sweeps);
}

/// Cells that reach all weights of the small machines here and are read with noise of a tenth of
/// their range.
crossbar::AnalogArrayModel noisy_cells(crossbar::Comparator comparator) {
  crossbar::AnalogArrayModel model;
  model.weight_scale = 4;
  model.device.pulse.choice = devices::IdealPulse{};
  model.device.read_noise.choice = devices::WhiteReadNoise{.std = 0.1};
  model.comparator = comparator;
  return model;
}

core::VectorD after(const core::MatrixD& kernel, int sweeps) {
  core::VectorD law = core::VectorD::Unit(kernel.rows(), 0);  // all hidden units off
  for (int sweep = 0; sweep < sweeps; ++sweep) law = (law * kernel).eval();
  return law;
}

}  // namespace

TEST_CASE("the block Gibbs kernel leaves the Boltzmann distribution unchanged") {
  for (const auto& [nv, nh] : {std::pair{5, 5}, {3, 6}, {1, 2}}) {
    const ebm::RbmParameters rbm = tests::random_machine(nv, nh, 1.0, 21);
    const core::VectorD pi = ebm::boltzmann(rbm);
    const core::MatrixD kernel = ebm::gibbs_kernel(rbm, ebm::logistic_conditional);
    CHECK((kernel.rowwise().sum().array() - 1).abs().maxCoeff() < 1e-12);
    CHECK((pi * kernel - pi).cwiseAbs().maxCoeff() < 1e-12);
    CHECK((ebm::stationary(kernel) - pi).cwiseAbs().maxCoeff() < 1e-12);
  }
}

TEST_CASE("independent chains follow the exact law of the kernel after every number of sweeps",
          "[stochastic]") {
  const ebm::RbmParameters rbm = tests::random_machine(5, 5, 0.9, 8);
  const core::MatrixD kernel = ebm::gibbs_kernel(rbm, ebm::logistic_conditional);
  const ebm::Neuron adc{{ebm::AdcNeuron{}}}, comparator{{ebm::ComparatorNeuron{}}};
  for (const int sweeps : {1, 2, 5}) {
    core::VectorD law = core::VectorD::Unit(kernel.rows(), 0);  // all hidden units off
    for (int sweep = 0; sweep < sweeps; ++sweep) law = (law * kernel).eval();
    for (const ebm::Neuron& neuron : {adc, comparator}) {
      CAPTURE(sweeps, neuron.kind());
      const double deviate =
          tests::chi_square_deviate(histogram(rbm, neuron, 40000, sweeps), as_vector(law));
      CHECK(std::abs(deviate) < tests::one_in_a_million);
    }
  }
}

TEST_CASE("the sampler test notices a wrong temperature") {  // the test above can fail
  const ebm::RbmParameters rbm = tests::random_machine(5, 5, 0.9, 8);
  ebm::RbmParameters hot = rbm;
  hot.weights *= 0.95;
  core::VectorD law = core::VectorD::Unit(1024, 0);
  for (int sweep = 0; sweep < 2; ++sweep)
    law = (law * ebm::gibbs_kernel(hot, ebm::logistic_conditional)).eval();
  const ebm::Neuron adc{{ebm::AdcNeuron{}}};
  CHECK(tests::chi_square_deviate(histogram(rbm, adc, 40000, 2), as_vector(law)) >
        tests::one_in_a_million);
}

TEST_CASE(
    "a Gaussian comparator's chain has a law of its own, close to the target and never equal") {
  const ebm::RbmParameters rbm = tests::random_machine(5, 5, 1.0, 33);
  const core::VectorD target = ebm::boltzmann(rbm);
  const auto kl = [&](double sigma) {
    return ebm::kl_divergence(
        ebm::stationary(ebm::gibbs_kernel(rbm, ebm::gaussian_comparator(sigma))), target);
  };
  CHECK(kl(1.702) > 1e-6);
  CHECK(kl(1.702) < 0.02);
  CHECK(kl(1.702) < kl(1.2));  // noise of the wrong size is a wrong temperature
  CHECK(kl(1.702) < kl(2.4));
  double gap = 0;
  for (double u = -10; u <= 10; u += 0.001) {
    gap =
        std::max(gap, std::abs(ebm::gaussian_comparator(1.702)(u) - ebm::logistic_conditional(u)));
  }
  CHECK(gap == Approx(0.00949).margin(2e-5));  // the known largest gap
}

TEST_CASE("chains of noisy cells and comparators follow the exact law of the hardware's kernel",
          "[stochastic]") {
  const ebm::RbmParameters rbm = tests::random_machine(5, 5, 0.9, 8);
  const ebm::Neuron neuron{{ebm::ComparatorNeuron{}}};
  for (const auto noise :
       {crossbar::ComparatorNoise::gaussian, crossbar::ComparatorNoise::logistic}) {
    Chains on_cells(
        rbm, neuron,
        tests::arrays_of<crossbar::AnalogArray>(noisy_cells({.noise = noise, .scale = 1.4})));
    for (const int sweeps : {1, 3}) {
      CAPTURE(static_cast<int>(noise), sweeps);
      const std::vector<double> counts = histogram(on_cells, rbm, 40000, sweeps);
      crossbar::DecisionLaw to_cols = on_cells.network.weights().decision_law(Direction::to_cols),
                            to_rows = on_cells.network.weights().decision_law(Direction::to_rows);
      const auto deviate = [&] {
        return tests::chi_square_deviate(
            counts, as_vector(after(ebm::hardware_kernel(rbm, to_cols, to_rows), sweeps)));
      };
      CHECK(std::abs(deviate()) < tests::one_in_a_million);
      // the test notices if the noise of the cells is left out
      to_cols.variance.resize(0, 0);
      to_rows.variance.resize(0, 0);
      CHECK(deviate() > tests::one_in_a_million);
    }
  }
}

TEST_CASE(
    "chains over lines that float follow a law in which weights count differently from either side",
    "[stochastic]") {
  ebm::RbmParameters rbm = tests::random_machine(5, 5, 0.9, 8);
  rbm.weights.array() += 0.8;  // most cells conduct more than at rest
  const ebm::Neuron neuron{{ebm::ComparatorNeuron{}}};
  crossbar::AnalogArrayModel model =
      noisy_cells({.noise = crossbar::ComparatorNoise::gaussian, .scale = 1.4});
  model.device.read_noise.choice = devices::NoReadNoise{};
  model.device.g_min = 1e-7;
  model.device.g_max = 9e-6;
  model.device.v_read = 0.2;
  model.device.t_read = 1e-7;
  model.sensing.choice = crossbar::VoltageSensing{};
  model.tile_rows = 3;
  Chains on_cells(rbm, neuron, tests::arrays_of<crossbar::AnalogArray>(model));
  const std::vector<double> counts = histogram(on_cells, rbm, 40000, 3);
  const crossbar::DecisionLaw to_cols = on_cells.network.weights().decision_law(Direction::to_cols);
  crossbar::DecisionLaw to_rows = on_cells.network.weights().decision_law(Direction::to_rows);
  const auto deviate = [&] {
    return tests::chi_square_deviate(
        counts, as_vector(after(ebm::hardware_kernel(rbm, to_cols, to_rows), 3)));
  };
  CHECK(std::abs(deviate()) < tests::one_in_a_million);
  to_rows = to_cols;  // the test notices if one side is taken for the other
  CHECK(deviate() > tests::one_in_a_million);
}

TEST_CASE("an ideal array's comparators sample the Boltzmann machine of its weights") {
  cost::Tally tally;
  crossbar::IdealArray array(5, 5, {.tally = &tally});
  ebm::RbmParameters rbm = tests::random_machine(5, 5, 1.0, 33);
  array.program(rbm.weights.cast<float>());
  rbm.weights = array.weights();
  const core::VectorD chain = ebm::stationary(ebm::hardware_kernel(
      rbm, array.decision_law(Direction::to_cols), array.decision_law(Direction::to_rows)));
  CHECK(std::abs(ebm::kl_divergence(chain, ebm::boltzmann(rbm))) < 1e-12);
}

TEST_CASE("a neuron's mean is the logistic function and its state a draw from it", "[stochastic]") {
  cost::Tally tally;
  ebm::Network machine = tests::rbm_network(3, 2, {{ebm::AdcNeuron{}}}, tests::seed(5), tally);
  core::Matrix w(3, 2);
  w << 0.5F, -1, 2, 0, -0.25F, 3;
  machine.weights().program(w);
  machine.bias(1) << 0.1F, -0.2F;
  ebm::States states(2);
  states[0].state = core::Matrix::Ones(20000, 3);
  machine.compute(1, states, {}, states[1]);
  const ebm::Activity& hidden = states[1];
  const double expected = 1 / (1 + std::exp(-(0.5 + 2 - 0.25 + 0.1)));
  CHECK(hidden.mean(0, 0) == Approx(expected).epsilon(1e-6));
  const double n = 20000, error = std::sqrt(expected * (1 - expected) / n);
  CHECK(std::abs(hidden.state.col(0).mean() - expected) < 5 * error);
}
