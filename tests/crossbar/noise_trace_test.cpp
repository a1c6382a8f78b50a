// Read noise that goes on from read to read, held to closed forms: variances and correlations over
// many independent cells, spectra over long traces.
#include "ohmlab/crossbar/noise_trace.hpp"

#include <cmath>
#include <complex>
#include <numbers>
#include <vector>

#include "ohmlab/crossbar/mapped_cells.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/parts.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;
using core::MatrixD;

namespace {

constexpr double pi = std::numbers::pi;

template <class Noise>
devices::Device with(const Noise& noise) {
  devices::Device device = tests::electrical();  // 1 uS to 9 uS
  device.read_noise.choice = noise;
  return device;
}

/// Offsets of cells at w = 0, in S.
class Cells {
 public:
  Cells(const devices::Device& device, Index rows, Index cols, std::uint64_t seed = tests::seed(8))
      : rows_(rows),
        cols_(cols),
        trace_(device, rows, cols, core::stream(seed, core::StreamId::noise_trace), 0) {}
  MatrixD at(double time, float w = 0) {
    trace_.advance(0, rows_, time);
    Matrix states = Matrix::Constant(rows_, cols_, w);
    trace_.add_to(states, 0);
    return (states.cast<double>().array() - static_cast<double>(w)) * 4e-6;
  }

 private:
  Index rows_, cols_;
  crossbar::NoiseTrace trace_;
};

double covariance(const MatrixD& a, const MatrixD& b) { return (a.array() * b.array()).mean(); }

/// Spectrum, one-sided, of `cells` traces of n samples, mean over cells and neighbouring
/// frequencies.
std::vector<double> spectrum(Cells& cells, Index count, Index n, double dt,
                             const std::vector<Index>& numbers, Index neighbours) {
  using Complex = std::complex<double>;
  std::vector<std::vector<Complex>> sums(numbers.size() * static_cast<std::size_t>(neighbours),
                                         std::vector<Complex>(static_cast<std::size_t>(count)));
  std::vector<Complex> turn, now(sums.size(), 1.0);
  for (const Index number : numbers) {
    for (Index k = 0; k < neighbours; ++k)
      turn.push_back(
          std::polar(1.0, -2 * pi * static_cast<double>(number + k) / static_cast<double>(n)));
  }
  for (Index t = 0; t < n; ++t) {
    const MatrixD x = cells.at(static_cast<double>(t + 1) * dt);
    for (std::size_t f = 0; f < sums.size(); ++f) {
      for (Index c = 0; c < count; ++c) sums[f][static_cast<std::size_t>(c)] += x(0, c) * now[f];
      now[f] *= turn[f];
    }
  }
  std::vector<double> out(numbers.size(), 0.0);
  for (std::size_t f = 0; f < sums.size(); ++f) {
    for (const Complex& sum : sums[f])
      out[f / static_cast<std::size_t>(neighbours)] += 2 * dt / static_cast<double>(n) *
                                                       std::norm(sum) /
                                                       static_cast<double>(count * neighbours);
  }
  return out;
}

}  // namespace

TEST_CASE("1/f noise has its variance from the first read on, and its correlation",
          "[stochastic]") {
  const devices::FlickerReadNoise noise{
      .std = 0.03, .relative = 0.1, .f_low = 10, .f_high = 1e5, .per_decade = 2};
  REQUIRE(noise.kept() == 9);
  Cells cells(with(noise), 300, 301);
  const double n = 300 * 301;
  const double sigma = std::hypot(0.03 * 8e-6, 0.1 * 5e-6);
  CHECK(noise.sigma(5e-6, 5e-6, 1, 1e-6, 9e-6) == Approx(sigma));
  const std::vector<double> times{0, 2e-7, 1e-6, 1e-5, 1e-3, 0.02, 0.5, 1e4};
  std::vector<MatrixD> seen;
  for (const double t : times) seen.push_back(cells.at(t));
  CHECK(cells.at(1e4) == seen.back());  // reads at one time see one offset
  for (std::size_t a = 0; a < times.size(); ++a) {
    CHECK(std::abs(seen[a].mean()) < 5 * sigma / std::sqrt(n));
    for (std::size_t b = a; b < times.size(); ++b) {
      double rho = 0;
      for (int k = 0; k < 9; ++k)
        rho += std::exp(-2 * pi * 10 * std::pow(10, k / 2.0) * (times[b] - times[a])) / 9;
      CAPTURE(times[a], times[b], rho);
      CHECK(std::abs(covariance(seen[a], seen[b]) / (sigma * sigma) - rho) <
            5 * std::sqrt((1 + rho * rho) / n));
    }
  }
}

