#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "../class_scores.hpp"
#include "../family.hpp"
#include "../network_plan.hpp"

namespace ohmlab::ebm {

/// One visible layer, one label of which exactly one unit is on, and one hidden layer that both are
/// coupled with. It learns the joint law of images and labels; p(label | image) is exact.
struct ClassRbmModel : OptionalScores {
  static constexpr std::string_view name = "class_rbm";
  static constexpr std::string_view title = "classification RBM";
  static constexpr std::string_view summary =
      "Restricted Boltzmann machine over examples and their labels; it classifies by the exact law "
      "of a label given its example.";
  static constexpr std::string_view equation =
      "E(v,y,h) = -a·v - d·y - b·h - vWh - yUh, one y on; p(y|v) = softmax_y(d_y + Σ_j "
      "ln(1 + exp(b_j + (vW)_j + U_yj)))";
  static constexpr std::string_view source = "Larochelle & Bengio, ICML 2008";
  static constexpr Family family = Family::boltzmann;

  std::int64_t hidden = 64;
  double weight_std = 0.01;
  static constexpr auto fields = core::Fields{
      core::field("hidden", &ClassRbmModel::hidden, "", core::between(1, 1 << 20),
                  "number of hidden units"),
      core::field("weight_std", &ClassRbmModel::weight_std, "", core::between(0, 10),
                  "standard deviation of the initial weights, in logits"),
  };

  [[nodiscard]] static std::string problem_with(core::Index, const Task& task) {
    if (!task.binary)
      return "an RBM of binary units learns examples of 0 and 1 (data without `white`)";
    return task.classes > 1 ? "" : "a classification RBM learns classes: these data have no labels";
  }
  [[nodiscard]] NetworkPlan plan(core::Index units, core::Index classes) const {
    return {{{"visible", units, Role::input, {}},
             {"label", classes, Role::label, {}, {SoftmaxUnits{}}},
             {"hidden", hidden, Role::hidden, {}}},
            {{"weights", 0, 2, weight_std, {}}, {"label weights", 1, 2, weight_std, {}}}};
  }
  [[nodiscard]] static Figures figures(const Parameters& parameters, const Task& task,
                                       const Evaluation&) {
    return class_rbm_figures(parameters, task);
  }
  [[nodiscard]] static Figures as_read(Network& network, const Task& task, const Reading& reading) {
    return class_rbm_figures_as_read(network, task, reading.reads);
  }
  [[nodiscard]] static Figures references(const Task& task) { return independent_figures(task); }
};

}  // namespace ohmlab::ebm
