// A denoising chain against enumeration: its gradient, its bound, its samples.
#include <cmath>
#include <numbers>
#include <random>

#include "ohmlab/ebm/denoising_scores.hpp"
#include "ohmlab/ebm/held.hpp"
#include "ohmlab/ebm/models.hpp"

#include "tests/catch.hpp"
#include "tests/ebm/at_rest.hpp"
#include "tests/ebm/trained.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index, core::MatrixD, core::VectorD;

namespace {

constexpr Index units = 3, hidden = 2;
constexpr double flip = 0.2;
constexpr std::size_t steps = 2;
const ebm::Neuron adc{{ebm::AdcNeuron{}}};

ebm::Parameters some_chain(unsigned seed = 3) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal(0, 0.8F);
  const ebm::DenoisingChainModel model{
      .steps = static_cast<std::int64_t>(steps), .flip = flip, .hidden = hidden};
  ebm::Parameters out{model.plan(units, 0), {}, {}};
  const auto draw = [&] { return static_cast<double>(normal(engine)); };
  for (const ebm::CouplingPlan& c : out.plan.couplings) {
    out.weights.push_back(
        MatrixD::NullaryExpr(out.plan.layers[c.rows].units, out.plan.layers[c.cols].units, draw));
  }
  for (const ebm::LayerPlan& layer : out.plan.layers)
    out.biases.push_back(VectorD::NullaryExpr(layer.units, draw));
  return out;
}

double bit(Index state, Index i) { return static_cast<double>(state >> i & 1); }

/// q(to|from) of one step, unit by unit.
double noise_law(Index to, Index from) {
  double p = 1;
  for (Index i = 0; i < units; ++i) p *= bit(to, i) == bit(from, i) ? 1 - flip : flip;
  return p;
}

/// p(here|next) of a step from its joint law with the hidden units, q in the place of its field.
double step_law(const ebm::Parameters& of, std::size_t t, Index here, Index next) {
  const auto weight = [&](Index v) {
    double sum = 0;
    for (Index h = 0; h < Index{1} << hidden; ++h) {
      double minus_energy = 0;
      for (Index i = 0; i < units; ++i) minus_energy += of.biases[t][i] * bit(v, i);
      for (Index j = 0; j < hidden; ++j) {
        minus_energy += of.biases[steps + t][j] * bit(h, j);
        for (Index i = 0; i < units; ++i)
          minus_energy += bit(v, i) * of.weights[t](i, j) * bit(h, j);
      }
      sum += std::exp(minus_energy);
    }
    return sum * noise_law(next, v);
  };
  double all = 0;
  for (Index v = 0; v < Index{1} << units; ++v) all += weight(v);
  return weight(here) / all;
}

constexpr Index states = Index{1} << units;

/// Frequencies of x^T in these tests.
VectorD last() { return VectorD{{0.3, 0.5, 0.6}}; }

double last_law(Index state) {
  double p = 1;
  for (Index i = 0; i < units; ++i) p *= bit(state, i) > 0 ? last()[i] : 1 - last()[i];
  return p;
}

core::Matrix bits_of(Index state) {
  core::Matrix out(1, units);
  for (Index i = 0; i < units; ++i) out(0, i) = static_cast<float>(bit(state, i));
  return out;
}

}  // namespace

TEST_CASE("a field of the noise on visible units is the law of one step of noise") {
  // Up to a factor that does not depend on the unit that is denoised.
  const double field = ebm::NoiseLevel{0, flip}.field();
  CHECK((1 - flip) / flip == Approx(std::exp(field)));
  CHECK(noise_law(5, 5) / noise_law(5, 4) == Approx(std::exp(field)));
  CHECK(noise_law(4, 5) / noise_law(4, 4) == Approx(std::exp(-field)));
  // Two steps of noise by enumeration
  double on = 0;
  for (const double first : {0.0, 1.0}) {
    for (const double start : {0.0, 1.0}) {
      on += (start == 1 ? 0.9 : 0.1) * (first == start ? 1 - flip : flip) *
            (first == 1 ? 1 - flip : flip);
    }
  }
  CHECK(ebm::NoiseLevel{0, flip}.after(2, 0.9) == Approx(on));
}

TEST_CASE("the law of a denoising chain is the product of its steps, summed over paths") {
  const ebm::Parameters of = some_chain();
  const VectorD law = ebm::exact_chain_law(of, last());
  CHECK(law.sum() == Approx(1));
  for (Index start = 0; start < states; ++start) {
    double expected = 0;
    for (Index one = 0; one < states; ++one) {
      for (Index two = 0; two < states; ++two)
        expected += last_law(two) * step_law(of, 1, one, two) * step_law(of, 0, start, one);
    }
    CHECK(law[start] == Approx(expected).epsilon(1e-9));
  }
}