TEST_CASE("between its corners the spectrum of 1/f noise falls as 1/f", "[stochastic]") {
  const devices::FlickerReadNoise noise{
      .relative = 0.2, .f_low = 2e-4, .f_high = 2e-2, .per_decade = 2};
  constexpr Index count = 64, n = 1 << 16, neighbours = 4;
  Cells cells(with(noise), 1, count);
  std::vector<Index> numbers;
  for (double f = 4e-4; f < 1.05e-2; f *= 1.4) numbers.push_back(std::lround(f * n));
  const std::vector<double> found = spectrum(cells, count, n, 1, numbers, neighbours);
  const double variance = 0.2 * 5e-6 * 0.2 * 5e-6;
  double sx = 0, sy = 0, sxx = 0, sxy = 0;
  const auto points = static_cast<double>(numbers.size());
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    const double f = (static_cast<double>(numbers[k]) + 1.5) / n;
    double lorentzians = 0;
    for (int i = 0; i < 5; ++i) {
      const double tau = 1 / (2 * pi * 2e-4 * std::pow(10, i / 2.0));
      lorentzians += variance / 5 * 4 * tau / (1 + std::pow(2 * pi * f * tau, 2));
    }
    CAPTURE(f);
    // count * neighbours estimates, each exponential
    CHECK(std::abs(found[k] / lorentzians - 1) < 5 / std::sqrt(double{count * neighbours}));
    const double x = std::log(f), y = std::log(found[k]);
    sx += x, sy += y, sxx += x * x, sxy += x * y;
  }
  const double spread = sxx - sx * sx / points, slope = (sxy - sx * sy / points) / spread;
  const double error = 1 / std::sqrt(double{count * neighbours} * spread);
  CAPTURE(slope, error);
  // the corners, a factor of 2 away, bend the sum of Lorentzians by less than 0.1
  CHECK(std::abs(slope + 1) < 0.1 + 5 * error);
  CHECK(slope < -0.8);
}

TEST_CASE("far from its corners 1/f noise has the level that its variance says") {
  // closed form alone: the sum of the Lorentzians that the processes are
  const devices::FlickerReadNoise noise{.f_low = 1e-3, .f_high = 1e6, .per_decade = 1};
  double least = 1e9, most = 0;
  for (double f = 1; f < 1e3; f *= 1.1) {
    double sum = 0;
    for (int k = 0; k < noise.kept(); ++k)
      sum += 4 / (2 * pi * noise.corner(k)) / (1 + std::pow(f / noise.corner(k), 2)) / noise.kept();
    const double level = sum * f * std::log(1e9) * noise.kept() / (noise.kept() - 1);
    least = std::min(least, level);
    most = std::max(most, level);
  }
  CHECK(most < 1.057);
  CHECK(least > 0.943);
  CHECK(most > 1.05);  // the ripple is there
}

