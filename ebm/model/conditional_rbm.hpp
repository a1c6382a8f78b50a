#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "../class_scores.hpp"
#include "../family.hpp"
#include "../network_plan.hpp"

namespace ohmlab::ebm {

/// The classification RBM with its example held in every phase: it learns the law of the label
/// given the example, and nothing about examples.
struct ConditionalRbmModel : OptionalScores {
  static constexpr std::string_view name = "conditional_rbm";
  static constexpr std::string_view title = "conditional RBM";
  static constexpr std::string_view summary =
      "Restricted Boltzmann machine of labels given their examples, which are held in every phase; "
      "the law of a label is exact.";
  static constexpr std::string_view equation =
      "E(y,h|x) = -d·y - b·h - xWh - yUh, one y on; p(y|x) = softmax_y(d_y + Σ_j ln(1 + exp(b_j + "
      "(xW)_j + U_yj)))";
  static constexpr std::string_view source =
      "Mnih, Larochelle & Hinton, UAI 2011; Larochelle & Bengio, ICML 2008";
  static constexpr Family family = Family::boltzmann;

  std::int64_t hidden = 64;
  double weight_std = 0.01;
  static constexpr auto fields = core::Fields{
      core::field("hidden", &ConditionalRbmModel::hidden, "", core::between(1, 1 << 20),
                  "number of hidden units"),
      core::field("weight_std", &ConditionalRbmModel::weight_std, "", core::between(0, 10),
                  "standard deviation of the initial weights, in logits"),
  };

  [[nodiscard]] static std::string problem_with(core::Index, const Task& task) {
    return task.classes > 1 ? "" : "a conditional RBM learns labels: these data have none";
  }
  [[nodiscard]] NetworkPlan plan(core::Index units, core::Index classes) const {
    return {{{"context", units, Role::context, {}},
             {"label", classes, Role::label, {}, {SoftmaxUnits{}}},
             {"hidden", hidden, Role::hidden, {}}},
            {{"weights", 0, 2, weight_std, {}}, {"label weights", 1, 2, weight_std, {}}}};
  }
  [[nodiscard]] static Figures figures(const Parameters& parameters, const Task& task,
                                       const Evaluation&) {
    return label_figures(parameters, task);
  }
  [[nodiscard]] static Figures as_read(Network& network, const Task& task, const Reading& reading) {
    return class_rbm_figures_as_read(network, task, reading.reads);
  }
  [[nodiscard]] static Figures references(const Task& task) { return label_references(task); }
};

}  // namespace ohmlab::ebm
