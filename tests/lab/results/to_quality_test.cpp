#include "ohmlab/lab/results/to_quality.hpp"

#include <cmath>
#include <limits>

#include "ohmlab/core/errors.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"
#include "tests/temp_folder.hpp"

using namespace ohmlab;
using results::Goal;
using results::Toward;

namespace {

cost::Entry entry(cost::Action action, double count, double seconds) {
  return {.stage = "train",
          .component = "weights",
          .action = action,
          .count = count,
          .seconds = seconds};
}

/// Metrics at epochs 0, 5, 10 and 20, by when 10, 50, 100 and 200 additions were done in 1, 5, 10
/// and 20 s, on an array; 3 products of floats stand for machines that nobody ran.
results::Result trained(const std::vector<double>& up,
                        const std::vector<double>& down = {3, 2, 2.5, 1}) {
  results::Result out;
  out.axis.values = {0, 5, 10, 20};
  out.metrics = {{"log_likelihood", up, "nat", ""}, {"loss", down, "bit", ""}};
  const auto system = [](const char* name, const char* title, bool digital,
                         const cost::Entry& did) {
    return results::System{.name = name,
                           .title = title,
                           .machine = digital ? cost::Machine::accelerator : cost::Machine::array,
                           .examples = 400,
                           .tokens = 800,
                           .tally = {did}};
  };
  out.systems = {
      system("simulated", "the array", false, entry(cost::Action::edge_add, 200, 20)),
      system("rbm_digital", "its twin", true, entry(cost::Action::flop_fp32, 3, 0)),
      system("transformer_digital", "a transformer", true, entry(cost::Action::flop_fp32, 3, 0))};
  out.history.system = "simulated";
  for (const double count : {10.0, 50.0, 100.0, 200.0}) {
    out.history.done.push_back({entry(cost::Action::edge_add, count, count / 10)});
  }
  return out;
}

template <class P>
P certain(double value) {
  P price;
  price.median = price.p05 = price.p95 = value;
  price.source = "made for a test";
  return price;
}

/// 2 J for an addition on the array, 7 J for a product elsewhere.
cost::Prices two_places() {
  cost::Prices out;
  out.places["array"].energy["edge_add"] = certain<cost::EnergyPrice>(2);
  out.places["gpu"].energy["flop_fp32"] = certain<cost::EnergyPrice>(7);
  return out;
}

results::QualityBill billed(const results::Result& result, const Goal& goal) {
  const cost::Prices prices = two_places();
  cost::Pricer pricer(prices, {.draws = 3});
  return results::bill_to(results::approach(result, goal), pricer);
}

std::string refusal(const results::Result& result, const Goal& goal) {
  return message_of<core::UserError>([&] { static_cast<void>(results::approach(result, goal)); });
}

}  // namespace

TEST_CASE(
    "what ran is billed to the first evaluation there and to the one before, and nothing else is") {
  const results::QualityBill bill =
      billed(trained({-10, -8, -9, -5}), {"log_likelihood", -8.5, {}});
  const results::Approach& run = bill.approach;
  CHECK(run.reached);
  CHECK(run.toward == Toward::up);
  CHECK(run.unit == "nat");
  CHECK(run.axis == "epoch");
  CHECK(run.sight.at == 5);  // it falls back afterwards
  CHECK(run.sight.value == -8);
  REQUIRE(run.before);
  CHECK(run.before->at == 0);
  CHECK(run.before->value == -10);
  REQUIRE(bill.bills.size() == 1);
  CHECK(bill.bills[0].system == "simulated");
  CHECK(bill.bills[0].place == "array");
  CHECK(bill.bills[0].bill.lines_total().nominal == Approx(2 * 50));
  CHECK(bill.bills[0].bill.lines_total().values.size() == 3);
  CHECK(bill.bills[0].bill.seconds.nominal == Approx(5));
  CHECK(bill.bills[0].examples == 100);
  CHECK(bill.bills[0].tokens == 200);
  REQUIRE(bill.bills_before.size() == 1);
  CHECK(bill.bills_before[0].bill.lines_total().nominal == Approx(2 * 10));
  CHECK(bill.bills_before[0].examples == 0);
  CHECK(run.unknown == std::vector<std::string>{"its twin", "a transformer"});
}

TEST_CASE("a metric above its target is to come down to it") {
  const results::QualityBill bill = billed(trained({0, 0, 0, 0}), {"loss", 2.25, {}});
  CHECK(bill.approach.toward == Toward::down);
  CHECK(bill.approach.sight.at == 5);
  CHECK(bill.approach.unit == "bit");
  CHECK(billed(trained({0, 0, 0, 0}), {"loss", 2, {}}).approach.sight.at ==
        5);  // exactly there is there
  CHECK(billed(trained({0, 0, 0, 0}), {"loss", 1.5, {}}).approach.sight.at == 20);
  CHECK(billed(trained({0, 0, 0, 0}), {"loss", 1.5, {}}).approach.before->at == 10);
}

