// Memories against closed forms of their weights, formulas of their steps in float64, a slow twin
// of asynchronous recall, and enumeration.
#include "ohmlab/ebm/memories.hpp"

#include <cmath>
#include <random>

#include <Eigen/LU>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/core/streams.hpp"
#include "ohmlab/crossbar/ideal_array.hpp"
#include "ohmlab/ebm/recall.hpp"

#include "tests/catch.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;

namespace {

Matrix random_patterns(Index count, Index units, unsigned seed) {
  std::mt19937 engine(seed);
  return Matrix::NullaryExpr(count, units, [&] { return engine() % 2 != 0 ? 1.0F : -1.0F; });
}

/// Patterns stored in an ideal array, whose diagonal has no cells if pairs of units are coupled.
struct Kept {
  ebm::Memory memory;
  double gain;
  cost::Tally tally;
  Matrix edges;
  std::unique_ptr<crossbar::IdealArray> array;
  cost::Tally::Component component{};
  std::int64_t passes = 0;

  template <class Entry>
  Kept(const Entry& entry, const Matrix& patterns, double factor = 1, std::uint64_t seed = 1)
      : memory{{entry}}, gain(factor), component(tally.component("units")) {
    const Index units = patterns.cols(), rows = Entry::pairwise ? units : patterns.rows();
    edges = Matrix::Ones(rows, units);
    if (Entry::pairwise) edges.diagonal().setZero();
    array = std::make_unique<crossbar::IdealArray>(
        rows, units, crossbar::ArrayContext{.seed = seed, .tally = &tally, .edges = &edges});
    passes = entry.store({*array, patterns, gain, component});
  }
  [[nodiscard]] ebm::Stored stored() { return {*array, memory, gain, {}, component}; }
  /// Weights of the rule.
  [[nodiscard]] MatrixD weights() const { return array->weights() / gain; }
};

MatrixD without_diagonal(MatrixD weights) {
  weights.diagonal().setZero();
  return weights;
}

/// Storkey's definition, sum by sum.
MatrixD storkey_of(const MatrixD& patterns) {
  const Index units = patterns.cols();
  MatrixD weights = MatrixD::Zero(units, units);
  for (Index k = 0; k < patterns.rows(); ++k) {
    const auto pattern = patterns.row(k);
    const MatrixD before = weights;
    const auto field = [&](Index i, Index j) {  // of unit i from all but i and j
      double sum = 0;
      for (Index l = 0; l < units; ++l) {
        if (l != i && l != j) sum += before(i, l) * pattern(l);
      }
      return sum;
    };
    for (Index i = 0; i < units; ++i) {
      for (Index j = 0; j < units; ++j) {
        if (i == j) continue;
        weights(i, j) +=
            (pattern(i) * pattern(j) - pattern(i) * field(j, i) - field(i, j) * pattern(j)) /
            static_cast<double>(units);
      }
    }
  }
  return weights;
}

double energy(const MatrixD& weights, const core::VectorD& states) {
  return -0.5 * (states * weights).dot(states);
}

}  // namespace

TEST_CASE("Hebb's rule stores the mean of outer products") {
  for (const Index count : {1, 7}) {
    const Matrix patterns = random_patterns(count, 40, 1);
    const Kept kept(ebm::Hebb{}, patterns, 1.5);
    const MatrixD p = patterns.cast<double>();
    CHECK((kept.weights() - without_diagonal(p.transpose() * p / 40)).cwiseAbs().maxCoeff() < 1e-6);
    CHECK(kept.passes == 1);
  }
}

TEST_CASE("Storkey's rule stores the weights of its definition, whose fields leave out two units") {
  for (const Index count : {1, 4, 12}) {
    const Matrix patterns = random_patterns(count, 40, 2);
    const Kept kept(ebm::Storkey{}, patterns, 0.7);
    CHECK((kept.weights() - storkey_of(patterns.cast<double>())).cwiseAbs().maxCoeff() < 1e-6);
  }
}

TEST_CASE("the delta rule comes to the pseudo-inverse") {
  for (const Index count : {4, 10}) {
    const Matrix patterns = random_patterns(count, 40, 3);
    const MatrixD p = patterns.cast<double>();
    MatrixD wanted = p.transpose() * (p * p.transpose()).inverse() * p;
    for (Index j = 0; j < 40; ++j) wanted.col(j) /= 1 - wanted(j, j);
    const Kept kept(ebm::PseudoInverse{.passes = 5000, .margin = 0.99999}, patterns, 1.5);
    CHECK((kept.weights() - without_diagonal(wanted)).cwiseAbs().maxCoeff() < 1e-4);
    CHECK(kept.passes < 5000);
  }
}

TEST_CASE("the delta rule ends when every aligned field reaches the margin, or after its passes") {
  const Matrix patterns = random_patterns(20, 60, 4);
  const Kept kept(ebm::PseudoInverse{.margin = 0.7}, patterns);
  const MatrixD p = patterns.cast<double>();
  CHECK((p * kept.weights()).cwiseProduct(p).minCoeff() > 0.65);  // written while it was read
  CHECK(kept.passes > 1);
  CHECK(Kept(ebm::PseudoInverse{.passes = 2, .margin = 0.99}, patterns).passes == 2);
}

