// Correct samplers pass; each planted fault is caught by a named line.
#include <algorithm>
#include <cmath>
#include <functional>
#include <random>
#include <string>
#include <vector>

#include "ohmlab/ebm/certificate/certificate.hpp"

#include "tests/catch.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;

namespace {

/// A ring of ten units with couplings of ±1.2 and small biases, drawn in two turns.
ebm::PairLaw ring(double scale = 1) {
  constexpr Index n = 10;
  ebm::PairLaw law{core::VectorD(n), {}, {}};
  for (Index i = 0; i < n; ++i) {
    law.bias[i] = scale * (0.3 * std::sin(1 + static_cast<double>(i)) - 0.2);
    law.edges.push_back({i, (i + 1) % n, scale * (i % 3 == 0 ? -1.2 : 1.2)});
    law.turn.push_back(static_cast<std::int32_t>(i % 2));
  }
  return law;
}

/// A ferromagnet of twelve units without field: two modes.
ebm::PairLaw ferromagnet(double K) {
  constexpr Index n = 12;
  ebm::PairLaw law{core::VectorD::Zero(n), {}, {}};
  for (Index i = 0; i < n; ++i) law.turn.push_back(static_cast<std::int32_t>(i % 2));
  for (Index i = 0; i < n; ++i) {
    for (const Index j : {(i + 1) % n, (i + 3) % n}) {
      law.edges.push_back({i, j, 4 * K});
      law.bias[i] -= 2 * K;
      law.bias[j] -= 2 * K;
    }
  }
  return law;
}

/// Faults of a sampler, all absent by default.
struct Faults {
  double inv_temp = 1;
  std::vector<double> gain = std::vector<double>(200, 1), offset = std::vector<double>(200, 0);
  int stuck = -1;             ///< unit that is always on
  bool simultaneous = false;  ///< all units are drawn from the states before the sweep
  bool stale = false;         ///< fields come from the states one sweep earlier
  int skipped = -1;           ///< turn that is never drawn
  bool shared = false;        ///< all chains take the same random numbers
  bool gaussian = false;      ///< Gaussian noise of 1.702 in the place of logistic noise
  double biased = 0;          ///< share of bits that are set on whatever the field
  Index burn_in = 100;
  int first = 0;  ///< first states: 0 random, 1 all on
  Index thin = 1;
};

/// Block Gibbs sampling with faults.
ebm::Draws sample(const ebm::PairLaw& law, const Faults& faults, Index draws, Index chains,
                  std::uint64_t seed) {
  const auto units = static_cast<std::size_t>(law.units());
  core::MatrixD w = core::MatrixD::Zero(law.units(), law.units());
  for (const ebm::Coupling& e : law.edges) w(e.a, e.b) = w(e.b, e.a) = e.weight;
  const std::int32_t turns = *std::max_element(law.turn.begin(), law.turn.end()) + 1;
  std::vector<std::vector<std::uint8_t>> now;
  std::vector<std::mt19937_64> engines;
  std::mt19937_64 starts(seed + 77);
  for (Index c = 0; c < chains; ++c) {
    engines.emplace_back(faults.shared ? seed : seed + 1000 * static_cast<std::uint64_t>(c + 1));
    now.emplace_back(units, std::uint8_t{1});
    if (faults.first == 0)
      for (std::uint8_t& bit : now.back()) bit = starts() & 1;
  }
  auto earlier = now;  // states before the sweep before
  std::uniform_real_distribution<double> uniform;
  std::normal_distribution<double> normal;
  ebm::Draws out{chains, law.units(), {}, {}};
  for (Index sweep = -faults.burn_in; sweep < draws * faults.thin; ++sweep) {
    const bool kept = sweep >= 0 && (sweep + 1) % faults.thin == 0;
    for (std::size_t c = 0; c < now.size(); ++c) {
      std::vector<std::uint8_t>& bits = now[c];
      const std::vector<std::uint8_t> before = bits;
      for (std::int32_t turn = 0; turn < turns; ++turn) {
        for (std::size_t i = 0; i < units; ++i) {
          if (law.turn[i] != turn || turn == faults.skipped) continue;
          const auto& seen = faults.stale ? earlier[c] : faults.simultaneous ? before : bits;
          double field = law.bias[static_cast<Index>(i)];
          for (std::size_t j = 0; j < units; ++j)
            field += w(static_cast<Index>(i), static_cast<Index>(j)) * seen[j];
          field = faults.inv_temp * faults.gain[i] * field + faults.offset[i];
          const double u = uniform(engines[c]);
          bool on = u < 1 / (1 + std::exp(-field));
          if (faults.gaussian) on = u < std::erfc(-field / 1.702 / std::sqrt(2.0)) / 2;
          if (faults.biased > 0 && uniform(engines[c]) < faults.biased) on = true;
          bits[i] = on || static_cast<int>(i) == faults.stuck;
        }
      }
      earlier[c] = before;
      if (kept) out.before.insert(out.before.end(), before.begin(), before.end());
      if (kept) out.after.insert(out.after.end(), bits.begin(), bits.end());
    }
  }
  return out;
}

double exact_energy(const ebm::PairLaw& law) {
  std::vector<Index> order;
  for (Index i = 0; i < law.units(); ++i) order.push_back(i);
  return ebm::summed(law, order)->mean_energy;
}

ebm::Certificate certified(const ebm::PairLaw& law, const Faults& faults, Index draws,
                           Index chains = 4, std::uint64_t seed = tests::seed(1)) {
  return ebm::certify(law, sample(law, faults, draws, chains, seed), exact_energy(law), 1);
}

std::string lines_of(const ebm::Certificate& certificate) {
  std::string out;
  for (const ebm::Finding& f : certificate.findings) out += f.line + ": " + f.detail + "\n";
  return out;
}

bool has(const ebm::Certificate& certificate, const std::string& line) {
  return std::any_of(certificate.findings.begin(), certificate.findings.end(),
                     [&](const ebm::Finding& finding) { return finding.line == line; });
}

}  // namespace

