// Seeds are fixed unless $OHMLAB_SEED moves them, so these pass or fail for good; each bound would
// stop one sound generator in a million.

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <vector>

#include "ohmlab/core/rng.hpp"

#include "tests/catch.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab::core;

namespace {

constexpr double two_sided = 4.892;  ///< |standard normal| exceeds it with p = 1e-6

const Stream base = stream(ohmlab::tests::seed(20'240'229), StreamId::read_noise, 3);

/// Normals in the order of cells, four words each, over operations `op`, blocks and so on as given.
std::vector<double> normals_of(const Stream& s, std::uint64_t op, std::uint32_t block,
                               std::uint32_t cells) {
  std::vector<double> result;
  result.reserve(std::size_t{cells} * 4);
  for (std::uint32_t first = 0; first < cells; first += 16) {
    const auto z = normals(random_block(s, lane_index<U16>() + first, op, block));
    for (int lane = 0; lane < 16; ++lane) {
      for (int k = 0; k < 4; ++k) result.push_back(static_cast<double>(z[k][lane]));
    }
  }
  return result;
}

/// Correlation of x[i] with y[i + lag], as a standard normal deviate; both have mean 0 and
/// variance 1.
double correlation_deviate(const std::vector<double>& x, const std::vector<double>& y,
                           std::size_t lag = 0) {
  double sum = 0;
  for (std::size_t i = 0; i + lag < x.size(); ++i) sum += x[i] * y[i + lag];
  return std::abs(sum) / std::sqrt(static_cast<double>(x.size() - lag));
}

/// Kolmogorov's distance of a sample from a law, times √n; exceeds 2.694 with p = 1e-6.
template <class Cdf>
double kolmogorov(std::vector<float> sample, Cdf cdf) {
  std::sort(sample.begin(), sample.end());
  const auto n = static_cast<double>(sample.size());
  double distance = 0;
  for (std::size_t i = 0; i < sample.size(); ++i) {
    const double p = cdf(static_cast<double>(sample[i])), below = static_cast<double>(i) / n;
    distance = std::max({distance, p - below, below + 1 / n - p});
  }
  return distance * std::sqrt(n);
}

double normal_tail(double z) { return std::erfc(z * std::numbers::sqrt2 / 2); }  // P(|x| > z)

}  // namespace

TEST_CASE("16 M normals have the moments and tails of the normal law", "[stochastic]") {
  constexpr std::size_t slice = 1 << 14, slices = 1 << 10;
  const double n = static_cast<double>(slice) * static_cast<double>(slices);
  std::vector<float> z(slice);
  std::array<double, 7> sum{};
  std::array<double, 3> beyond{};  // 3, 4, 5 standard deviations
  for (std::size_t i = 0; i < slices; ++i) {
    // A quarter of the slices follow one another in one fill, the others are operations of their
    // own.
    fill_normal(base, i % 4 == 0 ? 0 : i, i / 4 * slice, z);
    for (const float value : z) {
      const double x = static_cast<double>(value), x2 = x * x;
      sum[1] += x;
      sum[2] += x2;
      sum[3] += x2 * x;
      sum[4] += x2 * x2;
      sum[5] += x2 * x2 * x;
      sum[6] += x2 * x2 * x2;
      for (std::size_t k = 0; k < 3; ++k)
        beyond[k] += x2 > (3.0 + double(k)) * (3.0 + double(k)) ? 1 : 0;
    }
  }
  const std::array<double, 7> mean = {1, 0, 1, 0, 3, 0, 15},
                              variance = {0, 1, 2, 15, 96, 945, 10170};
  for (std::size_t k = 1; k <= 6; ++k) {
    INFO("moment " << k);
    CHECK(std::abs(sum[k] / n - mean[k]) < two_sided * std::sqrt(variance[k] / n));
  }
  CHECK(std::abs(beyond[0] - n * normal_tail(3)) < two_sided * std::sqrt(n * normal_tail(3)));
  CHECK(std::abs(beyond[1] - n * normal_tail(4)) < two_sided * std::sqrt(n * normal_tail(4)));
  CHECK(beyond[2] <= 29);  // Poisson with mean 9.6: P(0) = 7e-5, P(> 29) = 1e-7
}

