#include "ohmlab/lab/validation/prices.hpp"

#include <cmath>
#include <set>

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {

validation::ScoredMacro row(const std::string& name, const std::string& chip, double node,
                            double measured, const validation::Prediction& predicted = {}) {
  validation::ScoredMacro out;
  out.macro.name = name;
  out.macro.chip = chip;
  out.macro.node = node;
  out.measured = measured;
  out.predicted = predicted;
  return out;
}

}  // namespace

TEST_CASE("a prediction does not know the chip that it is for") {
  const validation::MacroRecords records = validation::load_macro_records();
  std::vector<validation::Conversion> survey = validation::conversions(validation::load_survey());
  const auto before = validation::prior_scores(records, survey);
  // Ten times the joules of every surveyed point of one chip move no prediction of that chip.
  std::size_t moved = 0;
  for (validation::Conversion& point : survey) {
    if (point.chip != "neurram") continue;
    point.measured += std::log(10.0);
    ++moved;
  }
  REQUIRE(moved >= 5);
  const auto after = validation::prior_scores(records, survey);
  for (std::size_t i = 0; i < before.size(); ++i) {
    CAPTURE(before[i].macro.name);
    const bool same = before[i].macro.chip == "neurram";
    CHECK((before[i].predicted.median == after[i].predicted.median) == same);
    CHECK(before[i].predicted.p05 < before[i].predicted.median);
    CHECK(before[i].predicted.median < before[i].predicted.p95);
  }
}

TEST_CASE(
    "skill is the median factor, the share inside, the widest band and the mean interval score") {
  const validation::Skill s =
      validation::skill({row("a", "x", 1, 0.5, {0, -1, 1}), row("b", "x", 1, 2, {0, -1, 1}),
                         row("c", "x", 1, 1, {0, -2, 2})});
  CHECK(s.median_factor == Approx(std::exp(1.0)));
  CHECK(s.most_factor == Approx(std::exp(1.8)));  // of 1/2, 1 and 2, between the last two
  CHECK(s.inside == Approx(2.0 / 3));
  CHECK(s.widest == Approx(std::exp(4.0)));
  CHECK(s.score == Approx((2 + (2 + 20 * 1) + 4) / 3.0));
  CHECK(s.spread == Approx(std::sqrt((0.25 + 4 + 1) / 3)));
}

TEST_CASE("the regression leaves a row, or its chip, out") {
  const double e = std::exp(1.0);
  std::vector<validation::ScoredMacro> rows{row("a", "x", 1, 0), row("b", "y", e, 1),
                                            row("c", "z", e * e, 1), row("d", "w", e * e * e, 100),
                                            row("f", "w", e, 50)};
  const auto by_chip = validation::node_regression(
      rows,
      [](const validation::Macro& p, const validation::Macro& o) { return p.chip == o.chip; });
  CHECK(by_chip[3].predicted.median == Approx(5.0 / 3));  // of a, b and c: 1/6 + x/2 at x = 3
  const auto before = validation::node_regression(
      rows,
      [](const validation::Macro& p, const validation::Macro& o) { return p.name == o.name; });
  rows[3].measured = -7;
  const auto after = validation::node_regression(
      rows,
      [](const validation::Macro& p, const validation::Macro& o) { return p.name == o.name; });
  CHECK(before[3].predicted.median == after[3].predicted.median);
  CHECK(before[0].predicted.median != after[0].predicted.median);
}

TEST_CASE("every gate of prices says what was reached, and every row where it is from") {
  const validation::Validation v =
      validation::validate_prices(validation::load_macro_records(), validation::load_survey());
  std::set<std::string> names;
  for (const validation::Gate& gate : v.gates) {
    CHECK(names.insert(gate.name).second);
    CHECK(!gate.reached.empty());
    CHECK(gate.met == gate.cause.empty());
  }
  for (const validation::ValidationTable& table : v.tables) {
    CHECK(!table.rows.empty());
    for (const auto& cells : table.rows) {
      CHECK(cells.size() == table.head.size());
      CHECK(!cells.back().empty());
    }
  }
  std::size_t blind = 0;
  for (const validation::ValidationPoint& point : v.points) {
    blind += point.series == "blind";
    CHECK(point.measured > 0);
    CHECK(point.p05 <= point.median);
    CHECK(point.median <= point.p95);
  }
  CHECK(blind == 14);
}
