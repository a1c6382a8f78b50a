#include "ohmlab/cost/limits.hpp"

#include <cmath>

#include "tests/catch.hpp"

using namespace ohmlab;

// By hand: k = 1.380649e-23 J/K, so kT = 4.141947e-21 J at 300 K.
TEST_CASE("physical limits are what a hand computes at 300 K") {
  CHECK(cost::landauer_limit() == Approx(2.870979e-21).epsilon(1e-6));
  CHECK(cost::quantisation_snr(8) == Approx(1.5 * 65536));
  // 8 kT · 98304 and 4 kT · 98304
  CHECK(cost::sampled_column_limit(8) == Approx(3.2573597e-15).epsilon(1e-6));
  CHECK(cost::converter_limit(8) == Approx(1.6286798e-15).epsilon(1e-6));
  // 8 kT · 384 at 4 bits; 4 kT · 1572864 at 10
  CHECK(cost::sampled_column_limit(4) == Approx(1.272406e-17).epsilon(1e-6));
  CHECK(cost::converter_limit(10) == Approx(2.6058877e-14).epsilon(1e-6));
}

TEST_CASE(
    "limits are proportional to the temperature, and noise costs four times as much with each "
    "bit") {
  CHECK(cost::landauer_limit(77) == Approx(cost::landauer_limit(300) * 77 / 300));
  CHECK(cost::converter_limit(8, 77) == Approx(cost::converter_limit(8) * 77 / 300));
  CHECK(cost::converter_limit(9) == Approx(4 * cost::converter_limit(8)));
  CHECK(cost::sampled_column_limit(9) == Approx(4 * cost::sampled_column_limit(8)));
}

TEST_CASE("the converter's limit is a Schreier figure of merit of 194.8 dB") {
  // FoM = SNDR + 10 log10(bandwidth / power), at the Nyquist rate bandwidth / power = 1 / (2 E)
  const double fom =
      10 * std::log10(cost::quantisation_snr(8)) - 10 * std::log10(2 * cost::converter_limit(8));
  CHECK(fom == Approx(-10 * std::log10(8 * cost::boltzmann * 300)).epsilon(1e-12));
  CHECK(fom == Approx(194.8).margin(0.05));
}
