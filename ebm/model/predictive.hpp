#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "../../core/fields.hpp"
#include "../activation.hpp"
#include "../family.hpp"
#include "../network_plan.hpp"
#include "../scores.hpp"

namespace ohmlab::ebm {

/// Predictive coding network: layers in a chain, each predicted from the one before. With its
/// inputs alone held, all errors are 0 and it is a multilayer network.
struct PredictiveModel : OptionalScores {
  static constexpr std::string_view name = "predictive";
  static constexpr std::string_view title = "predictive coding network";
  static constexpr std::string_view summary =
      "Predictive coding network: each layer predicts the next; it classifies by a forward pass.";
  static constexpr std::string_view equation =
      "E(x) = Σ_l (x_l - W_l f(x_l-1) - b_l)²/2, x_0 the inputs; f of inputs and outputs the "
      "identity";
  static constexpr std::string_view source =
      "Rao & Ballard, Nat. Neurosci. 2, 79 (1999); Whittington & Bogacz, Neural Comput. 29, 1229 "
      "(2017)";
  static constexpr Family family = Family::predictive;

  std::vector<std::int64_t> hidden{128};
  Activation activation = Activation::relu;
  double gain = 1;
  static constexpr auto fields = core::Fields{
      core::field("hidden", &PredictiveModel::hidden, "", core::between(1, 1 << 20),
                  "units of each hidden layer, from the inputs on; empty: inputs feed outputs"),
      core::field("activation", &PredictiveModel::activation, "function of hidden units"),
      core::field(
          "gain", &PredictiveModel::gain, "", core::above(0),
          "standard deviation of the initial weights, times the root of the layer's inputs"),
  };

  [[nodiscard]] static std::string problem_with(core::Index, const Task& task) {
    return task.classes > 0
               ? ""
               : "a predictive coding network learns classes: these data have no labels";
  }
  [[nodiscard]] NetworkPlan plan(core::Index units, core::Index classes) const {
    NetworkPlan out{{{"input", units, Role::input, {}}}, {}, false};
    for (std::size_t l = 0; l <= hidden.size(); ++l) {
      const double inputs = static_cast<double>(out.layers.back().units);
      if (l < hidden.size()) {
        out.layers.push_back({.name = fmt::format("hidden {}", l + 1),
                              .units = hidden[l],
                              .activation = activation});
      } else {
        out.layers.push_back({.name = "output", .units = classes, .role = Role::label});
      }
      out.couplings.push_back(
          {fmt::format("weights {}", l + 1), l, l + 1, gain / std::sqrt(inputs), {}});
    }
    return out;
  }
  [[nodiscard]] static Figures figures(const Parameters& parameters, const Task& task,
                                       const Evaluation&) {
    return forward_class_figures(parameters, task);
  }
  [[nodiscard]] static Figures as_read(Network& network, const Task& task, const Reading& reading) {
    return classes_as_read(network, task, reading.dynamics, 0, reading.reads);
  }
  [[nodiscard]] static Figures references(const Task&) { return {}; }
};

}  // namespace ohmlab::ebm