TEST_CASE("correct samplers pass their certificate", "[stochastic]") {
  int failed = 0;
  for (std::uint64_t seed = 0; seed < 10; ++seed) {
    for (const ebm::PairLaw& law : {ring(), ferromagnet(0.1)}) {
      const ebm::Certificate certificate =
          certified(law, {}, 1500, 4, tests::seed(100) + 7919 * seed);
      UNSCOPED_INFO(lines_of(certificate));
      failed += certificate.findings.empty() ? 0 : 1;
      CHECK(certificate.law_inv_temp->value == Approx(1).margin(0.15));
      CHECK(certificate.distance->value > 0.5 * certificate.distance->floor);
    }
  }
  CHECK(failed <= 2);  // at most 1 in 500 is accused: three of twenty have p < 1e-5
}

TEST_CASE("a correct sampler that is thinned passes its certificate", "[stochastic]") {
  const ebm::Certificate certificate = certified(ring(), {.thin = 3}, 2000);
  INFO(lines_of(certificate));
  CHECK(certificate.findings.size() <= 1);
}

TEST_CASE("each planted fault is caught by a line that names it", "[stochastic]") {
  struct Case {
    const char* fault;
    Faults faults;
    const char* line;
    Index draws = 6000;
  };
  const auto unit = [](std::vector<double> values, std::size_t i, double value) {
    values[i] = value;
    return values;
  };
  const std::vector<double> ones(200, 1), zeros(200, 0);
  const std::vector<Case> cases{
      {"inverse temperature x 1.05", {.inv_temp = 1.05}, "inverse temperature", 20000},
      {"inverse temperature x 1.05", {.inv_temp = 1.05}, "inverse temperature of the law", 20000},
      {"true 1.4, claimed 0.6", {.inv_temp = 1.4 / 0.6}, "inverse temperature", 500},
      {"offset +0.1 on one unit", {.offset = unit(zeros, 3, 0.1)}, "offset of a unit", 20000},
      {"offset -0.1 on one unit", {.offset = unit(zeros, 4, -0.1)}, "offset of a unit", 20000},
      {"gain x 1.2 on one unit", {.gain = unit(ones, 5, 1.2)}, "gain of a unit", 20000},
      {"stuck unit", {.stuck = 2}, "stuck unit", 500},
      {"simultaneous update", {.simultaneous = true}, "inverse temperature"},
      {"simultaneous update", {.simultaneous = true}, "total variation"},
      {"simultaneous update", {.simultaneous = true}, "energy"},
      {"stale local field", {.stale = true}, "inverse temperature"},
      {"stale local field", {.stale = true}, "energy"},
      {"skipped colour", {.skipped = 1}, "stuck unit", 500},
      {"same random numbers in all chains", {.shared = true}, "chains correlated", 500},
      {"pure noise", {.inv_temp = 0}, "inverse temperature", 500},
      {"pure noise", {.inv_temp = 0}, "energy", 500},
      {"sign of the energy", {.inv_temp = -1}, "inverse temperature", 500},
      {"biased bits", {.biased = 0.02}, "common offset", 20000},
  };
  for (const Case& c : cases) {
    const ebm::Certificate certificate = certified(ring(), c.faults, c.draws);
    CAPTURE(c.fault, c.line, lines_of(certificate));
    CHECK(has(certificate, c.line));
  }
}

