#include <cmath>

#include "ohmlab/devices/read_noises.hpp"

#include "tests/catch.hpp"

using namespace ohmlab::devices;

TEST_CASE("reads without noise have no spread") {
  CHECK(ReadNoise{}.kind() == "none");
  CHECK(ReadNoise{}.sigma(10e-6, 10e-6, 1, 0, 25e-6) == 0);
}

TEST_CASE("white read noise adds its two variances, at any age") {
  const ReadNoise noise{{WhiteReadNoise{.std = 0.03, .relative = 0.2}}};
  // 3 % of 20 uS is 0.6 uS, 20 % of 4 uS is 0.8 uS
  for (const double age : {0.0, 1e-6, 1e6})
    CHECK(noise.sigma(9e-6, 4e-6, age, 2e-6, 22e-6) == Approx(1e-6));
  CHECK(noise.sigma(0, 0, 0, 2e-6, 22e-6) == Approx(0.6e-6));
}

TEST_CASE("the read noise of phase-change memory is the published 1/f noise") {
  const ReadNoise noise{{PcmReadNoise{}}};
  constexpr double g_max = 25e-6, t_r = 250e-9;
  const auto relative = [&](double share, double age) {
    return noise.sigma(share * g_max, share * g_max, age, 0, g_max) / (share * g_max);
  };

  SECTION("one hour after programming") {
    CHECK(relative(1, 3600) == Approx(0.0419).margin(6e-5));
    CHECK(relative(0.5, 3600) == Approx(0.0658).margin(6e-5));
    CHECK(relative(0.1, 3600) == Approx(0.187).margin(6e-4));
  }
  SECTION("in both factors, against the formula") {
    for (const double share : {0.02, 0.1, 0.3, 0.7, 1.0}) {
      for (const double age : {1e-6, 1e-3, 1.0, 86400.0}) {
        const double q = 0.0088 * std::exp(-0.65 * std::log(share));
        CHECK(relative(share, age) ==
              Approx(q * std::sqrt(std::log((age + 20 + t_r) / (2 * t_r)))));
      }
    }
  }
  SECTION("small conductances are capped at Q = 0.2") {
    CHECK(std::pow(0.0088 / 0.2, 1 / 0.65) > 0.008);  // the cap acts below this share
    for (const double share : {1e-12, 1e-6, 0.008}) {
      CHECK(relative(share, 1.0) == Approx(0.2 * std::sqrt(std::log(21 / (2 * t_r)))));
    }
    CHECK(noise.sigma(0, 0, 1, 0, g_max) == 0);
  }
  SECTION("it is a share of the drifted conductance, with the Q of the written one") {
    CHECK(noise.sigma(20e-6, 10e-6, 60, 0, g_max) ==
          Approx(noise.sigma(20e-6, 20e-6, 60, 0, g_max) / 2));
  }
  SECTION(
      "counted from programming, nothing has built up before one read's duration, then it grows "
      "with age") {
    const ReadNoise from_start{{PcmReadNoise{.t0 = 0}}};
    CHECK(from_start.sigma(g_max, g_max, 0, 0, g_max) == 0);
    CHECK(from_start.sigma(g_max, g_max, t_r / 2, 0, g_max) == 0);
    CHECK(from_start.sigma(g_max, g_max, 1e-3, 0, g_max) > 0);
    double last = 0;
    for (double age = 1; age < 1e8; age *= 10) {
      CHECK(relative(1, age) > last);
      last = relative(1, age);
    }
  }
}
