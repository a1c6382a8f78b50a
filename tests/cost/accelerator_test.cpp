#include "ohmlab/cost/accelerator.hpp"

#include <string>

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/field_values.hpp"
#include "ohmlab/cost/outlook.hpp"
#include "ohmlab/cost/prices.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"

using namespace ohmlab;

TEST_CASE("every accelerator preset loads, and every figure of it has a source and a sound band") {
  const auto names = cost::accelerator_presets();
  REQUIRE(names.size() >= 10);
  for (const std::string& name : names) {
    CAPTURE(name);
    const cost::Accelerator a = cost::accelerator_preset(name);
    const auto check = [](const auto& quoted) {
      CHECK(quoted.source.size() > 10);
      CHECK(quoted.median > 0);
      if (quoted.p05) CHECK(*quoted.p05 <= quoted.median);
      if (quoted.p95) CHECK(*quoted.p95 >= quoted.median);
    };
    for (const auto& [format, rate] : a.peak) {
      CAPTURE(format);
      check(rate);
      CHECK(rate.median > 1e12);
      CHECK(rate.median < 2e16);
    }
    check(a.memory);
    check(a.bandwidth);
    check(a.link);
    check(a.network);
    check(a.tdp);
    check(a.idle);
    check(a.host);
    CHECK(a.network.median <= a.link.median);
    CHECK(a.idle.median < a.tdp.median);
    CHECK(a.memory.median >= 16e9);
  }
}

TEST_CASE(
    "a price list's spec sheet of an accelerator is the one of its preset: joules = TDP / peak") {
  const cost::Accelerator h100 = cost::accelerator_preset("h100");
  const cost::Prices list = cost::named_prices("default", {});
  const auto& energy = list.places.at("gpu_spec").energy;
  std::size_t compared = 0;
  for (const auto& [format, peak] : h100.peak) {
    const auto price = energy.find("flop_" + format);
    if (price == energy.end()) continue;
    CAPTURE(format);
    // both round to three digits or two
    CHECK(price->second.median == Approx(h100.tdp.median / peak.median).epsilon(0.01));
    ++compared;
  }
  CHECK(compared >= 3);
}

TEST_CASE("an unknown accelerator is refused with the nearest name") {
  CHECK_THROWS_WITH(cost::accelerator_preset("a100_8"),
                    ContainsSubstring("did you mean \"a100_80\"?"));
  CHECK_THROWS_AS(cost::accelerator_preset("a100_8"), core::UserError);
}

TEST_CASE("a figure without a source, or with half a band, is refused") {
  const auto read = [](const std::string& text) {
    return core::read<cost::Watts>(core::parse_config(text, "t"));
  };
  CHECK(read("median = '400 W'\nevidence = 'datasheet'\nsource = 'somebody'").median == 400);
  CHECK_THROWS_WITH(read("median = '400 W'\nevidence = 'datasheet'\nsource = ' '"),
                    ContainsSubstring("source is empty"));
  CHECK_THROWS_WITH(read("median = '400 W'\np05 = '1 W'\nevidence = 'datasheet'\nsource = 'x'"),
                    ContainsSubstring("both p05 and p95"));
  CHECK_THROWS_WITH(
      read("median = '400 W'\np05 = '1 W'\np95 = '2 W'\nevidence = 'datasheet'\nsource = 'x'"),
      ContainsSubstring("p05 <= median <= p95"));
  CHECK_THROWS_AS(read("median = '400 B'\nevidence = 'datasheet'\nsource = 'x'"), core::UserError);
}

TEST_CASE("draws of one name are common, so that a ratio of two figures loses them") {
  cost::Outlook outlook({.draws = 500, .seed = 3});
  const cost::Draws x = outlook.factor("x", 2, 0.5), y = outlook.factor("x", 6, 0.5);
  const cost::Band band = (y / x).band();
  CHECK(band.p05 == Approx(3));
  CHECK(band.p95 == Approx(3));
  CHECK((y / outlook.factor("z", 2, 0.5)).band().p95 > 4);
}

TEST_CASE("a lognormal factor has the percentiles it was given", "[stochastic]") {
  cost::Outlook outlook({.draws = 20000, .seed = 5});
  const cost::Watts quoted{100, 50.0, 200.0, cost::Evidence::measured, "a test"};
  const cost::Band band = outlook.factor("watts", quoted).band();
  // the standard error of the 5th percentile's rank is sqrt(.05 .95 20000) = 31 draws: 5 of them
  // move it 4 %
  CHECK(band.nominal == 100);
  CHECK(band.p05 == Approx(50).epsilon(0.04));
  CHECK(band.p95 == Approx(200).epsilon(0.04));
}