TEST_CASE("telegraph noise jumps between two levels and forgets at its rate", "[stochastic]") {
  const devices::TelegraphReadNoise noise{.relative = 0.1,
                                          .share = 0.05,
                                          .amplitude_spread = 0,
                                          .time_high = 3e-4,
                                          .time_low = 1e-4,
                                          .time_spread = 0,
                                          .traps = 0.4};
  Cells cells(with(noise), 300, 301);
  const double n = 300 * 301, p = 0.75, levels = 0.1 * 5e-6 + 0.05 * 8e-6;
  const double rate = 1 / 3e-4 + 1 / 1e-4;
  CHECK(noise.sigma(5e-6, 5e-6, 1, 1e-6, 9e-6) == Approx(levels * std::sqrt(p * (1 - p))));
  const std::vector<double> times{0, 1e-6, 1e-5, 1e-4, 3e-4, 5e-3};
  std::vector<MatrixD> seen;
  for (const double t : times) seen.push_back(cells.at(t));
  for (const MatrixD& x : seen) {
    double high = 0, low = 0;
    for (const double value : x.reshaped()) {
      if (std::abs(value - levels * (1 - p)) < 1e-5 * levels) ++high;
      if (std::abs(value + levels * p) < 1e-5 * levels) ++low;
      if (value == 0) continue;
    }
    CHECK(std::abs(high / n - 0.4 * p) < 5 * std::sqrt(0.3 * 0.7 / n));
    CHECK(std::abs(low / n - 0.4 * (1 - p)) < 5 * std::sqrt(0.1 * 0.9 / n));
    CHECK((x.array() == 0).count() + static_cast<Index>(high + low) == x.size());
  }
  const double variance = 0.4 * levels * levels * p * (1 - p);
  for (std::size_t b = 1; b < times.size(); ++b) {
    const double expected = variance * std::exp(-rate * times[b]);
    CAPTURE(times[b]);
    const double fourth = 0.4 * std::pow(levels, 4) * p * p;  // above E x(0)^2 x(t)^2
    CHECK(std::abs(covariance(seen[0], seen[b]) - expected) < 5 * std::sqrt(fourth / n));
  }
  // most cells rest over a time far below both mean times
  const double moved = static_cast<double>((seen[0].array() != seen[1].array()).count());
  const double jumps = n * 0.4 * 2 * p * (1 - p) * (1 - std::exp(-rate * 1e-6));
  CHECK(std::abs(moved - jumps) < 5 * std::sqrt(jumps));
}

TEST_CASE("telegraph noise has a Lorentzian spectrum", "[stochastic]") {
  const devices::TelegraphReadNoise noise{.relative = 0.1,
                                          .amplitude_spread = 0,
                                          .time_high = 300,
                                          .time_low = 100,
                                          .time_spread = 0,
                                          .traps = 1};
  constexpr Index count = 64, n = 1 << 15, neighbours = 4;
  Cells cells(with(noise), 1, count);
  std::vector<Index> numbers;
  for (double f = 4e-4; f < 2e-2; f *= 1.6) numbers.push_back(std::lround(f * n));
  const std::vector<double> found = spectrum(cells, count, n, 1, numbers, neighbours);
  for (std::size_t k = 0; k < numbers.size(); ++k) {
    const double f = (static_cast<double>(numbers[k]) + 1.5) / n;
    // Machlup (1954)
    const double rate = 1.0 / 300 + 1.0 / 100, step = 0.1 * 5e-6;
    const double expected =
        4 * step * step / ((300 + 100) * (rate * rate + std::pow(2 * pi * f, 2)));
    CAPTURE(f);
    CHECK(std::abs(found[k] / expected - 1) < 6 / std::sqrt(double{count * neighbours}));
  }
}

