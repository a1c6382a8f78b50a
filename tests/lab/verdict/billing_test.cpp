#include "ohmlab/lab/verdict/billing.hpp"

#include "tests/catch.hpp"
#include "tests/cost/made_price.hpp"

using namespace ohmlab;
using namespace ohmlab::verdict;

namespace {

cost::Entry additions(double count) {
  return {.stage = "train",
          .component = "weights",
          .action = cost::Action::edge_add,
          .count = count,
          .seconds = count / 10};
}

/// A training whose quality goes up by one at each evaluation, with `step` additions for each.
results::Result trained(double start, double step, cost::Machine machine) {
  results::Result out;
  out.axis.values = {0, 1, 2, 3};
  out.metrics = {{"quality", {start, start + 1, start + 2, start + 3}, "nat", ""}};
  out.systems = {{.name = "simulated", .title = "it", .machine = machine, .examples = 3}};
  out.systems[0].tally = {additions(3 * step)};
  out.history.system = "simulated";
  for (const double n : {0.0, 1.0, 2.0, 3.0}) out.history.done.push_back({additions(n * step)});
  return out;
}

/// 2 J for an addition on the array; 3 J on a chip, 5 J on a slow one, and a bound of 1 J.
cost::Prices prices() {
  cost::Prices out;
  const auto place = [&](const std::string& name, double joules, cost::Machine machine) {
    cost::Rates& rates = out.places[name];
    rates.title = name;
    rates.machine = machine;
    rates.energy["edge_add"] = around<cost::EnergyPrice>(joules);
  };
  place("array", 2, cost::Machine::array);
  place("chip_b", 3, cost::Machine::chip);
  place("chip_a", 5, cost::Machine::chip);
  place("limit", 1, cost::Machine::chip);
  out.places["limit"].bound = true;
  return out;
}

const cost::DrawOptions options{.draws = 4000};

}  // namespace

TEST_CASE("curves of known prices are billed half way to their level, and compared") {
  const cost::Prices list = prices();
  cost::Pricer pricer(list, options);
  const std::vector<Group> groups{{"analog",
                                   "",
                                   {{"slow", {trained(-10, 6, cost::Machine::array)}},
                                    {"quick", {trained(-9, 4, cost::Machine::array)}}}},
                                  {"chip", "", {{"only", {trained(-8, 4, cost::Machine::chip)}}}}};
  const Rung found = rung(groups, "quality", -7, pricer, options);
  REQUIRE(found.machines.size() == 3);  // a bound is no machine
  // slow arrives at 3 of its steps, quick at 2, the digital one at 1
  CHECK(found.machines[0].setting == "quick");
  CHECK(found.machines[0].cost[0]->nominal == Approx(2 * 4 * 1.5));
  CHECK(found.machines[1].title == "chip_a");
  CHECK(found.machines[1].cost[0]->nominal == Approx(5 * 4 * 0.5));
  CHECK(found.machines[2].cost[0]->nominal == Approx(3 * 4 * 0.5));
  CHECK(found.cheapest[0] == 2);
  CHECK_FALSE(found.machines[2].cost[2]);  // the list has no node
  CHECK_FALSE(found.cheapest[2]);
  CHECK(found.machines[2].against[0]->factor.nominal == Approx(6.0 / 12));
  CHECK(found.machines[0].cost[3]->nominal == Approx(0.4 * 1.5));  // s
  // Uniform from 8 to 16 J against 0 to 12 J: the first is cheaper in a triangle of 4 × 4 / 2 of
  // the 8 × 12 J². Bound: below 1e-6 of all seeds are farther off.
  CHECK(found.machines[2].against[0]->ahead == Approx(1.0 / 12).margin(0.022));
  REQUIRE(found.parts.size() == 1);
  CHECK(found.parts[0].share == Approx(1));
}

TEST_CASE("a level that the analog machine does not reach has no analog cost") {
  const cost::Prices list = prices();
  cost::Pricer pricer(list, options);
  const std::vector<Group> groups{{"analog", "", {{"a", {trained(-10, 6, cost::Machine::array)}}}},
                                  {"chip", "", {{"d", {trained(-8, 4, cost::Machine::chip)}}}}};
  const Rung found = rung(groups, "quality", -5, pricer, options);
  CHECK(found.machines[0].reached == 0);
  CHECK_FALSE(found.machines[0].cost[0]);
  CHECK(found.machines[1].reached == 1);
  CHECK(found.machines[1].against[0]->ahead == 0);
  CHECK(found.parts.empty());
}