TEST_CASE("one step of a dense memory is the sign of powers of overlaps in float64") {
  const Matrix patterns = random_patterns(30, 41, 5), cues = random_patterns(50, 41, 6);
  const MatrixD p = patterns.cast<double>(), overlaps = cues.cast<double>() * p.transpose() / 41;
  for (const std::int64_t power : {2, 3, 6}) {
    CAPTURE(power);
    Kept kept(ebm::Dense{.power = power}, patterns, 1.5);
    const MatrixD fields = overlaps.array().pow(static_cast<double>(power - 1)).matrix() * p;
    const ebm::Recalled recalled = ebm::recall(
        kept.stored(), {.order = ebm::RecallOrder::synchronous, .most_sweeps = 1}, cues);
    Index compared = 0;
    for (Index row = 0; row < fields.rows(); ++row) {
      const double largest = fields.row(row).cwiseAbs().maxCoeff();
      for (Index i = 0; i < 41; ++i) {
        if (std::abs(fields(row, i)) < 1e-4 * largest) continue;  // float32 may differ
        ++compared;
        REQUIRE(static_cast<double>(recalled.states(row, i)) * fields(row, i) > 0);
      }
    }
    CHECK(compared > 1900);
  }
}

TEST_CASE("one step of a modern memory is the sign of attention in float64") {
  const Matrix patterns = random_patterns(30, 41, 7), cues = random_patterns(50, 41, 8);
  const MatrixD p = patterns.cast<double>();
  for (const double inv_temp : {0.02, 0.2}) {
    CAPTURE(inv_temp);
    Kept kept(ebm::Modern{.inv_temp = inv_temp}, patterns, 0.8);
    MatrixD shares = (inv_temp * (cues.cast<double>() * p.transpose()).array()).exp();
    for (Index row = 0; row < shares.rows(); ++row) shares.row(row) /= shares.row(row).sum();
    const MatrixD fields = shares * p;
    const ebm::Recalled recalled = ebm::recall(
        kept.stored(), {.order = ebm::RecallOrder::synchronous, .most_sweeps = 1}, cues);
    Index compared = 0;
    for (Index k = 0; k < fields.size(); ++k) {
      if (std::abs(fields.data()[k]) < 1e-5) continue;
      ++compared;
      REQUIRE(static_cast<double>(recalled.states.data()[k]) * fields.data()[k] > 0);
    }
    CHECK(compared > 1900);
  }
}

TEST_CASE("a dense memory of second power is Hebb's network with its diagonal") {
  const Matrix patterns = random_patterns(6, 51, 9), cues = random_patterns(40, 51, 10);
  Kept kept(ebm::Dense{.power = 2}, patterns);
  const MatrixD p = patterns.cast<double>(), fields = cues.cast<double>() * p.transpose() * p;
  const ebm::Recalled recalled =
      ebm::recall(kept.stored(), {.order = ebm::RecallOrder::synchronous, .most_sweeps = 1}, cues);
  for (Index k = 0; k < fields.size(); ++k) {
    if (std::abs(fields.data()[k]) > 0.5)  // whole numbers
      REQUIRE(static_cast<double>(recalled.states.data()[k]) * fields.data()[k] > 0);
  }
}

TEST_CASE("asynchronous recall is that of a slow twin, and its energy never rises") {
  const Index units = 60;
  const Matrix patterns = random_patterns(9, units, 11), cues = random_patterns(12, units, 12);
  Kept kept(ebm::Storkey{}, patterns);
  // Symmetric up to the rounding of float32
  const MatrixD weights = 0.5 * (kept.weights() + kept.weights().transpose());
  const ebm::RecallPlan plan{.most_sweeps = 30, .seed = 3};
  const ebm::Recalled recalled = ebm::recall(kept.stored(), plan, cues);
  for (Index cue = 0; cue < cues.rows(); ++cue) {
    core::VectorD states = cues.row(cue).cast<double>();
    std::int64_t sweeps = 0;
    for (bool changed = true; changed && sweeps < plan.most_sweeps; ++sweeps) {
      changed = false;
      for (const std::uint32_t i : core::permutation(
               core::stream(plan.seed, core::StreamId::recall_order),
               static_cast<std::uint64_t>(sweeps), static_cast<std::uint32_t>(units))) {
        const double before = energy(weights, states), field = weights.col(i).dot(states);
        REQUIRE(std::abs(field) > 1e-5);  // a rounded sum has the same sign
        const double next = field > 0 ? 1 : -1;
        changed = changed || next != states(i);
        states(i) = next;
        REQUIRE(energy(weights, states) <= before + 1e-12);
      }
    }
    CHECK(recalled.states.row(cue).cast<double>() == states);
    CHECK(recalled.sweeps[static_cast<std::size_t>(cue)] == sweeps);
  }
}

