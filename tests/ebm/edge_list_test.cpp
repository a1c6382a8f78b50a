// Graphs from files: the same network as a lattice with the same edges, and errors with file and
// line.
#include "ohmlab/ebm/edge_list.hpp"

#include <string>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/ebm/model/graph.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;
using core::Index;

namespace {

/// 1 where a coupling has a weight, in whichever form it is kept.
core::Matrix edges_of(const ebm::CouplingPlan& coupling) {
  return coupling.crossings ? coupling.crossings->dense() : coupling.edges;
}

/// Text of all edges of a plan, the last one first and with its ends turned round.
std::string text_of(const ebm::NetworkPlan& plan) {
  std::string out;
  for (const ebm::CouplingPlan& c : plan.couplings) {
    const core::Matrix edges = edges_of(c);
    for (Index p = 0; p < edges.rows(); ++p) {
      for (Index q = 0; q < edges.cols(); ++q) {
        if (edges(p, q) == 0) continue;
        out = std::to_string(plan.layers[c.cols].columns[static_cast<std::size_t>(q)]) + ", " +
              std::to_string(plan.layers[c.rows].columns[static_cast<std::size_t>(p)]) + "\n" + out;
      }
    }
  }
  return out;
}

std::string refused(const std::string& text) {
  try {
    static_cast<void>(ebm::EdgeList::parse(text, "g.csv", 4));
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

std::string refused_fields(const std::string& text) {
  try {
    static_cast<void>(ebm::parse_node_fields(text, "h.csv", 4));
  } catch (const core::UserError& error) {
    return error.what();
  }
  return "";
}

}  // namespace

TEST_CASE("a list of the edges of a lattice gives the network of the lattice") {
  for (const ebm::Lattice lattice : {ebm::Lattice::grid, ebm::Lattice::torus, ebm::Lattice::king}) {
    ebm::GraphModel regular{.lattice = lattice, .height = 4, .width = 5};
    const ebm::NetworkPlan expected = regular.plan(20, 0);
    ebm::GraphModel listed{.lattice = ebm::Lattice::edge_list, .height = 4, .width = 5};
    listed.list = std::make_shared<ebm::EdgeList>(
        ebm::EdgeList::parse("# all edges\ni, j\n" + text_of(expected), "g.csv", 20));
    const ebm::NetworkPlan plan = listed.plan(20, 0);
    REQUIRE(plan.layers.size() == expected.layers.size());
    for (std::size_t l = 0; l < plan.layers.size(); ++l)
      CHECK(plan.layers[l].columns == expected.layers[l].columns);
    REQUIRE(plan.couplings.size() == expected.couplings.size());
    for (std::size_t c = 0; c < plan.couplings.size(); ++c)
      CHECK(edges_of(plan.couplings[c]) == edges_of(expected.couplings[c]));
  }
}

TEST_CASE("couplings and fields of a list are read with their nodes") {
  const ebm::EdgeList list = ebm::EdgeList::parse("3, 0, -0.5\r\n\n1,2, 2e-1\n", "g.csv", 4);
  REQUIRE(list.edges.size() == 2);
  CHECK(list.has_couplings);
  CHECK((list.edges[0].i == 0 && list.edges[0].j == 3 && list.edges[0].coupling == -0.5));
  CHECK((list.edges[1].i == 1 && list.edges[1].j == 2 && list.edges[1].coupling == 0.2));
  CHECK(ebm::parse_node_fields("2, 0.5\n0, -1", "h.csv", 4) == std::vector<double>{-1, 0, 0.5, 0});
}

TEST_CASE("wrong lines of a list are refused with file and line") {
  CHECK(refused("0, 1\n2, 2\n").find("g.csv:2: 2, 2: an edge joins two") != std::string::npos);
  CHECK(refused("0, 1\n\n1, 4\n")
            .find("g.csv:3: \"4\": no such node: expected a whole number from "
                  "0 to 3") != std::string::npos);
  CHECK(refused("0, 1.5\n").find("g.csv:1") != std::string::npos);
  CHECK(refused("0, 1\n1, 2\n1, 0\n").find("g.csv:3: 1, 0: this edge stands in line 1") !=
        std::string::npos);
  CHECK(refused("0, 1\n1, 2, 0.5\n").find("g.csv:2: 3 numbers: expected 2") != std::string::npos);
  CHECK(refused("0\n").find("g.csv:1") != std::string::npos);
  CHECK(refused("0, x\n").find("g.csv:1: \"x\": expected a finite number") != std::string::npos);
  CHECK(refused("# nothing\n").find("at least one edge") != std::string::npos);
  CHECK(refused_fields("0, 1\n4, 1\n").find("h.csv:2: \"4\": no such node") != std::string::npos);
  CHECK(refused_fields("0, 1\n0, 2\n").find("h.csv:2: 0: this node stands in line 1") !=
        std::string::npos);
  CHECK(refused_fields("0, 1, 2\n").find("h.csv:1: 3 numbers") != std::string::npos);
}

TEST_CASE("a lattice and a file of edges exclude each other, and learning takes no couplings") {
  ebm::GraphModel graph{.lattice = ebm::Lattice::edge_list};
  CHECK(graph.problem().find("needs a file of edges") != std::string::npos);
  graph.edges.text = "g.csv";
  CHECK(graph.problem().empty());
  CHECK_THROWS_AS(graph.plan(9, 0), core::UserError);  // the file was not found
  graph.lattice = ebm::Lattice::grid;
  CHECK(graph.problem().find("expected lattice = \"edge_list\"") != std::string::npos);
  const core::Matrix none;
  const ebm::Task task{none, none};
  graph.list = std::make_shared<ebm::EdgeList>(ebm::EdgeList::parse("0, 1, 2.0", "g.csv", 9));
  CHECK(graph.problem_with(9, task).find("couplings are learned") != std::string::npos);
}
