#include "graph.hpp"

#include <algorithm>
#include <utility>
#include <vector>

namespace ohmlab::ebm {
namespace {

using core::Index;

/// Pairs of neighbours, the smaller number first, each once.
std::vector<std::pair<Index, Index>> edges_of(const GraphModel& model) {
  std::vector<std::pair<Index, Index>> edges;
  if (model.lattice == Lattice::edge_list) {
    require_graph_file(model.edges);
    for (const ListedEdge& edge : model.list->edges) edges.emplace_back(edge.i, edge.j);
    return edges;
  }
  const bool torus = model.lattice == Lattice::torus;
  const auto add = [&](Index row, Index col, Index down, Index right) {
    Index other_row = row + down, other_col = col + right;
    if (torus) {
      other_row %= model.height;
      other_col %= model.width;
    } else if (other_row >= model.height || other_col < 0 || other_col >= model.width) {
      return;
    }
    const Index a = row * model.width + col, b = other_row * model.width + other_col;
    if (a != b) edges.emplace_back(std::min(a, b), std::max(a, b));
  };
  for (Index row = 0; row < model.height; ++row) {
    for (Index col = 0; col < model.width; ++col) {
      add(row, col, 0, 1);
      add(row, col, 1, 0);
      if (model.lattice != Lattice::king) continue;
      add(row, col, 1, 1);
      add(row, col, 1, -1);
    }
  }
  std::sort(edges.begin(), edges.end());
  edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
  return edges;
}

/// Colour of each site: the smallest that no earlier neighbour has.
std::vector<std::size_t> colours_of(Index sites,
                                    const std::vector<std::pair<Index, Index>>& edges) {
  std::vector<std::vector<Index>> before(static_cast<std::size_t>(sites));
  for (const auto& [a, b] : edges) before[static_cast<std::size_t>(b)].push_back(a);
  std::vector<std::size_t> colours(before.size());
  for (std::size_t site = 0; site < colours.size(); ++site) {
    const auto taken = [&](std::size_t colour) {
      return std::any_of(before[site].begin(), before[site].end(), [&](Index other) {
        return colours[static_cast<std::size_t>(other)] == colour;
      });
    };
    while (taken(colours[site])) ++colours[site];
  }
  return colours;
}

}  // namespace

void GraphModel::read_files() {
  list.reset();
  const std::string text = read_graph_file(edges);
  if (!edges.digest.empty())
    list =
        std::make_shared<EdgeList>(EdgeList::parse(text, edges.resolved.string(), height * width));
}

NetworkPlan GraphModel::plan(Index units, Index) const {
  const auto pairs = edges_of(*this);
  const std::vector<std::size_t> colours = colours_of(units, pairs);
  NetworkPlan out;
  std::vector<Index> place(colours.size());
  for (std::size_t site = 0; site < colours.size(); ++site) {
    while (out.layers.size() <= colours[site])
      out.layers.push_back({fmt::format("colour {}", out.layers.size() + 1), 0, Role::input, {}});
    LayerPlan& layer = out.layers[colours[site]];
    place[site] = layer.units++;
    layer.columns.push_back(static_cast<Index>(site));
  }
  for (std::size_t a = 0; a < out.layers.size(); ++a) {
    for (std::size_t b = a + 1; b < out.layers.size(); ++b) {
      std::vector<std::pair<Index, Index>> at;
      for (const auto& [i, j] : pairs) {
        const auto p = static_cast<std::size_t>(i), q = static_cast<std::size_t>(j);
        if (colours[p] == a && colours[q] == b) at.emplace_back(place[p], place[q]);
        if (colours[q] == a && colours[p] == b) at.emplace_back(place[q], place[p]);
      }
      if (at.empty()) continue;
      std::sort(at.begin(), at.end());
      out.couplings.push_back({fmt::format("weights {}-{}", a + 1, b + 1), a, b, weight_std, {}});
      restrict_to(at, lattice == Lattice::edge_list, out, out.couplings.back());
    }
  }
  return out;
}

}  // namespace ohmlab::ebm
