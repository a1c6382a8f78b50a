#include "ohmlab/lab/foundation/machine_cost.hpp"

#include "ohmlab/core/errors.hpp"

#include "tests/catch.hpp"
#include "tests/contains.hpp"

using namespace ohmlab;

namespace {

/// One array of 4 converters that programs itself, then reads ten examples in two phases.
results::System small() {
  cost::Tally tally;
  const auto weights = tally.component("weights");
  {
    const cost::Tally::Stage stage(tally, "start: program");
    tally.post(weights, cost::Action::adc_convert, {.count = 7, .serial = 7, .parameter = 8});
  }
  for (const char* phase : {"train: data phase", "train: model phase"}) {
    const cost::Tally::Stage stage(tally, phase);
    tally.post(weights, cost::Action::array_read,
               {.count = 10, .serial = 10, .joules = 1e-12, .seconds = 1e-6});
    tally.post(weights, cost::Action::adc_convert, {.count = 40, .serial = 10, .parameter = 8});
  }
  tally.hold(weights, cost::Part::adc, 4, 8);
  tally.hold(weights, cost::Part::edge_lane, 8);
  return {"simulated",     "", "", cost::Machine::array, 100, 10, 10, tally.entries(),
          tally.holdings()};
}

const cost::Entry& entry(const results::System& system, const std::string& stage,
                         cost::Action action, const std::string& component = "weights") {
  for (const cost::Entry& e : system.tally) {
    if (e.stage == stage && e.action == action && e.component == component) return e;
  }
  FAIL("no such entry");
  throw std::logic_error("no such entry");
}

}  // namespace

TEST_CASE(
    "counts grow with parameters and examples, time with examples alone, programming with "
    "parameters") {
  const results::System big =
      foundation::scaled(small(), {.parameters = 1000, .examples = 50, .steps = 3}, false);
  CHECK(big.parameters == 1e5);
  CHECK(big.examples == 500);
  const cost::Entry& data = entry(big, "train: data phase", cost::Action::array_read);
  CHECK(data.count == 10.0 * 1000 * 50);
  CHECK(data.joules == Approx(1e-12 * 1000 * 50));
  CHECK(data.serial == 10.0 * 50);
  CHECK(data.seconds == Approx(1e-6 * 50));
  const cost::Entry& model = entry(big, "train: model phase", cost::Action::array_read);
  CHECK(model.count == 3 * data.count);
  CHECK(model.seconds == Approx(3 * data.seconds));
  CHECK(entry(big, "start: program", cost::Action::adc_convert).count == 7.0 * 1000);
  CHECK(big.holdings[0].count == 4.0 * 1000);
}

TEST_CASE("conversions of more tiles are added up, those of one tile are not") {
  const results::System same = foundation::scaled(small(), {.examples = 50}, false);
  for (const cost::Entry& e : same.tally) CHECK(e.component == "weights");
  const results::System big = foundation::scaled(small(), {.parameters = 2}, false);
  double count = 0;
  for (const cost::Entry& e : big.tally) {
    if (e.component != "partial sums of tiles") continue;
    count += e.count;
    CHECK(e.action == cost::Action::edge_add);
    CHECK(e.parameter == 9);      // two numbers of 8 bits
    CHECK(e.serial == 40.0 / 8);  // each of the tiles adds its own on its own lanes
    CHECK((e.stage == "train: data phase" || e.stage == "train: model phase"));
  }
  CHECK(count == 2 * 80.0);  // without those that verified the programming
}

TEST_CASE(
    "sums and inputs of more tiles pass one border each, of which one in a chip's side is a link") {
  cost::Tally tally;
  const auto weights = tally.component("weights");
  {
    const cost::Tally::Stage stage(tally, "train: data phase");
    tally.post(weights, cost::Action::adc_convert, {.count = 40, .serial = 10, .parameter = 8});
    tally.post(weights, cost::Action::dac_drive, {.count = 60, .serial = 10, .parameter = 7});
  }
  tally.hold(weights, cost::Part::edge_lane, 8);
  const results::System one{
      "simulated", "", "", cost::Machine::array, 100, 10, 10, tally.entries(), tally.holdings()};
  const cost::Mesh mesh{.tiles_per_chip = 16, .flit_bits = 50};
  const results::System big = foundation::scaled(one, {.parameters = 1000, .mesh = mesh}, false);
  const double bits = 40 * 13 + 60 * 7;  // of one tile; a sum of 31.6 numbers of 8 bits has 13
  const cost::Entry& hop =
      entry(big, "train: data phase", cost::Action::network_hop, "network of tiles");
  const cost::Entry& link =
      entry(big, "train: data phase", cost::Action::chip_link, "network of tiles");
  CHECK(hop.count == Approx(1000 * bits * 3 / 4));
  CHECK(link.count == Approx(1000 * bits / 4));
  CHECK(hop.serial == Approx(bits / 50 * 3 / 4));
  CHECK(link.serial == Approx(bits / 50 / 4));
  double routers = 0;
  for (const cost::Holding& h : big.holdings) routers += h.part == cost::Part::router ? h.count : 0;
  CHECK(routers == 1000);
  for (const cost::Entry& e : foundation::scaled(one, {.examples = 3, .mesh = mesh}, false).tally)
    CHECK(e.component == "weights");
}

TEST_CASE(
    "a digital accelerator does its work alone: time grows with parameters, and it stays one") {
  cost::Tally tally;
  const auto chip = tally.component("chip");
  tally.post(chip, cost::Action::flop_fp32, {.count = 5, .serial = 5});
  tally.hold(chip, cost::Part::accelerator, 1);
  const results::System one{
      "twin", "", "", cost::Machine::accelerator, 100, 10, 10, tally.entries(), tally.holdings()};
  const results::System big = foundation::scaled(one, {.parameters = 1000, .examples = 50}, true);
  CHECK(big.tally[0].serial == 5.0 * 1000 * 50);
  CHECK(big.holdings[0].count == 1);
}

TEST_CASE("hosts draw their watts for the whole time, as many as there are") {
  cost::Prices prices = cost::default_prices();
  prices.places.at("array").times = {};  // their doubt would hide that about the number of hosts
  const results::System system = small();
  const foundation::MachineCost one =
      foundation::machine_cost(system, prices, "array", {.draws = 100});
  const foundation::MachineCost ten =
      foundation::machine_cost(system, prices, "array", {.draws = 100}, 10);
  const double host = prices.places.at("array").around->host->median;
  CHECK((ten.node - one.node).nominal == Approx(9 * host * one.seconds.nominal));
  CHECK(ten.core.nominal == one.core.nominal);
  CHECK(ten.facility.nominal == Approx(ten.node.nominal * prices.facility->pue.median));
  const foundation::MachineCost wide =
      foundation::machine_cost(system, prices, "array", {.draws = 4000}, 10, 1.5);
  CHECK(wide.node.nominal == Approx(ten.node.nominal));
  CHECK(wide.node.band().p95 > 2 * ten.node.band().p95);
}

TEST_CASE("a place without prices, and one that has no node around it, are refused by name") {
  const cost::Prices prices = cost::default_prices();
  CHECK_THROWS_WITH(foundation::machine_cost(small(), prices, "moon", {}),
                    ContainsSubstring("places.moon"));
  CHECK_THROWS_WITH(foundation::machine_cost(small(), prices, "ideal_7nm", {}),
                    ContainsSubstring("places.ideal_7nm.around"));
}
