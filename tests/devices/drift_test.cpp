#include <algorithm>
#include <cmath>
#include <cstdint>
#include <vector>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/devices/drifts.hpp"

#include "tests/catch.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;

namespace {

constexpr float g_max = 25e-6F;
constexpr double two_sided = 4.892;  // |standard normal| exceeds it with p = 1e-6
constexpr float extreme = 6.77F;     // the largest normal that is drawn

/// The exponent that took g to g(t), as -ln(g(t)/g) / ln(lapse).
template <class D>
double exponent_of(const D& drift, double g, double age, double lapse, double xi) {
  const auto then = drift.template conductance<float>(
      static_cast<float>(g), static_cast<float>(age), static_cast<float>(xi), g_max);
  return -std::log(static_cast<double>(then) / static_cast<double>(static_cast<float>(g))) /
         std::log(lapse);
}

double pcm_mean(double share) {
  return std::min(std::max(-0.0155 * std::log(share) + 0.0244, 0.049), 0.1);
}
double pcm_spread(double share) {
  return std::min(std::max(-0.0125 * std::log(share) - 0.0059, 0.008), 0.045);
}

/// Nothing happens before t0, nothing ever grows, and an extreme draw cannot turn the exponent
/// round.
template <class D>
void check_shape(const D& drift, const std::vector<float>& held) {
  for (const float g : {1e-9F, 1e-6F, 12e-6F, 25e-6F}) {
    for (const float xi : {-extreme, -1.0F, 0.0F, 1.0F, extreme}) {
      CAPTURE(g, xi);
      for (const float age : held) CHECK(drift.template conductance<float>(g, age, xi, g_max) == g);
      float last = g;
      for (float age = 1e-6F; age < 1e9F; age *= 1.7F) {
        const auto now = drift.template conductance<float>(g, age, xi, g_max);
        CHECK(now <= last * (1 + 3e-7F));  // two roundings of exp
        CHECK(now > 0);
        last = now;
      }
      CHECK(last < g);
    }
  }
  CHECK(drift.template conductance<float>(0.0F, 1e6F, 0.0F, g_max) == 0);
}

}  // namespace

TEST_CASE("without drift a conductance keeps") {
  CHECK(devices::Drift{}.kind() == "none");
  CHECK(devices::NoDrift{}.conductance<float>(3e-6F, 1e9F, extreme, g_max) == 3e-6F);
}

TEST_CASE("power-law drift is a power of the time since writing, held before its first read") {
  const devices::PowerLawDrift drift{.nu = 0.06, .nu_dtod = 0.25, .t0 = 20};
  for (const double xi : {-3.0, 0.0, 0.5, 4.0}) {
    for (const double age : {21.0, 300.0, 1e4, 1e8}) {
      const double expected = 12e-6 * std::pow(age / 20, -0.06 * (1 + 0.25 * xi));
      CHECK(static_cast<double>(drift.conductance<float>(12e-6F, static_cast<float>(age),
                                                         static_cast<float>(xi), g_max)) ==
            Approx(expected).epsilon(2e-6));
    }
  }
  check_shape(drift, {0.0F, 1e-12F, 1.0F, 19.99F, 20.0F});
  check_shape(devices::PowerLawDrift{.nu = 0.05, .nu_dtod = 3, .t0 = 1e-3},
              {0.0F, 1e-3F});  // exponents that fold
}

TEST_CASE("a folded exponent is the absolute value of its draw") {
  const devices::PowerLawDrift drift{.nu = 0.1, .nu_dtod = 1, .t0 = 1};
  CHECK(exponent_of(drift, 1e-6, 1e4, 1e4, -3) == Approx(0.2).epsilon(1e-5));
  CHECK(exponent_of(drift, 1e-6, 1e4, 1e4, 1) == Approx(0.2).epsilon(1e-5));
}

TEST_CASE("the exponents of phase-change memory depend on the conductance as published") {
  const devices::PcmDrift drift;
  // beyond both clips on either side, and between them
  for (const double share : {1e-4, 0.005, 0.0077, 0.01, 0.03, 0.1, 0.15, 0.3, 0.5, 1.0}) {
    CAPTURE(share);
    for (const double xi : {-2.0, 0.0, 1.0, 5.0}) {
      const double expected = std::abs(pcm_mean(share) + pcm_spread(share) * xi);
      CHECK(exponent_of(drift, share * 25e-6, 1e6 - 20, 1e6 / 20, xi) ==
            Approx(expected).margin(2e-6));
    }
  }
  CHECK(pcm_mean(1) == 0.049);
  CHECK(pcm_spread(1) == 0.008);
  CHECK(pcm_mean(1e-4) == 0.1);
  CHECK(pcm_spread(1e-4) == 0.045);
  check_shape(drift, {-1e6F, -1.0F, 0.0F});
}

TEST_CASE("phase-change memory keeps its published share of a full-scale conductance",
          "[stochastic]") {
  const devices::PcmDrift drift;
  const auto share_after = [&](double age, float xi) {
    return static_cast<double>(drift.conductance<float>(g_max, static_cast<float>(age), xi, g_max) /
                               g_max);
  };
  for (const double age : {1.0, 3600.0, 86400.0, 2.6e6}) {
    CHECK(share_after(age, 0) == Approx(std::pow((age + 20) / 20, -0.049)).epsilon(2e-6));
  }
  CHECK(share_after(86400, 0) == Approx(0.664).margin(6e-4));

  // the mean over cells: E[L^-(m + s xi)] = L^-m exp((s ln L)^2 / 2); folding, at six sigma, does
  // not count
  const core::Stream cells = core::stream(ohmlab::tests::seed(5), core::StreamId::drift, 1);
  constexpr std::uint32_t count = 1U << 17U;
  std::vector<float> xi(count);
  core::fill_normal(cells, 0, 0, xi);
  double sum = 0, squares = 0;
  for (const float x : xi) {
    const double share = share_after(86400, x);
    sum += share;
    squares += share * share;
  }
  const double log_lapse = std::log(86420.0 / 20), s = 0.008 * log_lapse;
  const double mean = std::exp(-0.049 * log_lapse + s * s / 2),
               variance = mean * mean * std::expm1(s * s);
  CHECK(std::abs(sum / count - mean) < two_sided * std::sqrt(variance / count));
  CHECK(squares / count - sum / count * sum / count == Approx(variance).epsilon(0.03));
}
