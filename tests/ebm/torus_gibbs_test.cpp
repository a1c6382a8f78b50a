// The kernel of a torus against one spin after the other, enumeration and Kaufman's formula.
#include "ohmlab/ebm/torus_gibbs.hpp"

#include <cmath>
#include <map>
#include <vector>

#include "ohmlab/core/parallel.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/ebm/certificate/kaufman.hpp"

#include "tests/catch.hpp"
#include "tests/oracles/statistics.hpp"
#include "tests/oracles/torus_sweep.hpp"

using namespace ohmlab;
using core::Index;

namespace {

ebm::TorusLaw law(Index height, Index width, double K, double field, bool glass) {
  ebm::TorusLaw out{.height = height,
                    .width = width,
                    .K = K,
                    .field = field,
                    .minus_right = {},
                    .minus_below = {}};
  if (!glass) return out;
  std::vector<float> u(static_cast<std::size_t>(2 * out.sites()));
  core::fill_uniform(core::stream(9, core::StreamId::couplings), 0, 0, u);
  for (Index i = 0; i < out.sites(); ++i) {
    out.minus_right.push_back(u[static_cast<std::size_t>(2 * i)] < 0.5F);
    out.minus_below.push_back(u[static_cast<std::size_t>(2 * i + 1)] < 0.4F);
  }
  return out;
}

std::vector<std::uint8_t> spins(const ebm::TorusGibbs& torus) {
  std::vector<std::uint8_t> out(static_cast<std::size_t>(torus.chains() * torus.law().sites()));
  torus.spins(out);
  return out;
}

/// -Σ ±s_i s_j over all edges, and Σ s_i.
std::pair<int, int> sums(const ebm::TorusLaw& of, const std::uint8_t* up) {
  int energy = 0, moment = 0;
  for (Index row = 0; row < of.height; ++row) {
    for (Index col = 0; col < of.width; ++col) {
      const auto at = static_cast<std::size_t>(row * of.width + col);
      const auto spin = [&](Index r, Index c) {
        return up[r % of.height * of.width + c % of.width] ? 1 : -1;
      };
      const int s = spin(row, col);
      const int right = !of.minus_right.empty() && of.minus_right[at] ? -1 : 1,
                below = !of.minus_below.empty() && of.minus_below[at] ? -1 : 1;
      energy -= s * (right * spin(row, col + 1) + below * spin(row + 1, col));
      moment += s;
    }
  }
  return {energy, moment};
}

}  // namespace

TEST_CASE("the kernel of a torus has the bits of one spin after the other") {
  for (const auto& [height, width] :
       {std::pair<Index, Index>{4, 4}, {6, 10}, {4, 64}, {8, 66}, {34, 128}, {4, 192}, {38, 6}}) {
    for (const bool glass : {false, true}) {
      CAPTURE(height, width, glass);
      const ebm::TorusLaw of = law(height, width, glass ? -0.7 : 0.4, glass ? 0.1 : 0, glass);
      const Index chains = 3;
      ebm::TorusGibbs fast(of, chains, 7);
      std::vector<std::uint8_t> slow = spins(fast);
      for (std::uint64_t sweep = 0; sweep < 4; ++sweep) {
        fast.sweep();
        tests::torus_sweep(of, chains, 7, sweep, slow);
        REQUIRE(spins(fast) == slow);
      }
    }
  }
}

TEST_CASE("a kernel of a torus has the same bits for any number of threads, and resumes") {
  const int before = core::threads();
  std::vector<std::vector<std::uint8_t>> seen;
  for (const int threads : {1, 2, 4}) {
    core::set_threads(threads);
    ebm::TorusGibbs torus(law(256, 320, 0.44, 0, true), 2, 3);
    for (int k = 0; k < 3; ++k) torus.sweep();
    core::Archive saved;
    torus.state(saved);
    ebm::TorusGibbs resumed(law(256, 320, 0.44, 0, true), 2, 3);
    core::Archive restored(saved.items());
    resumed.state(restored);
    torus.sweep();
    resumed.sweep();
    CHECK(spins(torus) == spins(resumed));
    seen.push_back(spins(torus));
  }
  core::set_threads(before);
  CHECK(seen[0] == seen[1]);
  CHECK(seen[0] == seen[2]);
}

TEST_CASE("independent chains of a torus have the enumerated law [stochastic]", "[stochastic]") {
  const bool glass = GENERATE(false, true);
  const ebm::TorusLaw of = law(4, 4, glass ? 0.5 : 0.3, 0.15, glass);
  std::map<std::pair<int, int>, double> p;
  double z = 0;
  for (unsigned state = 0; state < 1U << 16; ++state) {
    std::uint8_t up[16];
    for (unsigned i = 0; i < 16; ++i) up[i] = state >> i & 1;
    const auto seen = sums(of, up);
    const double weight = std::exp(-of.K * seen.first + of.field * seen.second);
    p[seen] += weight;
    z += weight;
  }
  const Index chains = 4000;
  ebm::TorusGibbs torus(of, chains, tests::seed(11));
  for (int k = 0; k < 80; ++k) torus.sweep();
  const std::vector<std::uint8_t> up = spins(torus);
  std::map<std::pair<int, int>, double> counts;
  for (Index chain = 0; chain < chains; ++chain) counts[sums(of, up.data() + chain * 16)] += 1;
  std::vector<double> seen, expected;
  for (const auto& [key, weight] : p) {
    seen.push_back(counts[key]);
    expected.push_back(weight / z);
  }
  CHECK(tests::chi_square_deviate(seen, expected) < tests::one_in_a_million);
}

TEST_CASE("the mean energy of a large torus is Kaufman's [stochastic]", "[stochastic]") {
  const ebm::TorusLaw of = law(64, 96, 0.36, 0, false);
  const Index chains = 40;
  ebm::TorusGibbs torus(of, chains, tests::seed(5));
  for (int k = 0; k < 300; ++k) torus.sweep();  // far beyond the ~20 sweeps of a correlation time
  const std::vector<std::uint8_t> up = spins(torus);
  double sum = 0, squares = 0;
  for (Index chain = 0; chain < chains; ++chain) {
    const double e = static_cast<double>(sums(of, up.data() + chain * of.sites()).first) /
                     static_cast<double>(of.sites());
    sum += e;
    squares += e * e;
  }
  const double n = static_cast<double>(chains), mean = sum / n;
  const double error = std::sqrt((squares / n - mean * mean) / (n - 1));
  CHECK(std::abs(mean - ebm::kaufman(of.height, of.width, of.K).energy) < 7 * error);  // t of 39
}

TEST_CASE("thresholds are probabilities of 32 bits") {
  const ebm::TorusLaw of = law(4, 4, 0.4, 0.1, false);
  const auto t = of.thresholds(0.5);
  for (int up = 0; up <= 4; ++up) {
    const double x = 2 * 0.5 * (0.4 * (2 * up - 4) + 0.1);
    CHECK(std::abs(static_cast<double>(t[static_cast<std::size_t>(up)]) * 0x1p-32 -
                   1 / (1 + std::exp(-x))) <= 0x1p-32);
  }
  CHECK(law(4, 4, 50, 0, false).thresholds(1)[4] == ~0U);
  CHECK(law(4, 4, 50, 0, false).thresholds(1)[0] == 0);
}
