#include "ohmlab/cost/levers.hpp"

#include "ohmlab/core/config.hpp"
#include "ohmlab/core/errors.hpp"
#include "ohmlab/core/field_values.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"

using namespace ohmlab;
using cost::LeverOutcome;

namespace {

cost::Levers levers_of(const std::string& text) {
  return core::read<cost::Levers>(core::parse_config(text, "levers.toml"));
}

/// Levers of this text that are on.
double saved(const std::string& text, LeverOutcome outcome, bool interactions) {
  const cost::Levers levers = levers_of(text);
  std::vector<cost::LeverEntry> on;
  for (const cost::LeverEntry& lever : levers.entries()) {
    if (lever.set->on) on.push_back(lever);
  }
  cost::Outlook outlook({.draws = 50});
  return cost::saving(on, outcome, interactions, outlook).nominal;
}

const std::string off = R"(
supercomputing = {on = false}
data_reduction = {on = false}
model_partitioning = {on = false}
training_algorithms = {on = false}
data_formats = {on = false}
efficient_hardware = {on = false}
competitive_accelerators = {on = false}
)";

std::string only(std::string text, const std::string& lever, const std::string& set) {
  const std::string was = lever + " = {on = false}";
  text.replace(text.find(was), was.size(), lever + " = {" + set + "}");
  return text;
}

}  // namespace

TEST_CASE("there are seven levers, each with a source, and no figure is said to be the paper's") {
  const cost::Levers levers;
  REQUIRE(levers.entries().size() == 7);
  for (const cost::LeverEntry& lever : levers.entries()) {
    CAPTURE(lever.name);
    CHECK(lever.source.size() > 40);
    CHECK(lever.source.find("2404.08811") == std::string_view::npos);
    CHECK(lever.set->p05 < lever.set->factor);
    CHECK(lever.as_shipped);
  }
}

TEST_CASE("a lever divides what it acts on and nothing else") {
  const std::string formats = only(off, "data_formats", "factor = 2, p05 = 2, p95 = 2");
  CHECK(saved(formats, LeverOutcome::flops, true) == 1);
  CHECK(saved(formats, LeverOutcome::hours, true) == 2);
  CHECK(saved(formats, LeverOutcome::joules, true) == 2);
  CHECK(saved(formats, LeverOutcome::dollars, true) == 2);
  const std::string hardware = only(off, "efficient_hardware", "factor = 3, p05 = 3, p95 = 3");
  CHECK(saved(hardware, LeverOutcome::hours, true) == 1);
  CHECK(saved(hardware, LeverOutcome::joules, true) == 3);
  const std::string tokens = only(off, "data_reduction", "factor = 4, p05 = 4, p95 = 4");
  CHECK(saved(tokens, LeverOutcome::flops, true) == 4);
  const std::string price = only(off, "competitive_accelerators", "factor = 5, p05 = 5, p95 = 5");
  CHECK(saved(price, LeverOutcome::dollars, true) == 5);
  CHECK(saved(price, LeverOutcome::joules, true) == 1);
}

TEST_CASE("what is in two levers counts once") {
  const auto both = [&](double share) {
    const std::string hardware = only(
        off, "efficient_hardware",
        "factor = 6, p05 = 6, p95 = 6, contains = {data_formats = " + std::to_string(share) + "}");
    return only(hardware, "data_formats", "factor = 4, p05 = 4, p95 = 4");
  };
  CHECK(saved(both(0.5), LeverOutcome::joules, false) == Approx(24));
  CHECK(saved(both(0), LeverOutcome::joules, true) == Approx(24));
  CHECK(saved(both(0.5), LeverOutcome::joules, true) == Approx(12));  // 24 over the root of 4
  CHECK(saved(both(1), LeverOutcome::joules, true) == Approx(6));     // the container alone
  CHECK(saved(both(1), LeverOutcome::hours, true) ==
        Approx(4));  // where the container does not act
}

TEST_CASE("an overlap is never larger than the lever that holds it") {
  const std::string hardware = only(off, "efficient_hardware",
                                    "factor = 2, p05 = 2, p95 = 2, contains = {data_formats = 1}");
  const std::string both = only(hardware, "data_formats", "factor = 8, p05 = 8, p95 = 8");
  CHECK(saved(both, LeverOutcome::joules, true) == Approx(8));  // not 2
}

TEST_CASE("levers that hold what there is not, or each other, are refused where they stand") {
  CHECK_THROWS_WITH(levers_of("data_formats = {contains = {magic = 0.5}}"),
                    ContainsSubstring("data_formats.contains.magic: no such lever"));
  CHECK_THROWS_WITH(levers_of("data_formats = {contains = {efficient_hardware = 0.5}}"),
                    ContainsSubstring("each holds the other"));
  CHECK_THROWS_WITH(levers_of("data_formats = {contains = {data_formats = 1}}"),
                    ContainsSubstring("does not hold itself"));
  CHECK_THROWS_WITH(levers_of("data_formats = {factor = 0.5}"), ContainsSubstring("p05 <= factor"));
  CHECK_THROWS_WITH(levers_of("\nsupercomputing = {factor = -2}"),
                    ContainsSubstring("levers.toml:2"));
  CHECK_THROWS_WITH(levers_of("data_formats = {contains = {supercomputing = 2}}"),
                    ContainsSubstring("from 0 to 1"));
}
