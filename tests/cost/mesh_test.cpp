// Ways between tiles, against steps that are walked one by one.
#include "ohmlab/cost/mesh.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;
using cost::Action;
using cost::Mesh;

TEST_CASE("a number that walks along tiles passes a link wherever a chip ends") {
  for (const int per_chip : {1, 3, 4, 9, 64}) {
    int side = 1;
    while ((side + 1) * (side + 1) <= per_chip) ++side;
    const Mesh mesh{.tiles_per_chip = per_chip};
    for (int tiles = 1; tiles <= 40; ++tiles) {
      CAPTURE(per_chip, tiles);
      int hops = 0, links = 0;
      for (int at = 1; at < tiles; ++at) ++(at % side == 0 ? links : hops);
      CHECK(mesh.along(tiles).hops == hops);
      CHECK(mesh.along(tiles).links == links);
    }
    const Mesh::Way many = mesh.over(1000);
    CHECK(many.hops + many.links == Approx(1000));
    CHECK(many.links == Approx(1000.0 / side));
  }
}

TEST_CASE(
    "bits pass every border, and a message takes its flits and then a step for every further "
    "border") {
  const Mesh mesh{.tiles_per_chip = 4, .flit_bits = 100};
  // Five tiles in chips of two by two: borders 1, 3 within chips, 2, 4 between them.
  const Mesh::Carried carried = mesh.carried(1000, mesh.along(5), 7, 250);
  CHECK(carried.hops.count == 2000);
  CHECK(carried.links.count == 2000);
  CHECK(carried.hops.serial == 7 * (3 + 1));
  CHECK(carried.links.serial == 7 * (3 + 1));
  cost::Tally tally;
  const auto weights = tally.component("weights");
  Mesh::post(tally, weights, mesh.carried(1000, mesh.along(1), 7, 250));
  Mesh::post(tally, weights, mesh.carried(0, mesh.along(5), 7, 0));
  CHECK(tally.entries().empty());
  Mesh::post(tally, weights, mesh.carried(1000, mesh.along(2), 1, 100));
  REQUIRE(tally.entries().size() == 1);
  CHECK(tally.entries()[0].action == Action::network_hop);
  CHECK(tally.entries()[0].serial == 1);
}
