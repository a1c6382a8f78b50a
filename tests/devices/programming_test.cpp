#include "ohmlab/devices/programmings.hpp"

#include "tests/catch.hpp"

using namespace ohmlab::devices;

TEST_CASE("write-and-verify without error leaves no spread") {
  CHECK(Programming{}.kind() == "none");
  CHECK(Programming{}.sigma(10e-6, 1e-6, 25e-6) == 0);
}

TEST_CASE("the normal programming error is the same share of the range everywhere") {
  const Programming programming{{GaussianProgramming{.std = 0.03}}};
  for (const double g : {2e-6, 7e-6, 22e-6})
    CHECK(programming.sigma(g, 2e-6, 22e-6) == Approx(0.6e-6));
}

TEST_CASE("the programming error of phase-change memory follows the published parabola") {
  const Programming programming{{PcmProgramming{}}};
  constexpr double g_max = 25e-6;
  // standard deviation in uS at a share of 25 uS
  const double table[6][2] = {{0, 0.263},   {0.1, 0.448},  {0.25, 0.681},
                              {0.5, 0.953}, {0.75, 1.077}, {1, 1.055}};
  for (const auto& [share, sigma] : table) {
    CAPTURE(share);
    CHECK(programming.sigma(share * g_max, 0, g_max) * 1e6 == Approx(sigma).margin(6e-4));
    CHECK(programming.sigma(share * g_max, 0, g_max) * 1e6 ==
          Approx(0.26348 + share * (1.9650 - share * 1.1731)).epsilon(1e-12));
  }

  SECTION("stays below the 1.2 uS that were measured at every level") {
    for (int i = 0; i <= 100; ++i) CHECK(programming.sigma(i / 100.0 * g_max, 0, g_max) < 1.2e-6);
  }
  SECTION("scales with the range") {
    CHECK(programming.sigma(3e-6, 0, 10e-6) == Approx(programming.sigma(7.5e-6, 0, 25e-6) / 2.5));
  }
  SECTION("is never negative, though the parabola is") {
    CHECK(programming.sigma(3 * g_max, 0, g_max) == 0);
  }
}
