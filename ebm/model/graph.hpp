#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../network_plan.hpp"
#include "../scores.hpp"

namespace ohmlab::ebm {

/// Neighbours on a lattice: four (grid), four with periodic edges (torus), or eight (king).
enum class Lattice { grid, torus, king };
constexpr std::array<std::string_view, 3> enum_names(Lattice) { return {"grid", "torus", "king"}; }

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
  static constexpr auto fields = core::Fields{
      core::field("lattice", &GraphModel::lattice, "which sites are neighbours"),
      core::field("height", &GraphModel::height, "", core::between(1, 4096),
                  "sites along one side"),
      core::field("width", &GraphModel::width, "", core::between(2, 4096),
                  "sites along the other side"),
      core::field("weight_std", &GraphModel::weight_std, "", core::between(0, 10),
                  "standard deviation of the initial weights, in logits"),
  };

  [[nodiscard]] std::string problem_with(core::Index units, const Task& task) const {
    if (!task.binary)
      return "a graph of binary units learns examples of 0 and 1 (data without `white`)";
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