TEST_CASE(
    "what is there at the first evaluation is billed for what it did before it, without a "
    "bracket") {
  for (const auto toward : {std::optional<Toward>{}, std::optional{Toward::up}}) {
    const results::QualityBill bill =
        billed(trained({-10, -8, -9, -5}), {"log_likelihood", -10, toward});
    CHECK(bill.approach.reached);
    CHECK(bill.approach.sight.at == 0);
    CHECK_FALSE(bill.approach.before);
    CHECK(bill.bills[0].bill.lines_total().nominal == Approx(2 * 10));
    CHECK(bill.bills_before.empty());
  }
}

TEST_CASE("the direction is told by the first value unless it is given") {
  const results::Result result = trained({-10, -8, -9, -5});
  const results::QualityBill down = billed(result, {"log_likelihood", -12, {}});
  CHECK(down.approach.toward == Toward::down);
  CHECK_FALSE(down.approach.reached);
  const results::QualityBill up = billed(result, {"log_likelihood", -12, Toward::up});
  CHECK(up.approach.reached);
  CHECK(up.approach.sight.at == 0);
  CHECK(billed(result, {"log_likelihood", -9, Toward::down}).approach.sight.at == 0);
}

TEST_CASE("a metric that falls back is there first and stays there later, or never") {
  const results::Result result = trained({-10, -8, -9, -5});
  CHECK(results::approach(result, {"log_likelihood", -8.5, {}}).stays->at == 20);
  CHECK(results::approach(result, {"log_likelihood", -9.5, {}}).stays->at == 5);
  CHECK(results::approach(result, {"log_likelihood", -10, {}}).stays->at == 0);
  CHECK_FALSE(results::approach(trained({-10, -8, -9, -9}), {"log_likelihood", -8.5, {}}).stays);
  CHECK_FALSE(results::approach(result, {"log_likelihood", -1, {}}).stays);
  CHECK(results::approach(result, {"loss", 2.25, {}}).stays->at == 20);
}

TEST_CASE("a target that is never reached has no bill, and says how near it came") {
  const results::QualityBill bill = billed(trained({-10, -4, -9, -5}), {"log_likelihood", -1, {}});
  CHECK_FALSE(bill.approach.reached);
  CHECK(bill.approach.sight.at == 5);
  CHECK(bill.approach.sight.value == -4);
  CHECK(bill.approach.last.at == 20);
  CHECK_FALSE(bill.approach.before);
  CHECK(bill.bills.empty());
  CHECK(bill.bills_before.empty());
}

TEST_CASE("what is not a number is at no target") {
  const double none = std::numeric_limits<double>::quiet_NaN();
  const results::QualityBill bill =
      billed(trained({none, -8, none, -5}), {"log_likelihood", -6, Toward::up});
  CHECK(bill.approach.sight.at == 20);
  CHECK(std::isnan(bill.approach.before->value));
  CHECK(billed(trained({none, -8, none, none}), {"log_likelihood", -6, Toward::up})
            .approach.sight.at == 5);
  CHECK_THAT(refusal(trained({none, -8, none, -5}), {"log_likelihood", -6, {}}),
             ContainsSubstring("its first value does not tell which way it is to go"));
}

TEST_CASE("an unknown metric is answered with its neighbour and all there are") {
  CHECK(refusal(trained({0, 0, 0, 0}), {"los", 1, {}}) ==
        "los: no such metric, did you mean \"loss\"?; there are log_likelihood, loss");
  CHECK(refusal({}, {"loss", 1, {}}) ==
        "metrics: none are stored: this experiment is not evaluated on the way");
}

TEST_CASE("a result without a history says so") {
  results::Result result = trained({-10, -8, -9, -5});
  result.history = {};
  CHECK(refusal(result, {"loss", 1, {}}) ==
        "history: what had been done at each epoch is not stored: only experiments that train a "
        "model keep it");
}

TEST_CASE("what cannot be billed is not billed to a quality either, and keeps its reason") {
  results::Result result = trained({-10, -8, -9, -5});
  result.systems[0].unpriced = "cited v_read";
  const results::QualityBill bill = billed(result, {"log_likelihood", -8.5, {}});
  CHECK(bill.approach.reached);
  REQUIRE(bill.bills.size() == 1);
  CHECK(bill.bills[0].unpriced == "cited v_read");
  CHECK_FALSE(bill.bills[0].bill.core);
}
