// Langevin dynamics against the kernel of one step, integrated on a grid.
#include <algorithm>
#include <cmath>
#include <numbers>
#include <vector>

#include "ohmlab/ebm/model/rbm.hpp"
#include "ohmlab/ebm/trainer.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/machines.hpp"
#include "tests/ebm/networks.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;

namespace {

constexpr int points = 240;
constexpr double lowest = -6, width = 12.0 / points;
double place(int point) { return lowest + width * (point + 0.5); }

/// One Gaussian unit of standard deviation 1 and two hidden ones.
struct Machine {
  double a = 0.2, w[2] = {2.5, -1.5}, b[2] = {-1.0, 0.3};

  [[nodiscard]] double on(int j, double u) const { return 1 / (1 + std::exp(-b[j] - u * w[j])); }
  /// Marginal density of the unit, not normalised.
  [[nodiscard]] double marginal(double u) const {
    double p = std::exp(-(u - a) * (u - a) / 2);
    for (int j = 0; j < 2; ++j) p *= 1 + std::exp(b[j] + u * w[j]);
    return p;
  }
  [[nodiscard]] ebm::RbmParameters parameters() const {
    return {(core::MatrixD(1, 2) << w[0], w[1]).finished(),
            core::VectorD::Constant(1, a),
            (core::VectorD(2) << b[0], b[1]).finished(),
            {ebm::GaussianUnits{.sigma = 1}}};
  }
};

std::vector<double> normalised(std::vector<double> p) {
  double sum = 0;
  for (const double x : p) sum += x;
  for (double& x : p) x /= sum;
  return p;
}

std::vector<double> exact(const Machine& of) {
  std::vector<double> out;
  for (int k = 0; k < points; ++k) out.push_back(of.marginal(place(k)));
  return normalised(out);
}

/// Probability of the grid's cell `to` after a step whose mean is `mean`.
double cell(double mean, double step, int to) {
  const double s = std::sqrt(2 * step);
  const auto below = [&](double x) {
    return std::erfc((mean - x) / (s * std::numbers::sqrt2)) / 2;
  };
  return below(place(to) + width / 2) - below(place(to) - width / 2);
}

/// Stationary law of the chain, by its kernel on the grid.
std::vector<double> stationary(const Machine& of, double step, ebm::DriftBy drift) {
  std::vector<double> kernel(points * points);
  for (int from = 0; from < points; ++from) {
    const double u = place(from), p0 = of.on(0, u), p1 = of.on(1, u);
    const auto mean = [&](double h0, double h1) {
      return u + step * (of.a + h0 * of.w[0] + h1 * of.w[1] - u);
    };
    for (int to = 0; to < points; ++to) {
      double& k = kernel[static_cast<std::size_t>(from * points + to)];
      if (drift == ebm::DriftBy::means) {
        k = cell(mean(p0, p1), step, to);
        continue;
      }
      for (const int h : {0, 1, 2, 3}) {
        const int h0 = h & 1, h1 = h >> 1;
        k += (h0 ? p0 : 1 - p0) * (h1 ? p1 : 1 - p1) * cell(mean(h0, h1), step, to);
      }
    }
  }
  std::vector<double> law(points, 1.0 / points), next(points);
  for (int turn = 0; turn < 400; ++turn) {
    std::fill(next.begin(), next.end(), 0);
    for (int from = 0; from < points; ++from) {
      for (int to = 0; to < points; ++to)
        next[static_cast<std::size_t>(to)] += law[static_cast<std::size_t>(from)] *
                                              kernel[static_cast<std::size_t>(from * points + to)];
    }
    law = normalised(next);
  }
  return law;
}

double distance(const std::vector<double>& p, const std::vector<double>& q) {
  double sum = 0;
  for (std::size_t k = 0; k < p.size(); ++k) sum += std::abs(p[k] - q[k]) / 2;
  return sum;
}

/// Counts of independent chains after some sweeps, on the grid.
std::vector<double> sampled(const Machine& of, const ebm::LangevinDynamics& dynamics, Index chains,
                            std::int64_t sweeps, std::uint64_t seed) {
  const ebm::RbmParameters rbm = of.parameters();
  cost::Tally tally;
  ebm::Network network(ebm::RbmModel{.hidden = 2, .units = rbm.visible_units}.plan(1, 0),
                       {{ebm::AdcNeuron{}}}, seed, tally, tests::ideal_arrays());
  tests::set(network, rbm);
  ebm::States states(2);
  states[0].state = core::Matrix::Zero(chains, 1);
  states[1].state = core::Matrix::Zero(chains, 2);
  dynamics.run(network, {true, true}, {{}, {}}, sweeps, states);
  std::vector<double> counts(points);
  for (const float u : states[0].state.reshaped()) {
    const auto k = static_cast<int>(std::floor((static_cast<double>(u) - lowest) / width));
    counts[static_cast<std::size_t>(std::clamp(k, 0, points - 1))] += 1;
  }
  return counts;
}

}  // namespace

TEST_CASE("Langevin chains follow the stationary law of their own kernel", "[stochastic]") {
  const Machine of;
  for (const auto drift : {ebm::DriftBy::means, ebm::DriftBy::samples}) {
    const std::vector<double> law = stationary(of, 0.3, drift);
    const std::vector<double> counts =
        sampled(of, {.step = 0.3, .drift = drift}, 20000, 150, tests::seed(6));
    CAPTURE(static_cast<int>(drift));
    CHECK(std::abs(tests::chi_square_deviate(counts, law)) < tests::one_in_a_million);
    // The exact law is another one, which the same test tells.
    CHECK(tests::chi_square_deviate(counts, exact(of)) > tests::one_in_a_million);
  }
}

TEST_CASE("the error of the law that Langevin dynamics sample falls in proportion to the step") {
  const Machine of;
  for (const auto drift : {ebm::DriftBy::means, ebm::DriftBy::samples}) {
    const std::vector<double> law = exact(of);
    const double coarse = distance(stationary(of, 0.2, drift), law),
                 fine = distance(stationary(of, 0.1, drift), law);
    CAPTURE(coarse, fine);
    CHECK(coarse < 0.1);
    CHECK(coarse / fine > 1.8);
    CHECK(coarse / fine < 2.4);
  }
}

TEST_CASE("persistent Langevin chains go on where they were stopped") {
  const Machine of;
  const ebm::RbmParameters rbm = of.parameters();
  cost::Tally tally;
  const auto trained = [&](int first, int last, core::Archive::Items& items) {
    ebm::Network network(ebm::RbmModel{.hidden = 2, .units = rbm.visible_units}.plan(1, 0),
                         {{ebm::AdcNeuron{}}}, 3, tally, tests::ideal_arrays());
    tests::set(network, rbm);
    ebm::Trainer trainer(network, ebm::PersistentCd{.steps = 2}.recipe(),
                         {{ebm::LangevinDynamics{}}}, {.batch = 4, .rate = 0.1});
    if (first > 0) {
      core::Archive stored(items);
      trainer.state(stored);
    }
    for (int step = first; step < last; ++step)
      tests::step(trainer, core::Matrix::Constant(4, 1, 0.3F * static_cast<float>(step)));
    core::Archive archive;
    trainer.state(archive);
    items = archive.items();
    return network.weights().weights();
  };
  core::Archive::Items whole, parts;
  const core::MatrixD expected = trained(0, 6, whole);
  trained(0, 3, parts);
  CHECK(trained(3, 6, parts) == expected);
  CHECK(expected != rbm.weights);
}