TEST_CASE("a million uniforms and normals follow their laws by Kolmogorov's test", "[stochastic]") {
  std::vector<float> sample(1 << 20);
  fill_uniform(base, 1, 0, sample);
  CHECK(kolmogorov(sample, [](double x) { return x; }) < 2.694);
  fill_normal(base, 2, 0, sample);
  CHECK(kolmogorov(sample, [](double x) { return normal_tail(-x) / 2; }) < 2.694);
}

TEST_CASE(
    "normals are uncorrelated along words, cells, blocks, operations, streams, layers and seeds",
    "[stochastic]") {
  constexpr std::uint32_t cells = 1 << 17;
  const std::vector<double> z = normals_of(base, 0, 0, cells);
  for (const std::size_t lag : {1U, 2U, 3U, 4U, 8U, 16U, 60U, 64U, 128U, 256U, 4096U}) {
    INFO("lag " << lag << " (four words a cell)");
    CHECK(correlation_deviate(z, z, lag) < two_sided);
  }
  for (const std::uint32_t step : {1U, 2U, 0x100U, 0x10000U}) {
    INFO("step " << step);
    CHECK(correlation_deviate(z, normals_of(base, 0, step, cells)) < two_sided);
    CHECK(correlation_deviate(z, normals_of(base, step, 0, cells)) < two_sided);
    CHECK(correlation_deviate(z, normals_of(base, std::uint64_t{step} << 32, 0, cells)) <
          two_sided);
    CHECK(correlation_deviate(z, normals_of({base.seed, base.id + step, base.layer}, 0, 0, cells)) <
          two_sided);
    CHECK(correlation_deviate(z, normals_of({base.seed, base.id, base.layer + step}, 0, 0, cells)) <
          two_sided);
    CHECK(correlation_deviate(z, normals_of({base.seed + step, base.id, base.layer}, 0, 0, cells)) <
          two_sided);
  }
}

TEST_CASE("squares of neighbouring normals are uncorrelated, within a pair and between pairs",
          "[stochastic]") {
  std::vector<double> squares = normals_of(base, 5, 0, 1 << 18);
  for (double& x : squares) x = (x * x - 1) / std::numbers::sqrt2;
  for (const std::size_t lag : {1U, 2U, 3U, 4U})
    CHECK(correlation_deviate(squares, squares, lag) < two_sided);
}

TEST_CASE(
    "flipping any bit of a key or counter flips each bit of the words with probability one half",
    "[stochastic]") {
  constexpr int vectors = 256;
  constexpr double draws = 16.0 * vectors;
  double sum_of_squares = 0, worst = 0;
  for (unsigned flipped = 0; flipped < 256; ++flipped) {
    std::array<U16, 128> flips{};
    for (std::uint32_t i = 0; i < vectors; ++i) {
      Block<std::uint32_t> key = random_block(base, i, 6, 0U);
      Block<U16> counter = random_block(base, lane_index<U16>() + i * 16, 7, 0U);
      const Block<U16> before = threefry(counter, key);
      const int word = static_cast<int>(flipped / 32 % 4);
      const std::uint32_t bit = 1U << (flipped % 32);
      flipped < 128 ? void(key[word] ^= bit) : void(counter[word] ^= bit);
      const Block<U16> after = threefry(counter, key);
      for (std::size_t out = 0; out < 128; ++out) {
        const int k = static_cast<int>(out / 32);
        flips[out] += ((before[k] ^ after[k]) >> static_cast<std::uint32_t>(out % 32)) & 1U;
      }
    }
    for (const U16& lanes : flips) {
      double count = 0;
      for (int lane = 0; lane < 16; ++lane) count += lanes[lane];
      const double deviate = (count - draws / 2) / std::sqrt(draws / 4);
      sum_of_squares += deviate * deviate;
      worst = std::max(worst, std::abs(deviate));
    }
  }
  constexpr double pairs = 256.0 * 128.0;
  CHECK(worst < 6.7);  // 32768 pairs of bits: p = 1e-6 for the largest
  CHECK(std::abs(sum_of_squares - pairs) < two_sided * std::sqrt(2 * pairs));
}