TEST_CASE("cells have telegraph times and amplitudes of their own", "[stochastic]") {
  const devices::TelegraphReadNoise noise{.relative = 0.1,
                                          .amplitude_spread = 0.4,
                                          .time_high = 2e-3,
                                          .time_low = 1e-3,
                                          .time_spread = 1.2,
                                          .traps = 1};
  Cells cells(with(noise), 300, 301);
  const MatrixD first = cells.at(0);
  const double n = 300 * 301, level = 0.1 * 5e-6;
  for (const double t : {1e-4, 1e-3, 1e-2}) {
    // mean over both normals of the cells' times, and of the square of the lognormal amplitude
    double sum = 0, weight = 0;
    for (double a = -6; a <= 6; a += 0.05) {
      for (double b = -6; b <= 6; b += 0.05) {
        const double high = 2e-3 * std::exp(1.2 * a), low = 1e-3 * std::exp(1.2 * b),
                     p = high / (high + low), density = std::exp(-(a * a + b * b) / 2);
        sum += density * p * (1 - p) * std::exp(-t * (1 / high + 1 / low));
        weight += density;
      }
    }
    const double expected = sum / weight * level * level * std::exp(2 * 0.4 * 0.4);
    const MatrixD now = cells.at(t);
    const MatrixD products = first.cwiseProduct(now);
    const double error = std::sqrt((products.array() - products.mean()).square().mean() / n);
    CAPTURE(t, expected);
    CHECK(std::abs(products.mean() - expected) < 5 * error);
  }
}

TEST_CASE("a read sees the trace of its time; writes, scores and open lines do not") {
  for (const bool flicker : {false, true}) {
    CAPTURE(flicker);
    crossbar::AnalogArrayModel model = tests::ideal_parts();
    model.device =
        flicker
            ? with(devices::FlickerReadNoise{.relative = 0.2, .f_high = 1e9})
            : with(devices::TelegraphReadNoise{.time_high = 1e-7, .time_low = 1e-7, .traps = 1});
    model.device.t_read.reset();  // reads and pulses take no time
    model.device.t_pulse.reset();
    model.device.faults.choice = devices::StuckFaults{.yield = 1, .open_rows = 0.3};
    cost::Tally tally;
    crossbar::AnalogArray array(model, 12, 9, {.tally = &tally});
    array.program(Matrix::Constant(12, 9, 0.25F));
    const MatrixD programmed = array.weights();
    const auto read = [&] {
      Matrix y(12, 9);
      array.read(crossbar::Direction::to_cols, Matrix::Identity(12, 12), y);
      return y;
    };
    const Matrix first = read();
    CHECK(read() == first);
    Matrix across(9, 12);
    array.read(crossbar::Direction::to_rows, Matrix::Identity(9, 9), across);
    CHECK(Matrix(across.transpose()) == first);
    const Matrix law = array.decision_law(crossbar::Direction::to_cols).weights.cast<float>();
    CHECK((law - first).cwiseAbs().maxCoeff() < 1e-6F);
    CHECK(array.weights() == programmed);
    array.program(Matrix::Constant(12, 9, 0.25F));
    CHECK(read() == first);  // no time has passed, and a write moves no trap
    array.wait(1);
    const Matrix later = read();
    CHECK(array.weights() == programmed);
    Index open = 0;
    for (Index i = 0; i < 12; ++i) {
      const bool off = first(i, 0) == -1.25F;
      open += off;
      if (off) CHECK(later.row(i) == first.row(i));
      if (!off) CHECK(later.row(i) != first.row(i));
    }
    CHECK(open > 0);
    CHECK(open < 12);
  }
}

TEST_CASE("reads move the clock, and with it the trace; one row read alone is the row of all") {
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = with(devices::FlickerReadNoise{.relative = 0.2, .f_high = 1e7});
  cost::Tally tally;
  crossbar::AnalogArray array(model, 5, 4, {.tally = &tally});
  Matrix a(5, 4), b(5, 4);
  array.read(crossbar::Direction::to_cols, Matrix::Identity(5, 5), a);
  array.read(crossbar::Direction::to_cols, Matrix::Identity(5, 5), b);
  CHECK(a != b);
  const auto same = a.cwiseProduct(b).sum() / (a.norm() * b.norm());
  CHECK(same > 0.5F);  // 5e-7 s is short before most of the corners
  for (const crossbar::Figure& figure : array.figures()) {
    if (figure.name == "trace_held") CHECK(figure.value == Approx(5 * 1e-7));
  }

  const crossbar::Mapping pair{{crossbar::PairMapping{}}};
  const auto tiling = crossbar::Tiling::of(5, 4, 0, 0);
  crossbar::MappedCells together(pair, model.device, tiling, {.tally = &tally}),
      alone(pair, model.device, tiling, {.tally = &tally});
  together.advance(2e-6);
  const Matrix all = together.weights(together.with_trace(2e-6));
  const crossbar::MappedCells::Row row = alone.row(0, 3, 2e-6);
  CHECK(row.values == core::Vector(all.row(3)));
  CHECK(row.variance.size() == 0);
  CHECK(all.row(3) != all.row(2));
}

