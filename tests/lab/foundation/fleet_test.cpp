#include "ohmlab/lab/foundation/fleet.hpp"

#include <cmath>

#include "tests/catch.hpp"

using namespace ohmlab;
using cost::Draws;
using foundation::Fleet;
using foundation::MachineCost;

namespace {

constexpr cost::DrawOptions options{.draws = 3000, .seed = 5};

cost::Share certain(double value) { return {value, {}, {}, cost::Evidence::assumed, "a test"}; }

Draws all(double value) { return {value, std::vector<double>(3000, value)}; }

MachineCost some_cost() {
  return {all(2), all(8), all(10), all(100), all(5), all(60), {{"adc_convert", all(2), all(0)}}};
}

Fleet exact_fleet() {
  Fleet fleet;
  fleet.utilisation = certain(0.5);
  fleet.goodput = certain(0.8);
  fleet.spares = certain(1.25);
  fleet.link = {1e-12, {}, {}, cost::Evidence::assumed, "a test"};
  return fleet;
}

}  // namespace

TEST_CASE("losses of a large machine multiply its work, its time and its hardware") {
  cost::Outlook outlook(options);
  const MachineCost found = foundation::with_losses(some_cost(), exact_fleet(), 0, outlook);
  const double work = 1 / (0.5 * 0.8);
  CHECK(found.core.nominal == Approx(2 * work));
  CHECK(found.node.nominal == Approx(8 * work));
  CHECK(found.facility.nominal == Approx(10 * work));
  CHECK(found.co2.nominal == Approx(5 * work));
  CHECK(found.dollars.nominal == Approx(100 * work * 1.25));
  CHECK(found.seconds.nominal == Approx(60 / 0.8));
  CHECK(found.actions[0].joules.nominal == Approx(2 * work));
}

TEST_CASE("links add joules at the node, and the facility's in proportion") {
  cost::Outlook outlook(options);
  const double work = 1 / (0.5 * 0.8), links = 4e12 * 1e-12 / 0.8;
  const MachineCost found = foundation::with_losses(some_cost(), exact_fleet(), 4e12, outlook);
  CHECK(found.core.nominal == Approx(2 * work));
  CHECK(found.node.nominal == Approx(8 * work + links));
  CHECK(found.facility.nominal / found.node.nominal == Approx(10.0 / 8));
  CHECK(found.co2.nominal / found.node.nominal == Approx(5.0 / 8));
}

TEST_CASE("no draw works more than all of the time") {
  cost::Outlook outlook(options);
  Fleet fleet = exact_fleet();
  fleet.utilisation = {0.9, 0.5, 1.62, cost::Evidence::assumed, "a test"};
  const MachineCost found = foundation::with_losses(some_cost(), fleet, 0, outlook);
  for (const double joules : found.core.values) REQUIRE(joules >= 2 / 0.8 * (1 - 1e-12));
  CHECK(found.core.band().p95 == Approx(2 / (0.5 * 0.8)).epsilon(0.06));
}

TEST_CASE("bits between hosts are those at the border of a host's square of tiles") {
  results::System arrays;
  arrays.tally = {{"train", "net", cost::Action::network_hop, 0, 600, 1, 0, 0},
                  {"train", "net", cost::Action::chip_link, 0, 200, 1, 0, 0},
                  {"train", "net", cost::Action::edge_add, 16, 999, 1, 0, 0}};
  CHECK(foundation::bits_between_hosts(arrays, 64) == Approx(100));
  CHECK(foundation::bits_between_hosts(arrays, 1) == Approx(800));
  CHECK(foundation::bits_between_hosts(arrays, 0.1) == Approx(800));
}

TEST_CASE("shares beyond one and too few tiles are refused") {
  Fleet fleet = exact_fleet();
  CHECK(fleet.problem().empty());
  fleet.utilisation = certain(1.2);
  CHECK(fleet.problem() == "utilisation: expected a median above 0, at most 1");
  fleet = exact_fleet();
  fleet.goodput = certain(0);
  CHECK(fleet.problem() == "goodput: expected a median above 0, at most 1");
  fleet = exact_fleet();
  fleet.spares = certain(0.9);
  CHECK(fleet.problem() == "spares: expected a median at least 1");
}
