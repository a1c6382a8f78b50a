#include "ohmlab/lab/results/comparison.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;
using cost::Draws;
using cost::Machine;
using results::PricedSystem;

namespace {

PricedSystem row(const char* system, const char* place, Machine machine, double core, double node,
                 double seconds = 1) {
  PricedSystem out;
  out.system = system;
  out.place = place;
  out.machine = machine;
  out.algorithm = "rbm";
  out.bill.core = Draws{core, {core * 0.5, core, core * 4}};
  if (node > 0) out.bill.node = Draws{node, {node, node, node}};
  out.bill.seconds = Draws{seconds, {seconds, seconds, seconds}};
  return out;
}

std::vector<PricedSystem> rows() {
  return {row("simulated", "array", Machine::array, 2, 10),
          row("rbm_digital", "gpu", Machine::accelerator, 400, 800),
          row("rbm_digital_int8", "gpu", Machine::accelerator, 100, 200),
          row("rbm_digital_chip", "macro", Machine::chip, 4, 5, 0.25)};
}

}  // namespace

TEST_CASE("the headline is against the digital machine that is cheapest at the node") {
  std::vector<PricedSystem> all = rows();
  all[0].bill.host = Draws{8, {8, 8, 8}};
  all[3].bill.host = Draws{2, {2, 2, 2}};
  const auto found = results::compared(all);
  REQUIRE(found);
  CHECK(found->subject == &all[0]);
  REQUIRE(found->rivals.size() == 3);
  const results::Rival& best = found->rivals[0];
  CHECK(best.row == &all[3]);
  CHECK(best.core->band.nominal == 2);
  CHECK(best.node->band.nominal == 0.5);
  CHECK(best.node->above_one == 0);
  CHECK(best.core->above_one == 1);  // both bands are of the same draws, so they cancel
  CHECK(best.without_hosts->band.nominal == (5.0 - 2) / (10 - 8));
  CHECK(best.seconds.band.nominal == 0.25);
  CHECK(found->rivals[1].row == &all[2]);
  CHECK(found->first_float->row == &all[1]);
  CHECK(found->first_cheapest->row == &all[2]);
}

TEST_CASE("other trainings, bounds and machines without a bill are no rivals") {
  std::vector<PricedSystem> all = rows();
  all[3].algorithm = "transformer";
  CHECK(results::compared(all)->rivals[0].row == &all[2]);
  all[2].bound = true;
  CHECK(results::compared(all)->rivals[0].row == &all[1]);
  all[1].unpriced = "room";
  CHECK_FALSE(results::compared(all));
}

TEST_CASE("nothing is compared that has no bill, is digital itself or did not train") {
  std::vector<PricedSystem> all = rows();
  all[0].unpriced = "voltages";
  CHECK_FALSE(results::compared(all));
  all = rows();
  all[0].machine = Machine::chip;
  CHECK_FALSE(results::compared(all));
  all = rows();
  all[0].algorithm.clear();
  CHECK_FALSE(results::compared(all));
  CHECK_FALSE(results::compared({}));
}

TEST_CASE("machines without a node come after those with one") {
  std::vector<PricedSystem> all = rows();
  all[3].bill.node.reset();
  const auto found = results::compared(all);
  CHECK(found->rivals[0].row == &all[2]);
  CHECK(found->rivals[2].row == &all[3]);
  CHECK_FALSE(found->rivals[2].node);
}
