#include "ohmlab/crossbar/converter_bench.hpp"

#include <cmath>
#include <cstdint>
#include <numbers>

#include "ohmlab/core/rng.hpp"

#include "tests/catch.hpp"
#include "tests/crossbar/converter_parts.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab;
using core::Index;
using crossbar::Converters;
using tests::each_nearly_ideal;
using tests::made;

TEST_CASE("the sine test gives 6.02 bits + 1.76 dB of every ideal converter") {
  each_nearly_ideal([](auto entry, const char* name) {
    CAPTURE(name);
    for (const std::int64_t bits : {8, 10}) {
      entry.resolution = bits;
      const Converters mine = made(entry, 1);
      const crossbar::SineFit fit =
          crossbar::sine_test({.converters = mine, .bound = entry.bound, .bits = bits},
                              {.samples = 1 << 14, .cycles = 1021, .amplitude = 1});
      // 2 n steps over the range, n = 2^(bits-1) - 1. Errors of rounding a sine are nearly uniform.
      const double levels = std::log2(2 * (std::exp2(static_cast<double>(bits) - 1) - 1));
      CHECK(fit.sndr == Approx(6.0206 * levels + 1.7609).margin(0.15));
      CHECK(fit.enob == Approx(levels).margin(0.03));
      CHECK(fit.amplitude == Approx(entry.bound).epsilon(1e-3));
    }
  });
}

TEST_CASE("the sine test finds the noise of a converter", "[stochastic]") {
  const crossbar::Quantizer form{.resolution = 8, .bound = 1};
  const double step = 1 / 127.0, noise = 0.02;
  const auto residual = [](const auto& entry) {
    const Converters mine = made(entry, 1, tests::seed(3));
    return crossbar::sine_test({.converters = mine, .bound = 1, .bits = 8},
                               {.samples = 1 << 14, .cycles = 1021, .amplitude = 0.9})
        .residual;
  };
  // Relative standard error of a deviation of N normals: 1/sqrt(2 N); 5 of them.
  const double within = 5 / std::sqrt(2.0 * (1 << 14));
  CHECK(residual(crossbar::UniformAdc{form, {}, {.noise = noise}}) ==
        Approx(std::sqrt(noise * noise + step * step / 12)).epsilon(within));
  // Stage k adds its noise behind a gain of 2^k: 1 + 1/4 + ... of the first one's variance.
  crossbar::PipelineAdc pipeline{{form}};
  pipeline.noise = 0.01;
  const double at_input = pipeline.input_noise();
  CHECK(at_input ==
        Approx(0.01 * std::sqrt(1 + 0.25 + 0.0625 + 0.015625 + 0.25 / 64 + 0.0625 / 64)));
  // Amplifiers saturate at the largest signals with noise; they are few.
  CHECK(residual(pipeline) == Approx(std::hypot(at_input, step / std::sqrt(12))).epsilon(0.05));
  // An oscillator's variance is proportional to its count: jitter² n |sin|, whose mean is 2/π.
  const double jitter = 0.2, count = 127 * 0.9;
  CHECK(residual(crossbar::OscillatorAdc{form, 0, 0, jitter}) ==
        Approx(std::sqrt(jitter * jitter * count * 2 / std::numbers::pi + 1 / 12.0) / 127)
            .epsilon(1.6 * within));
}

TEST_CASE("the ramp test finds the bow that a ramp has, the same at all lines") {
  crossbar::RampAdc ramp{{.resolution = 9, .bound = 2}, {.inl = 0.01}};
  const Converters lines = made(ramp, 5, 12);
  const auto inl = [&](Index end) {
    return crossbar::ramp_test({.converters = lines, .end = end, .bound = 2, .bits = 9}, 64);
  };
  const crossbar::Linearity first = inl(0), last = inl(5);
  CHECK(first.inl == last.inl);
  CHECK(first.inl_max > 0.1);
  // Against the curve itself: u + (1 - u²)(a + b s u) crosses half-levels where the inverse says;
  // to first order inl is minus the curve, in steps.
  double a = 0, b = 0;
  {
    float common[4], xi[4] = {}, parts[4];
    core::fill_normal(core::stream(12, core::StreamId::output_noise, 1U << 31U), ~std::uint64_t{0},
                      0, common);
    ramp.build(xi, common, parts);
    a = static_cast<double>(parts[2]);
    b = static_cast<double>(parts[3]) * 1.5 * std::sqrt(3.0);
  }
  for (std::size_t k = 20; k + 20 < first.inl.size(); k += 37) {
    const double u = (static_cast<double>(first.first) + static_cast<double>(k) + 0.5) / 255;
    CHECK(first.inl[k] == Approx(-255 * (1 - u * u) * (a + b * u)).margin(0.25));
  }
}

TEST_CASE("ideal converters have no nonlinearity and no missing level") {
  each_nearly_ideal([](const auto& entry, const char* name) {
    CAPTURE(name);
    const Converters mine = made(entry, 1);
    const crossbar::Linearity seen = crossbar::ramp_test(
        {.converters = mine, .bound = entry.bound, .bits = entry.resolution}, 64);
    CHECK(seen.dnl.size() == 61);
    CHECK(seen.dnl_max < 0.04);
    CHECK(seen.inl_max < 0.04);
    CHECK(seen.missing == 0);
  });
}
