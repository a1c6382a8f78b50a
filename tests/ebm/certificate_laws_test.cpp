#include <algorithm>
#include <cmath>
#include <functional>
#include <limits>
#include <numeric>
#include <random>
#include <vector>

#include "ohmlab/ebm/certificate/distance.hpp"
#include "ohmlab/ebm/certificate/kaufman.hpp"
#include "ohmlab/ebm/certificate/pair_law.hpp"
#include "ohmlab/ebm/certificate/series.hpp"

#include "tests/catch.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;

namespace {

/// A torus of spins with couplings K and fields h of spins, as a law of units of 0 or 1. Sites are
/// numbered along the width first.
ebm::PairLaw torus(Index height, Index width, const std::function<double()>& K, double h = 0) {
  const Index n = height * width;
  ebm::PairLaw law{core::VectorD::Constant(n, 2 * h), {}, {}};
  for (Index i = 0; i < n; ++i) {
    const Index row = i / width, col = i % width;
    for (const Index j : {row * width + (col + 1) % width, (row + 1) % height * width + col}) {
      const double k = K();
      law.edges.push_back({i, j, 4 * k});
      law.bias[i] -= 2 * k;
      law.bias[j] -= 2 * k;
    }
  }
  return law;
}

std::vector<Index> in_order(Index units) {
  std::vector<Index> out(static_cast<std::size_t>(units));
  std::iota(out.begin(), out.end(), Index{0});
  return out;
}

double mean_energy(const ebm::PairLaw& law) {
  const core::VectorD p = ebm::probabilities(law);
  double mean = 0;
  std::vector<std::uint8_t> bits(static_cast<std::size_t>(law.units()));
  for (Index s = 0; s < p.size(); ++s) {
    for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = static_cast<std::uint8_t>(s >> i & 1);
    mean += p[s] * law.energy(bits);
  }
  return mean;
}

}  // namespace

TEST_CASE("Kaufman's formula gives the published values of small tori") {
  const double critical = std::log(1 + std::sqrt(2.0)) / 2;
  CHECK(ebm::kaufman(4, 4, 0.3).log_z == Approx(12.7855233257).epsilon(1e-11));
  CHECK(ebm::kaufman(4, 4, 0.3).energy == Approx(-0.84405407).epsilon(1e-8));
  CHECK(ebm::kaufman(4, 4, critical).log_z == Approx(15.5219154588).margin(2e-6));
  CHECK(ebm::kaufman(4, 4, critical).energy == Approx(-1.56562379).margin(2e-6));
  CHECK(ebm::kaufman(8, 8, critical).log_z == Approx(60.14178079).margin(1e-5));
  CHECK(ebm::kaufman(8, 8, critical).energy == Approx(-1.491589).margin(2e-6));
}

TEST_CASE("Kaufman's energy is the slope of its ln Z, also at the critical point") {
  for (const double K : {0.1, 0.3, 0.43, std::log(1 + std::sqrt(2.0)) / 2, 0.45, 0.7, 1.5}) {
    const double step = 1e-5;
    const double slope =
        (ebm::kaufman(12, 7, K + step).log_z - ebm::kaufman(12, 7, K - step).log_z) / (2 * step);
    CAPTURE(K);
    CHECK(ebm::kaufman(12, 7, K).energy == Approx(-slope / 84).epsilon(1e-7));
    CHECK(ebm::kaufman(12, 7, K).log_z == Approx(ebm::kaufman(7, 12, K).log_z).epsilon(1e-12));
  }
}

TEST_CASE("sums over strips agree with Kaufman's formula on tori") {
  for (const double K : {0.2, 0.44, 0.9}) {
    const Index height = 20, width = 6;
    const ebm::PairLaw law = torus(height, width, [&] { return K; });
    const auto exact = ebm::summed(law, in_order(law.units()));
    REQUIRE(exact);
    // In units of 0 or 1, every pair of neighbours adds K to E: -K s s' = K - ... at all units off.
    const double shift = K * 2 * height * width;
    const ebm::TorusMoments torus_exact = ebm::kaufman(height, width, K);
    CHECK(exact->log_z + shift == Approx(torus_exact.log_z).epsilon(1e-11));
    CHECK((exact->mean_energy - shift) / (K * height * width) ==
          Approx(torus_exact.energy).epsilon(1e-10));
  }
}

