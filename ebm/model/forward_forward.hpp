#pragma once

#include <cmath>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../goodness_scores.hpp"
#include "../network_plan.hpp"

namespace ohmlab::ebm {

/// Forward-forward network: layers in a chain, each with a goodness of its own. The label is part
/// of the input. Its lines have an array of their own, so that one read of an example serves all
/// labels that are tried with it.
struct ForwardForwardModel : OptionalScores {
  static constexpr std::string_view name = "forward_forward";
  static constexpr std::string_view title = "forward-forward network";
  static constexpr std::string_view summary =
      "Forward-forward network: rectified layers with a goodness each; the label is an input, and "
      "the class is the label of most goodness.";
  static constexpr std::string_view equation =
      "h_l = max(0, W_l x_l-1 + b_l), x_0 = (label, example), x_l = h_l/|h_l|, g_l = Σ h_l² or its "
      "mean; class = argmax over labels of Σ_l g_l";
  static constexpr std::string_view source = "Hinton, arXiv 2212.13345 (2022)";
  static constexpr Family family = Family::forward;

  std::vector<std::int64_t> hidden{128};
  GoodnessOf goodness = GoodnessOf::sum;
  double threshold = 2;
  bool first_counts = true;
  double gain = 1;
  static constexpr auto fields = core::Fields{
      core::field("hidden", &ForwardForwardModel::hidden, "", core::between(1, 1 << 20),
                  "units of each hidden layer, from the inputs on"),
      core::field("goodness", &ForwardForwardModel::goodness,
                  "goodness of a layer: sum or mean of its squared activities"),
      core::field("threshold", &ForwardForwardModel::threshold, "", core::between(0, 1e6),
                  "goodness at which a layer holds an example for positive with probability 1/2"),
      core::field(
          "first_counts", &ForwardForwardModel::first_counts,
          "true if the goodness of the first of several hidden layers counts for the class"),
      core::field(
          "gain", &ForwardForwardModel::gain, "", core::above(0),
          "standard deviation of the initial weights, times the root of the layer's inputs"),
  };
  [[nodiscard]] std::string problem() const {
    return hidden.empty() ? "hidden is empty: expected the units of at least one layer" : "";
  }

  [[nodiscard]] static std::string problem_with(core::Index, const Task& task) {
    return task.classes > 1 ? ""
                            : "a forward-forward network tells right labels from wrong ones: these "
                              "data do not have two classes";
  }
  [[nodiscard]] NetworkPlan plan(core::Index units, core::Index classes) const {
    NetworkPlan out{
        {{"input", units, Role::input, {}}, {"label", classes, Role::label, {}}}, {}, false};
    core::Index inputs = units + classes;
    for (std::size_t l = 0; l < hidden.size(); ++l) {
      const std::size_t layer = out.layers.size();
      const double spread = gain / std::sqrt(static_cast<double>(inputs));
      const bool counts = first_counts || l > 0 || hidden.size() == 1;
      out.layers.push_back({.name = fmt::format("hidden {}", l + 1),
                            .units = hidden[l],
                            .activation = Activation::relu,
                            .goodness = Goodness{goodness, threshold, counts}});
      out.couplings.push_back(
          {fmt::format("weights {}", l + 1), l == 0 ? 0 : layer - 1, layer, spread, {}});
      if (l == 0) out.couplings.push_back({"label weights", 1, layer, spread, {}});
      inputs = hidden[l];
    }
    return out;
  }
  [[nodiscard]] static Figures figures(const Parameters& parameters, const Task& task,
                                       const Evaluation&) {
    return goodness_figures(parameters, task);
  }
  [[nodiscard]] static Figures as_read(Network& network, const Task& task, const Reading& reading) {
    return goodness_figures_as_read(network, task, reading.reads);
  }
  [[nodiscard]] static Figures references(const Task&) { return {}; }
};

}  // namespace ohmlab::ebm