TEST_CASE("the mean bound of a denoising chain is that of diffusion, below its likelihood",
          "[stochastic]") {
  const ebm::Parameters of = some_chain();
  const VectorD law = ebm::exact_chain_law(of, last());
  for (const Index start : {0, 3, 6}) {
    double expected = 0, squares = 0;
    for (Index one = 0; one < states; ++one) {
      for (Index two = 0; two < states; ++two) {
        const double q = noise_law(one, start) * noise_law(two, one);
        const double value =
            std::log(last_law(two) * step_law(of, 1, one, two) * step_law(of, 0, start, one) / q);
        expected += q * value;
        squares += q * value * value;
      }
    }
    CHECK(expected < std::log(law[start]));
    const Index paths = 20000;
    const VectorD seen = ebm::likelihood_bounds(of, last(), bits_of(start).replicate(paths, 1));
    const double deviation =
        std::sqrt((squares - expected * expected) / static_cast<double>(paths));
    CHECK(std::abs(seen.mean() - expected) < 5 * deviation);
  }
}

TEST_CASE("the mean update of a denoising chain is the gradient of the likelihood of its steps",
          "[stochastic]") {
  const ebm::Parameters of = some_chain();
  const Index start = 5, count = 60000;
  // <ln p(x^t|x^t+1)> over all paths of noise
  const ebm::Parameters expected = tests::descent(of, [&](const ebm::Parameters& moved) {
    double sum = 0;
    for (Index one = 0; one < states; ++one) {
      sum -= noise_law(one, start) * std::log(step_law(moved, 0, start, one));
      for (Index two = 0; two < states; ++two) {
        sum -= noise_law(one, start) * noise_law(two, one) * std::log(step_law(moved, 1, one, two));
      }
    }
    return sum;
  });
  const tests::Example examples{bits_of(start).replicate(count, 1), {}};
  for (const ebm::Update how : {ebm::Update::two_phase, ebm::Update::differenced}) {
    const ebm::Parameters change =
        tests::update(of, examples, ebm::ContrastiveDivergence{.steps = 12}.recipe(), adc,
                      {{ebm::GibbsDynamics{}}}, tests::seed(2), how);
    // Differences of numbers from 0 to 1 have a variance of at most 1.
    const double bound = 5 / std::sqrt(static_cast<double>(count));
    CHECK(tests::distance(change, expected) < bound);
    CHECK((change.biases[0] - expected.biases[0]).cwiseAbs().maxCoeff() < bound);
  }
  CHECK(tests::size_of(expected) > 0.05);
}

TEST_CASE("samples of a denoising chain follow its exact law, by converters and comparators",
          "[stochastic]") {
  const ebm::Parameters of = some_chain();
  const VectorD law = ebm::exact_chain_law(of, last());
  for (const ebm::Neuron& neuron : {adc, ebm::Neuron{{ebm::ComparatorNeuron{}}}}) {
    cost::Tally tally;
    ebm::Network network(of.plan, neuron, tests::seed(4), tally, tests::ideal_arrays());
    network.program(of);
    const Index count = 40000;
    const core::Matrix drawn = ebm::denoised_samples(network, last(), count, 30);
    VectorD seen = VectorD::Zero(states);
    for (Index row = 0; row < count; ++row) {
      Index state = 0;
      for (Index i = 0; i < units; ++i) state |= static_cast<Index>(drawn(row, i)) << i;
      seen[state] += 1.0 / static_cast<double>(count);
    }
    for (Index state = 0; state < states; ++state) {
      const double p = law[state];
      CHECK(std::abs(seen[state] - p) < 5 * std::sqrt(p * (1 - p) / static_cast<double>(count)));
    }
  }
}

TEST_CASE("layers of a chain are held at ever more noise, the same in both phases",
          "[stochastic]") {
  const ebm::Parameters of = some_chain();
  cost::Tally tally;
  ebm::Network network(of.plan, adc, tests::seed(6), tally, tests::ideal_arrays());
  const Index count = 20000;
  const core::Matrix examples = bits_of(5).replicate(count, 1);
  ebm::States seen(of.plan.layers.size());
  const ebm::Phase phase{.held = {ebm::Role::input}};
  for (const std::size_t l : {0UL, 1UL}) ebm::hold_at(network, l, phase, {examples}, seen);
  CHECK(seen[0].state == examples);
  CHECK((seen[0].field.array() > 0).cast<float>().matrix() == seen[1].state);
  const float field = static_cast<float>(ebm::NoiseLevel{0, flip}.field());
  CHECK((seen[1].field.cwiseAbs().array() - field).abs().maxCoeff() < 1e-6F);
  const double bound = 5 * std::sqrt(flip * (1 - flip) / static_cast<double>(count));
  for (Index i = 0; i < units; ++i) {
    const double flips =
        static_cast<double>((seen[1].state - seen[0].state).col(i).cwiseAbs().mean());
    CHECK(std::abs(flips - flip) < bound);
  }
}

TEST_CASE("biases of a chain start where independent bits are denoised exactly") {
  const ebm::Parameters of = some_chain();
  cost::Tally tally;
  ebm::Network network(of.plan, adc, 1, tally, tests::ideal_arrays());
  const VectorD frequency{{0.2, 0.5, 0.9}};
  network.initialise(frequency);
  for (std::size_t t = 0; t < steps; ++t) {
    for (Index i = 0; i < units; ++i) {
      const double p = ebm::NoiseLevel{0, flip}.after(static_cast<std::int64_t>(t), frequency[i]);
      CHECK(static_cast<double>(network.bias(t)[i]) == Approx(std::log(p / (1 - p))).margin(1e-6));
    }
  }
}