TEST_CASE("Gaussian noise is told from logistic noise by the shape of the response alone",
          "[stochastic]") {
  // Fields within ±4 logits, where the two laws cross several times.
  ebm::PairLaw law = ring(2.2);
  const ebm::Certificate right = certified(law, {}, 12000),
                         wrong = certified(law, {.gaussian = true}, 12000);
  CAPTURE(lines_of(right), lines_of(wrong));
  CHECK_FALSE(has(right, "shape of the response"));
  CHECK(has(wrong, "shape of the response"));
}

TEST_CASE("chains that start in one mode at a low temperature do not pass", "[stochastic]") {
  // Twelve spins cross between their modes about never: the claimed energy is met, mixing is not.
  const ebm::Certificate frozen = certified(ferromagnet(1.0), {.burn_in = 0, .first = 1}, 400);
  CAPTURE(lines_of(frozen));
  CHECK_FALSE(frozen.findings.empty());
  CHECK((has(frozen, "mixing") || has(frozen, "total variation")));
  const ebm::Certificate apart = certified(ferromagnet(0.6), {.burn_in = 0}, 400, 8);
  CAPTURE(lines_of(apart));
  CHECK(has(apart, "mixing"));
}

TEST_CASE("a chain that still falls from its start is told by its drift", "[stochastic]") {
  // A strip of 60 strong bonds from random states: domains grow for the whole run.
  ebm::PairLaw law{core::VectorD::Zero(200), {}, {}};
  for (Index i = 0; i < 200; ++i) law.turn.push_back(static_cast<std::int32_t>(i % 2));
  for (Index i = 0; i < 200; ++i) {
    law.edges.push_back({i, (i + 1) % 200, 6.4});
    law.bias[i] -= 3.2;
    law.bias[(i + 1) % 200] -= 3.2;
  }
  const ebm::Draws draws = sample(law, {.burn_in = 0}, 300, 8, tests::seed(4));
  const ebm::Certificate certificate = ebm::certify(law, draws, std::nullopt, 1);
  CAPTURE(lines_of(certificate));
  CHECK((has(certificate, "drift of the energy") || has(certificate, "mixing")));
  CHECK(has(certificate, "energy"));  // could not test: no exact mean given
}

TEST_CASE("too few draws for so many states are a finding") {
  ebm::PairLaw law{core::VectorD::Zero(20), {}, {}};
  for (Index i = 0; i < 20; ++i) law.turn.push_back(static_cast<std::int32_t>(i % 2));
  for (Index i = 0; i < 20; ++i) law.edges.push_back({i, (i + 1) % 20, 0.5});
  const ebm::Certificate few = certified(law, {}, 200);
  CAPTURE(lines_of(few));
  CHECK(has(few, "total variation"));
  CHECK(has(certified(law, {}, 15), "draws"));
}

TEST_CASE("states that never leave a local minimum give no estimate of the temperature") {
  ebm::Pairs pairs{20, 1, 2, std::vector<float>(40, 1.5F), std::vector<std::uint8_t>(40, 1)};
  CHECK_FALSE(ebm::effective_inv_temp(pairs));
  std::fill(pairs.fields.begin(), pairs.fields.end(), 0.0F);
  CHECK_FALSE(ebm::effective_inv_temp(pairs));
}

TEST_CASE("few draws of very many units do not look like correlated chains", "[stochastic]") {
  constexpr Index draws = 20, chains = 4, units = 20'000;
  std::mt19937_64 random(tests::seed(12));
  ebm::Pairs pairs{draws, chains, units, {}, {}};
  for (Index k = 0; k < draws * chains * units; ++k) {
    const float field = static_cast<float>(k % 7) / 3 - 1;
    pairs.fields.push_back(field);
    pairs.bits.push_back(std::uniform_real_distribution<double>()(random) <
                         1 / (1 + std::exp(-static_cast<double>(field))));
  }
  CHECK(std::abs(*ebm::chain_correlation(pairs)) < 4.9);  // p < 1e-6 on both sides
}
