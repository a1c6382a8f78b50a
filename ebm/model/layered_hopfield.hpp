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

/// Chain of layers of continuous units, from the inputs to one output per class. It settles to a
/// minimum of its energy.
struct LayeredHopfieldModel : OptionalScores {
  static constexpr std::string_view name = "hopfield_layers";
  static constexpr std::string_view title = "layered Hopfield network";
  static constexpr std::string_view summary =
      "Continuous Hopfield network of layers, from the inputs to one output a class; classifies at "
      "rest.";
  static constexpr std::string_view equation =
      "E(s) = Σ_l s_l²/2 - b_l·s_l - Σ_l s_l W_l s_l+1, s_0 the inputs, s in [0, 1]";
  static constexpr std::string_view source =
      "Hopfield, PNAS 81, 3088 (1984); Scellier & Bengio, Front. Comput. Neurosci. 11, 24 (2017)";
  static constexpr Family family = Family::hopfield;

  std::vector<std::int64_t> hidden{128};
  double gain = 1;
  std::int64_t settle_steps = 30;
  static constexpr auto fields = core::Fields{
      core::field("hidden", &LayeredHopfieldModel::hidden, "", core::between(1, 1 << 20),
                  "units of each hidden layer, from the inputs on; empty: inputs feed outputs"),
      core::field(
          "gain", &LayeredHopfieldModel::gain, "", core::above(0),
          "standard deviation of the initial weights, times the root of the layer's inputs"),
      core::field("settle_steps", &LayeredHopfieldModel::settle_steps, "", core::between(1, 100000),
                  "sweeps after which test examples are classified"),
  };

  [[nodiscard]] static std::string problem_with(core::Index, const Task& task) {
    return task.classes > 0
               ? ""
               : "a layered Hopfield network learns classes: these data have no labels";
  }
  [[nodiscard]] NetworkPlan plan(core::Index units, core::Index classes) const {
    NetworkPlan out{{{"input", units, Role::input, {}}}, {}, false};
    for (std::size_t l = 0; l <= hidden.size(); ++l) {
      const double inputs = static_cast<double>(out.layers.back().units);
      if (l < hidden.size()) {
        out.layers.push_back({fmt::format("hidden {}", l + 1), hidden[l], Role::hidden, {}});
      } else {
        out.layers.push_back({"output", classes, Role::label, {}});
      }
      out.couplings.push_back(
          {fmt::format("weights {}", l + 1), l, l + 1, gain / std::sqrt(inputs), {}});
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
