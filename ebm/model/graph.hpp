#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "../../core/fields.hpp"
#include "../edge_list.hpp"
#include "../family.hpp"
#include "../network_plan.hpp"
#include "../scores.hpp"

namespace ohmlab::ebm {

/// Neighbours on a lattice: four (grid), four with periodic edges (torus), or eight (king). Or
/// those that a file names (edge_list).
enum class Lattice { grid, torus, king, edge_list };
constexpr std::array<std::string_view, 4> enum_names(Lattice) {
  return {"grid", "torus", "king", "edge_list"};
}

/// Reason why a lattice and a file of edges do not go together, or "".
[[nodiscard]] inline std::string edges_problem(Lattice lattice, const core::DataPath& edges) {
  if (lattice == Lattice::edge_list && edges.text.empty())
    return "lattice = \"edge_list\" needs a file of edges: expected edges = \"FILE\"";
  if (lattice != Lattice::edge_list && !edges.text.empty())
    return "edges names a file, which a lattice does not read: expected lattice = \"edge_list\"";
  return "";
}

/// An Ising model: visible units at the sites of a lattice, coupled along its edges only. Sites of
/// one colour are not neighbours. Each colour is a layer; each pair of coupled colours has an
/// array.
///
/// Units are 0 or 1. In spins of ±1, J_ij = W_ij/4 and field_i = b_i/2 + Σ_j W_ij/4.
struct GraphModel : OptionalScores {
  static constexpr std::string_view name = "graph";
  static constexpr std::string_view title = "Ising model on a graph";
  static constexpr std::string_view summary =
      "Boltzmann machine of visible units that are coupled along the edges of a lattice (an Ising "
      "model).";
  static constexpr std::string_view equation =
      "E(s) = -Σ_i b_i s_i - Σ_edges W_ij s_i s_j, s of 0 or 1";
  static constexpr std::string_view source = "Ackley, Hinton & Sejnowski, Cogn. Sci. 9, 147 (1985)";
  static constexpr Family family = Family::boltzmann;

  Lattice lattice = Lattice::grid;
  std::int64_t height = 3, width = 3;
  double weight_std = 0.01;
  core::DataPath edges;
  static constexpr auto fields = core::Fields{
      core::field("lattice", &GraphModel::lattice, "which sites are neighbours"),
      core::field("height", &GraphModel::height, "", core::between(1, 4096),
                  "sites along one side"),
      core::field("width", &GraphModel::width, "", core::between(2, 4096),
                  "sites along the other side"),
      core::field("weight_std", &GraphModel::weight_std, "", core::between(0, 10),
                  "standard deviation of the initial weights, in logits"),
      core::field(
          "edges", &GraphModel::edges,
          "file with a line \"i, j\" for each edge of an edge_list (docs/machines.md); sites "
          "are numbered from 0, row by row"),
  };
  std::shared_ptr<const EdgeList> list;  ///< edges of the file; null if none was read

  [[nodiscard]] std::string problem() const { return edges_problem(lattice, edges); }
  void read_files();

  [[nodiscard]] std::string problem_with(core::Index units, const Task& task) const {
    if (!task.binary)
      return "a graph of binary units learns examples of 0 and 1 (data without `white`)";
    if (list && list->has_couplings)
      return "couplings are learned: expected a file of edges with lines \"i, j\"";
    if (units == height * width) return "";
    return fmt::format(
        "model.height x model.width is {} x {} = {}: expected the {} units of an example", height,
        width, height * width, units);
  }
  [[nodiscard]] NetworkPlan plan(core::Index units, core::Index classes) const;
  [[nodiscard]] static Figures figures(const Parameters& parameters, const Task& task,
                                       const Evaluation&) {
    return exact_figures(parameters, task);
  }
  [[nodiscard]] static Figures as_read(Network& network, const Task& task, const Reading& reading) {
    return conditionals_as_read(network, task, reading.reads);
  }
  [[nodiscard]] static Figures references(const Task& task) { return independent_figures(task); }
};

}  // namespace ohmlab::ebm
