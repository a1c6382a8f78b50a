#include "ohmlab/lab/validation/law.hpp"

#include <algorithm>

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {
const validation::LawRow& row_of(const std::vector<validation::LawRow>& rows,
                                 const std::string& name) {
  const auto found =
      std::find_if(rows.begin(), rows.end(), [&](const auto& row) { return row.name == name; });
  REQUIRE(found != rows.end());
  return *found;
}
}  // namespace

TEST_CASE("120 P^2 / K over 6 P T / K is what the published parameters and tokens make it") {
  const auto rows = validation::law_rows(validation::load_training_records().runs, {});
  CHECK(row_of(rows, "GPT-3 175B").ratio() == Approx(11.7).epsilon(0.005));
  CHECK(row_of(rows, "Llama 3.1 405B").ratio() == Approx(0.52).epsilon(0.005));
  CHECK(row_of(rows, "Llama 3.1 8B").ratio() == Approx(0.011).epsilon(0.03));
  CHECK(row_of(rows, "DeepSeek-V3").ratio() == Approx(0.91).epsilon(0.005));
  CHECK(row_of(rows, "Llama 4 Maverick").ratio() == Approx(0.36).epsilon(0.02));
  CHECK(row_of(rows, "GLaM 64B/64E, 600B tokens").ratio() == Approx(40));
}

TEST_CASE("experts work with their active parameters, dense models with all that are published") {
  const auto rows = validation::law_rows(validation::load_training_records().runs, {});
  const validation::LawRow& deepseek = row_of(rows, "DeepSeek-V3");
  CHECK(deepseek.active == Approx(37e9).epsilon(0.05));
  CHECK(deepseek.token_flops == Approx(6 * deepseek.active * 14.8e12));
  const validation::LawRow& llama = row_of(rows, "LLaMA 65B");
  CHECK(llama.law_flops == Approx(120 * 65.2e9 * 65.2e9));
  CHECK(llama.token_hours == Approx(6 * 65.2e9 * 1.4e12 / (312e12 * 0.32) / 3600));
}

TEST_CASE("timed steps are no training runs, and runs that are no evidence are not scored") {
  const auto rows = validation::law_rows(validation::load_training_records().runs, {});
  for (const validation::LawRow& row : rows) {
    CAPTURE(row.name);
    CHECK(row.tokens >= row.active);
    CHECK(row.name.find("MLPerf") == std::string::npos);
  }
  CHECK_FALSE(row_of(rows, "GPT-3 175B").unscored.empty());
  const validation::Validation said = validation::validate_law(validation::load_training_records());
  CHECK(said.tables.front().rows.size() == rows.size());
}