TEST_CASE("every memory recalls few stored patterns from cues with a tenth of the units flipped") {
  const Matrix patterns = random_patterns(5, 200, 13);
  Matrix cues = patterns;
  for (Index k = 0; k < cues.rows(); ++k) {
    for (Index i = 0; i < 20; ++i) cues(k, (7 * k + 10 * i) % 200) *= -1;
  }
  ebm::Memory::each([&]<class Entry>() {
    CAPTURE(Entry::name);
    Kept kept(Entry{}, patterns);
    CHECK(ebm::stable_share(kept.stored(), patterns) == 1);
    for (const auto order : {ebm::RecallOrder::asynchronous, ebm::RecallOrder::synchronous})
      CHECK(ebm::recall(kept.stored(), {.order = order, .block = 3}, cues).states == patterns);
  });
}

TEST_CASE("far above its capacity Hebb's rule keeps nothing stable, and a dense memory does") {
  const Matrix patterns = random_patterns(100, 100, 14);
  CHECK(ebm::stable_share(Kept(ebm::Hebb{}, patterns).stored(), patterns) == 0);
  CHECK(ebm::stable_share(Kept(ebm::Dense{.power = 4}, patterns).stored(), patterns) == 1);
}

TEST_CASE("self-couplings of an array are read and taken off the fields") {
  const Index units = 50;
  // An odd number of patterns on an even number of units: no field is zero, whose sign may round.
  const Matrix patterns = random_patterns(21, units, 15), cues = random_patterns(20, units, 16);
  Kept without(ebm::Hebb{}, patterns);
  cost::Tally tally;
  crossbar::IdealArray whole(units, units, {.seed = 1, .tally = &tally});
  const auto component = tally.component("units");
  ebm::Hebb::store({whole, patterns, 1, component});
  const Matrix self = ebm::read_self(whole, component);
  CHECK((self.array() - 0.42F).abs().maxCoeff() < 1e-6F);  // 21 patterns on 50 units
  const ebm::Memory& memory = without.memory;
  const ebm::Recalled expected = ebm::recall(without.stored(), {}, cues),
                      found = ebm::recall({whole, memory, 1, self, component}, {}, cues),
                      kept = ebm::recall({whole, memory, 1, {}, component}, {}, cues);
  CHECK(found.states == expected.states);
  CHECK(kept.states != expected.states);  // it matters
}

TEST_CASE("comparators draw states from Boltzmann's law at the temperature 2/gain",
          "[stochastic]") {
  const Index units = 5, chains = 10'000;
  const double gain = 1.6;
  const std::uint64_t seed = tests::seed(17);
  const Matrix patterns = random_patterns(2, units, 18);
  Kept kept(ebm::Hebb{}, patterns, gain, seed);
  const ebm::RecallPlan plan{
      .readout = ebm::SignReadout::comparator, .most_sweeps = 30, .seed = seed};
  const ebm::Recalled recalled = ebm::recall(kept.stored(), plan, Matrix::Ones(chains, units));
  std::vector<double> counts(std::size_t{1} << units), law(counts.size());
  double total = 0;
  for (std::size_t s = 0; s < law.size(); ++s) {
    const auto states = core::VectorD::NullaryExpr(
        units, [&](Index i) { return (s >> static_cast<unsigned>(i) & 1) != 0 ? 1.0 : -1.0; });
    total += law[s] = std::exp(-energy(kept.weights(), states) / (2 / gain));
  }
  for (double& p : law) p /= total;
  for (Index k = 0; k < chains; ++k) {
    std::size_t s = 0;
    for (Index i = 0; i < units; ++i)
      s |= static_cast<std::size_t>(recalled.states(k, i) > 0) << static_cast<unsigned>(i);
    ++counts[s];
  }
  CHECK(tests::chi_square_deviate(counts, law) < tests::one_in_a_million);
  CHECK(recalled.sweeps == std::vector<std::int64_t>(static_cast<std::size_t>(chains), 30));
}

TEST_CASE("a sweep reads every weight once a cue in either order, and a dense one reads it twice") {
  const Index units = 30, count = 4, cues = 6;
  const Matrix patterns = random_patterns(count, units, 19),
               from = random_patterns(cues, units, 20);
  const auto products = [](const cost::Tally& tally) {
    double sum = 0;
    for (const cost::Entry& e : tally.entries()) {
      if (e.action == cost::Action::flop_fp32) sum += e.count / 2;
    }
    return sum;
  };
  for (const auto order : {ebm::RecallOrder::synchronous, ebm::RecallOrder::asynchronous}) {
    const ebm::RecallPlan plan{.order = order, .most_sweeps = 1};
    Kept pairs(ebm::Hebb{}, patterns), dense(ebm::Dense{}, patterns);
    const double stored = products(pairs.tally), programmed = products(dense.tally);
    CHECK(stored == count * units * units);
    static_cast<void>(ebm::recall(pairs.stored(), plan, from));
    CHECK(products(pairs.tally) - stored >= cues * units * units);
    if (order == ebm::RecallOrder::synchronous) {
      static_cast<void>(ebm::recall(dense.stored(), plan, from));
      CHECK(products(dense.tally) - programmed >= 2 * cues * count * units);
    }
  }
}
