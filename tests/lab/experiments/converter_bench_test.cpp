#include <algorithm>
#include <cmath>
#include <stdexcept>
#include <string>
#include <vector>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/lab/experiments.hpp"
#include "ohmlab/lab/run.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"

using namespace ohmlab;

namespace {

lab::Plan plan_of(const std::string& text) {
  return lab::plan(core::parse_config("kind = 'converter'\n" + text, "bench.toml"));
}

results::Result measured(const std::string& text) {
  results::Progress silent;
  return std::get<experiments::ConverterBench>(plan_of(text).experiment->choice).run({}, silent);
}

double quality(const results::Result& result, const std::string& name) {
  for (const results::Quantity& q : result.quality) {
    if (q.name == name) return q.value;
  }
  throw std::runtime_error("no quality called " + name);
}

std::string refusal(const std::string& text) {
  try {
    static_cast<void>(plan_of(text));
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("an ideal converter has its bits on the bench, and no nonlinearity") {
  const results::Result result = measured(
      "converters = 3\nsamples = 8192\ncycles = 1021\nadc = {kind = 'uniform', bits = 8}\n");
  const double levels = std::log2(2 * 127.0);
  CHECK(quality(result, "enob") == Approx(levels).margin(0.03));
  CHECK(quality(result, "enob_worst") == quality(result, "enob"));
  CHECK(quality(result, "sndr") ==
        Approx(6.0206 * levels + 1.7609 + 20 * std::log10(0.99)).margin(0.2));
  CHECK(quality(result, "inl_max") < 0.1);
  CHECK(quality(result, "missing_levels") == 0);
  CHECK(result.groups[0].cube("inl").values.size() == 3 * 255);
  CHECK_THAT(result.groups[0].report, ContainsSubstring("ENOB 7.9"));
  REQUIRE(result.systems.size() == 1);
  double conversions = 0;
  for (const cost::Entry& e : result.systems[0].tally) conversions += e.count;
  CHECK(conversions == 3 * (8192 + 254 * 16));
}

TEST_CASE("converters that share lines are measured one by one") {
  const std::string flash = "converters = 4\nadc = {kind = 'flash', bits = 6, offset = 0.02";
  const results::Result own = measured(flash + "}\n"),
                        shared = measured(flash + ", columns_per_adc = 8}\n");
  CHECK(own.groups[0].cube("enob").values == shared.groups[0].cube("enob").values);
  const std::vector<double>& enob = own.groups[0].cube("enob").values;
  CHECK(enob[0] != enob[1]);
  CHECK(*std::max_element(enob.begin(), enob.end()) < 5.9);
}

TEST_CASE("a bench refuses what it cannot measure") {
  CHECK_THAT(refusal("adc = 'none'\n"), ContainsSubstring("has no levels to measure"));
  CHECK_THAT(refusal("samples = 64\ncycles = 8\n"), ContainsSubstring("common divisor"));
  CHECK_THAT(refusal("samples = 64\ncycles = 40\n"), ContainsSubstring("less than half"));
  CHECK_THAT(refusal("adc = {kind = 'flash', bits = 11}\n"), ContainsSubstring("at most 10"));
  CHECK_THAT(refusal("adc = {kind = 'sar', bits = 6, mismatch = 0.1, split = 6}\n"),
             ContainsSubstring("leaves no high bits"));
  CHECK_THAT(refusal("adc = {kind = 'sar', split = 3}\n"), ContainsSubstring("mismatch above 0"));
}