TEST_CASE("a trace that is saved and restored goes on with the same bits") {
  for (const bool flicker : {false, true}) {
    crossbar::AnalogArrayModel model = tests::ideal_parts();
    model.device = flicker ? with(devices::FlickerReadNoise{.relative = 0.2, .white = 0.01})
                           : with(devices::TelegraphReadNoise{.time_high = 1e-6, .time_low = 1e-6});
    cost::Tally tally;
    crossbar::AnalogArray calm(model, 7, 5, {.tally = &tally}),
        resumed(model, 7, 5, {.tally = &tally});
    const auto use = [](crossbar::AnalogArray& array) {
      Matrix y(2, 5);
      array.read(crossbar::Direction::to_cols, Matrix::Ones(2, 7), y);
      array.update(Matrix::Ones(1, 7), Matrix::Ones(1, 5), 0.02);
      return y;
    };
    use(calm);
    core::Archive saved;
    calm.state(saved);
    core::Archive restored(saved.items());
    resumed.state(restored);
    for (int k = 0; k < 3; ++k) CHECK(use(calm) == use(resumed));
  }
}

TEST_CASE("cells differ in their 1/f noise, and white noise lies beside a trace", "[stochastic]") {
  Cells cells(with(devices::FlickerReadNoise{.relative = 0.1, .spread = 0.5}), 300, 301);
  const MatrixD squares = cells.at(0).cwiseAbs2();
  // the lognormal factor has the mean square exp(2 spread^2)
  const double error =
      std::sqrt((squares.array() - squares.mean()).square().mean() / (300.0 * 301.0));
  CHECK(std::abs(squares.mean() - 0.25e-12 * std::exp(0.5)) < 5 * error);

  const bool flicker = GENERATE(false, true);
  CAPTURE(flicker);
  crossbar::AnalogArrayModel model = tests::ideal_parts();
  model.device = flicker ? with(devices::FlickerReadNoise{.white = 0.03})
                         : with(devices::TelegraphReadNoise{.white = 0.03});
  model.device.t_read.reset();
  cost::Tally tally;
  const auto seed = tests::seed(11);
  crossbar::AnalogArray array(model, 1, 3000, {.seed = seed, .tally = &tally});
  Matrix a(1, 3000), b(1, 3000);
  array.read(crossbar::Direction::to_cols, Matrix::Ones(1, 1), a);
  array.read(crossbar::Direction::to_cols, Matrix::Ones(1, 1), b);
  // 3 % of the range is 0.06 in w; two reads at one time differ by two draws of it
  const double variance = (a - b).cast<double>().squaredNorm() / 3000;
  CHECK(std::abs(variance / (2 * 0.06 * 0.06) - 1) < 5 * std::sqrt(2.0 / 3000));
  CHECK(model.device.noise_of_read(5e-6, 0) > 0.03 * 8e-6);
}

TEST_CASE("traces refuse corners out of order and more processes than they hold") {
  CHECK(devices::FlickerReadNoise{.f_low = 2, .f_high = 1}.problem() ==
        "expected f_low below f_high");
  CHECK(devices::FlickerReadNoise{.f_low = 1e-9, .f_high = 1e9, .per_decade = 4}.problem().find(
            "63") != std::string::npos);
  CHECK(devices::FlickerReadNoise{}.problem().empty());
}
