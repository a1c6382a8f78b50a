#include "ohmlab/lab/results/warnings.hpp"

#include <algorithm>

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {

/// Figures that warn of the result of these figures.
std::vector<std::string> warned(std::vector<std::pair<std::string, double>> figures) {
  results::Result result;
  for (auto& [name, value] : figures) result.quality.push_back({name, value, "1", ""});
  std::vector<std::string> out;
  for (const results::Warning& warning : results::warnings_of(result))
    out.push_back(warning.figure);
  return out;
}
using Names = std::vector<std::string>;

}  // namespace

TEST_CASE("a sound result has no warning") {
  CHECK(warned({}).empty());
  CHECK(warned({{"ir_drop_estimate", 0.05},
                {"adc_clipped", 0.01},
                {"inputs_clipped", 0.05},
                {"updates_cut", 0.05},
                {"step_rounding", 0.01},
                {"endurance_used", 1},
                {"ais_converged", 1},
                {"independent_units", -8},
                {"test_log_likelihood", -7.9}})
            .empty());
}

TEST_CASE("each figure warns beyond its limit, and alone") {
  CHECK(warned({{"ir_drop_estimate", 0.051}, {"adc_clipped", 0.009}}) == Names{"ir_drop_estimate"});
  CHECK(warned({{"adc_clipped", 0.011}}) == Names{"adc_clipped"});
  CHECK(warned({{"inputs_clipped", 0.051}}) == Names{"inputs_clipped"});
  CHECK(warned({{"updates_cut", 0.051}}) == Names{"updates_cut"});
  CHECK(warned({{"step_rounding", 0.011}}) == Names{"step_rounding"});
  CHECK(warned({{"endurance_used", 1.01}}) == Names{"endurance_used"});
  CHECK(warned({{"ais_converged", 0}}) == Names{"ais_converged"});
  CHECK(warned({{"trained_ais_converged", 0}}) == Names{"trained_ais_converged"});
}

TEST_CASE(
    "a model no better than independent units warns, whichever way its likelihood was found") {
  CHECK(warned({{"independent_units", -8}, {"test_log_likelihood", -8}}) ==
        Names{"test_log_likelihood"});
  CHECK(warned({{"independent_units", -8},
                {"ais_test_log_likelihood", -9},
                {"test_log_likelihood", -7}}) == Names{"ais_test_log_likelihood"});
  CHECK(warned({{"independent_units", -8}, {"trained_test_log_likelihood", -9}}) ==
        Names{"trained_test_log_likelihood"});
  CHECK(warned({{"test_log_likelihood", -9}}).empty());
}

TEST_CASE("a warning says how much") {
  results::Result result;
  result.quality = {{"ir_drop_estimate", 4.21, "1", ""}};
  REQUIRE(results::warnings_of(result).size() == 1);
  CHECK(results::warnings_of(result)[0].text.starts_with("wires would lose 421 % of the voltage"));
}

TEST_CASE("every figure that can warn is among those that are read for warnings") {
  const std::vector<std::string_view> names = results::warned_figures();
  for (const char* name : {"ir_drop_estimate", "adc_clipped", "endurance_used", "ais_converged",
                           "trained_ais_converged", "independent_units", "test_log_likelihood",
                           "ais_test_log_likelihood", "trained_test_log_likelihood"}) {
    CHECK(std::count(names.begin(), names.end(), name) == 1);
  }
}
