#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../network_plan.hpp"
#include "../scores.hpp"

namespace ohmlab::ebm {

/// Deep resistive network: layers of nodes joined by variable resistors, between ideal diodes.
/// Voltage sources hold the inputs and, since conductances cannot be negative, their negatives.
/// Half of the nodes of a hidden layer stay above ground, the others below.
///
/// Voltages are in units of the targets, which are 0 and 1. Output nodes have no diodes.
struct ResistiveModel : OptionalScores {
  static constexpr std::string_view name = "resistive";
  static constexpr std::string_view title = "deep resistive network";
  static constexpr std::string_view summary =
      "Deep resistive network: nodes joined by variable resistors settle between ideal diodes, "
      "from "
      "voltage sources at the inputs to one output a class.";
  static constexpr std::string_view equation =
      "E(v) = Σ_l Σ_jk g_l,jk (v_l,j - v_l+1,k)²/2 - b_l·v_l, v_0 = input_gain (x, -x); hidden "
      "nodes v >= 0 or v <= 0";
  static constexpr std::string_view source =
      "Kendall et al., arXiv 2006.01981 (2020); Scellier, arXiv 2402.11674 (2024)";
  static constexpr Family family = Family::resistive;

  std::vector<std::int64_t> hidden{128};
  double input_gain = 100;
  double hidden_scale = 10;
  double gain = 1;
  std::int64_t settle_steps = 8;
  static constexpr auto fields = core::Fields{
      core::field("hidden", &ResistiveModel::hidden, "", core::between(2, 1 << 20),
                  "nodes of each hidden layer, from the inputs on; empty: inputs feed outputs"),
      core::field("input_gain", &ResistiveModel::input_gain, "", core::above(0),
                  "voltage of an input of 1, in voltages of a target of 1"),
      core::field("hidden_scale", &ResistiveModel::hidden_scale, "", core::above(0),
                  "hidden voltage that drivers turn into their full scale, in voltages of a target "
                  "of 1"),
      core::field("gain", &ResistiveModel::gain, "", core::above(0),
                  "bound of the uniform law of initial conductances, times the root of the layer's "
                  "inputs; the lower half of the law is set to 0"),
      core::field("settle_steps", &ResistiveModel::settle_steps, "", core::between(1, 100000),
                  "sweeps after which test examples are classified"),
  };

  [[nodiscard]] static std::string problem_with(core::Index, const Task& task) {
    return task.classes > 0 ? ""
                            : "a deep resistive network learns classes: these data have no labels";
  }
  [[nodiscard]] NetworkPlan plan(core::Index units, core::Index classes) const {
    NetworkPlan out{.bias_at_log_odds = false, .resistive = true};
    out.layers.push_back({.name = "input",
                          .units = 2 * units,
                          .role = Role::input,
                          .gain = input_gain,
                          .mirrored = true,
                          .full_scale = input_gain});
    for (std::size_t l = 0; l <= hidden.size(); ++l) {
      const double inputs = static_cast<double>(out.layers.back().units);
      if (l < hidden.size()) {
        out.layers.push_back({.name = fmt::format("hidden {}", l + 1),
                              .units = hidden[l],
                              .full_scale = hidden_scale,
                              .diodes = Diodes::half});
      } else {
        out.layers.push_back({.name = "output", .units = classes, .role = Role::label});
      }
      out.couplings.push_back({.name = fmt::format("conductances {}", l + 1),
                               .rows = l,
                               .cols = l + 1,
                               .weight_std = gain / std::sqrt(inputs),
                               .initial = Initial::rectified_uniform});
    }
    return out;
  }
  [[nodiscard]] Figures figures(const Parameters& parameters, const Task& task,
                                const Evaluation&) const {
    return class_figures(parameters, task, settle_steps);
  }
  [[nodiscard]] Figures as_read(Network& network, const Task& task, const Reading& reading) const {
    return classes_as_read(network, task, reading.dynamics, settle_steps, reading.reads);
  }
  [[nodiscard]] static Figures references(const Task&) { return {}; }
};

}  // namespace ohmlab::ebm
