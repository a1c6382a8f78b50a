#include "ohmlab/core/math.hpp"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdint>
#include <limits>
#include <numbers>
#include <vector>

#include "ohmlab/core/rng.hpp"

#include "tests/catch.hpp"

using namespace ohmlab::core;

namespace {

constexpr float infinity = std::numeric_limits<float>::infinity();
constexpr float nan_value = std::numeric_limits<float>::quiet_NaN();

std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }

/// Largest relative error over about every `step`-th float from `low` up to `high`, both of one
/// sign.
template <class Ours, class Exact>
long double worst_error(float low, float high, std::uint32_t step, Ours ours, Exact exact) {
  const std::uint32_t first = std::min(bits(low), bits(high)),
                      last = std::max(bits(low), bits(high));
  long double worst = 0;
  for (std::uint64_t pattern = first; pattern <= last; pattern += step) {
    const auto x = std::bit_cast<float>(static_cast<std::uint32_t>(pattern));
    const long double expected = exact(static_cast<long double>(x));
    if (expected == 0) continue;
    worst = std::max(worst, std::abs((static_cast<long double>(ours(x)) - expected) / expected));
  }
  return worst;
}

long double exact_logistic(long double x) { return 1 / (1 + std::exp(-x)); }

}  // namespace

TEST_CASE("log is within 9e-8 of the logarithm, for subnormal numbers too") {
  const auto ours = [](float x) { return log(x); };
  const auto exact = [](long double x) { return std::log(x); };
  CHECK(worst_error(0x1p-126f, std::numeric_limits<float>::max(), 4999, ours, exact) < 9e-8L);
  CHECK(worst_error(0x1p-149f, 0x1p-126f, 97, ours, exact) < 9e-8L);
  CHECK(worst_error(0.5f, 2.0f, 101, ours, exact) < 9e-8L);
}

TEST_CASE("exp is within 9e-8 of the exponential") {
  const auto ours = [](float x) { return exp(x); };
  const auto exact = [](long double x) { return std::exp(x); };
  CHECK(worst_error(0.0f, 88.72f, 4999, ours, exact) < 9e-8L);
  CHECK(worst_error(-0.0f, -87.33f, 4999, ours, exact) < 9e-8L);
  CHECK(worst_error(0.1f, 88.72f, 401, ours, exact) < 9e-8L);
  CHECK(worst_error(-0.1f, -87.33f, 401, ours, exact) < 9e-8L);
}

TEST_CASE("logistic is within 2e-7 of 1 / (1 + exp(-x)) at both ends") {
  const auto ours = [](float x) { return logistic(x); };
  CHECK(worst_error(0.0f, 88.0f, 4999, ours, exact_logistic) < 2e-7L);
  CHECK(worst_error(-0.0f, -87.33f, 4999, ours, exact_logistic) < 2e-7L);
  CHECK(worst_error(-0.1f, -87.33f, 401, ours, exact_logistic) < 2e-7L);
}

TEST_CASE("sine and cosine of up to an eighth of a turn are within 1e-7") {
  double worst = 0;
  for (int i = -1'000'000; i <= 1'000'000; ++i) {
    const float t = static_cast<float>(i) * 1e-6f;
    const double angle = static_cast<double>(t) * std::numbers::pi / 4;
    const auto [sine, cosine] = sin_cos_eighth_turn(t);
    worst = std::max({worst, std::abs(static_cast<double>(sine) - std::sin(angle)),
                      std::abs(static_cast<double>(cosine) - std::cos(angle))});
  }
  CHECK(worst < 1e-7);
}

TEST_CASE("log answers zero, infinity, negative numbers and NaN as IEEE does") {
  CHECK(log(1.0f) == 0.0f);
  CHECK(log(0.0f) == -infinity);
  CHECK(log(-0.0f) == -infinity);
  CHECK(log(infinity) == infinity);
  CHECK(std::isnan(log(-1.0f)));
  CHECK(std::isnan(log(-infinity)));
  CHECK(std::isnan(log(nan_value)));
}

TEST_CASE("exp and logistic saturate and propagate NaN") {
  CHECK(exp(0.0f) == 1.0f);
  CHECK(std::isfinite(exp(88.7228f)));
  CHECK(exp(88.7229f) == infinity);
  CHECK(exp(infinity) == infinity);
  CHECK(exp(-103.972f) == 0x1p-149f);
  CHECK(exp(-103.9721f) == 0.0f);
  CHECK(exp(-infinity) == 0.0f);
  CHECK(std::isnan(exp(nan_value)));

  CHECK(logistic(0.0f) == 0.5f);
  CHECK(logistic(17.4f) == 1.0f);
  CHECK(logistic(infinity) == 1.0f);
  CHECK(logistic(-103.9721f) == 0.0f);
  CHECK(logistic(-100.0f) > 0.0f);
  CHECK(logistic(-infinity) == 0.0f);
  CHECK(std::isnan(logistic(nan_value)));
}

TEST_CASE("subnormal results of exp are within 0.8 units of their last place") {
  double worst = 0;
  for (float x = -103.97f; x < -87.34f; x = std::nextafter(std::nextafter(x, 0.0f), 0.0f)) {
    worst =
        std::max(worst, std::abs(static_cast<double>(exp(x)) - std::exp(static_cast<double>(x))));
  }
  CHECK(worst < 0.8 * 0x1p-149);
}

TEST_CASE("sixteen lanes have the bits of the scalar functions on any input") {
  std::vector<float> inputs = {0.0f,       -0.0f,  infinity, -infinity, nan_value, 0x1p-149f,
                               -0x1p-149f, 1.0f,   89.0f,    -104.0f,   0x1p-126f, 1e38f,
                               -1e38f,     1e-30f, 17.0f,    -17.0f};
  std::vector<std::uint32_t> words(1 << 16);
  fill_words(stream(2, StreamId::data), 0, 0, words);
  for (const std::uint32_t word : words) inputs.push_back(std::bit_cast<float>(word));
  for (const std::uint32_t word : words) inputs.push_back((uniform(word) - 0.5f) * 220.0f);

  const auto agree = [](float a, float b) {
    return bits(a) == bits(b) || (std::isnan(a) && std::isnan(b));
  };
  int different = 0;
  for (std::size_t at = 0; at < inputs.size(); at += 16) {
    const F16 x = load<F16>(&inputs[at]);
    const F16 t = min(max(x, splat<F16>(-1.0f)), splat<F16>(1.0f));
    float l[16], e[16], s[16], sine[16], cosine[16], small[16];
    store(l, log(x));
    store(e, exp(x));
    store(s, logistic(x));
    store(small, t);
    store(sine, sin_cos_eighth_turn(t).sin);
    store(cosine, sin_cos_eighth_turn(t).cos);
    for (std::size_t i = 0; i < 16; ++i) {
      const float y = inputs[at + i];
      const SinCos<float> direction = sin_cos_eighth_turn(small[i]);
      different += !agree(l[i], log(y)) || !agree(e[i], exp(y)) || !agree(s[i], logistic(y)) ||
                   !agree(sine[i], direction.sin) || !agree(cosine[i], direction.cos);
    }
  }
  CHECK(different == 0);
}