TEST_CASE("sums over strips agree with enumeration for random couplings and fields, in any order") {
  std::mt19937 engine(5);
  std::normal_distribution<double> normal(0, 0.7);
  const ebm::PairLaw law = torus(3, 4, [&] { return normal(engine); }, 0.2);
  const core::VectorD p = ebm::probabilities(law);
  CHECK(p.sum() == Approx(1));
  std::vector<Index> order = in_order(law.units());
  for (int repeat = 0; repeat < 3; ++repeat) {
    const auto exact = ebm::summed(law, order);
    REQUIRE(exact);
    CHECK(exact->log_z == Approx(-std::log(p[0])).epsilon(1e-12));  // E = 0 with all units off
    CHECK(exact->mean_energy == Approx(mean_energy(law)).epsilon(1e-11));
    std::shuffle(order.begin(), order.end(), engine);
  }
}

TEST_CASE("a lattice that is too wide has no sum") {
  const ebm::PairLaw law = torus(32, 32, [] { return 0.4; });
  CHECK_FALSE(ebm::summed(law, in_order(law.units())));
}

TEST_CASE("autocorrelation times of an autoregressive series are within a tenth of the exact ones",
          "[stochastic]") {
  std::mt19937_64 engine(tests::seed(11));
  std::normal_distribution<double> normal;
  for (const double phi : {0.0, 0.5, 0.9}) {
    core::MatrixD series(20000, 8);
    for (Index c = 0; c < series.cols(); ++c) {
      double x = normal(engine);
      for (Index t = 0; t < series.rows(); ++t) {
        x = phi * x + std::sqrt(1 - phi * phi) * normal(engine);
        series(t, c) = x;
      }
    }
    CHECK(*ebm::autocorrelation_time(series) == Approx((1 + phi) / (2 * (1 - phi))).epsilon(0.1));
    CHECK(std::abs(*ebm::drift_deviate(series)) < 5);
  }
}

TEST_CASE("constant and short series have no autocorrelation time") {
  CHECK(*ebm::autocorrelation_time(core::MatrixD::Ones(100, 2)) ==
        std::numeric_limits<double>::infinity());
  CHECK_FALSE(ebm::autocorrelation_time(core::MatrixD::Random(15, 2)));
  CHECK(ebm::effective_samples(100, std::numeric_limits<double>::infinity()) == 0);
  CHECK_FALSE(ebm::drift_deviate(core::MatrixD::Random(59, 2)));
  core::MatrixD stuck = core::MatrixD::Zero(400, 2);  // chains that rest apart are not mixed
  stuck.col(1).setOnes();
  CHECK(*ebm::autocorrelation_time(stuck) > 50);
}

TEST_CASE("the floor of the total variation is the mean distance of a perfect sampler",
          "[stochastic]") {
  const core::VectorD flat = core::VectorD::Constant(1024, 1.0 / 1024);
  std::mt19937_64 engine(tests::seed(3));
  std::uniform_int_distribution<Index> any(0, 1023);
  core::VectorD counts = core::VectorD::Zero(1024);
  for (int k = 0; k < 40000; ++k) counts[any(engine)] += 1;
  const auto perfect = ebm::distance(counts, flat, 40000, 1);
  REQUIRE(perfect);
  const double p = 1.0 / 1024;  // Σ √(p (1 - p)) / √(2π n), for many draws a state
  CHECK(perfect->floor ==
        Approx(1024 * std::sqrt(p * (1 - p) / (2 * 3.14159265 * 40000))).epsilon(0.02));
  CHECK(std::abs(perfect->deviate()) < 5.5);
  CHECK_FALSE(ebm::distance(counts, flat, 256, 1));  // the bound of the floor is 1
}

TEST_CASE("the least energy of a strip is that of its best state") {
  std::mt19937 engine(tests::seed(4));
  std::normal_distribution<double> normal;
  for (int k = 0; k < 10; ++k) {
    const ebm::PairLaw law = torus(3, 4, [&] { return normal(engine); }, normal(engine));
    double least = std::numeric_limits<double>::infinity();
    for (Index s = 0; s < 1 << 12; ++s) {
      std::vector<std::uint8_t> bits(12);
      for (std::size_t i = 0; i < bits.size(); ++i) bits[i] = static_cast<std::uint8_t>(s >> i & 1);
      least = std::min(least, law.energy(bits));
    }
    const auto found = ebm::ground_energy(law, in_order(12));
    REQUIRE(found);
    CHECK(*found == Approx(least).epsilon(1e-12));
  }
  CHECK_FALSE(ebm::ground_energy(torus(20, 20, [] { return 1.0; }), in_order(400)));
}
