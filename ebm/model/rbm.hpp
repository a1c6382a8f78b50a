#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../network_plan.hpp"
#include "../scores.hpp"

namespace ohmlab::ebm {

/// One visible layer of a chosen kind and one hidden layer of binary units.
struct RbmModel {
  static constexpr std::string_view name = "rbm";
  static constexpr std::string_view title = "RBM";
  static constexpr std::string_view summary =
      "Restricted Boltzmann machine with binary hidden units; visible units are binary, Gaussian "
      "or "
      "groups of which one is on.";
  static constexpr std::string_view equation =
      "E(v,h) = -a·v - b·h - vWh; p(h_j=1|v) = s(b_j + (vW)_j), p(v_i=1|h) = s(a_i + (Wh)_i), s "
      "logistic; with Gaussian units v/sigma in the place of v";
  static constexpr std::string_view source =
      "Smolensky 1986; Hinton, Neural Comput. 14, 1771 (2002); Hinton, UTML TR 2010-003";
  static constexpr Family family = Family::boltzmann;

  std::int64_t hidden = 64;
  double weight_std = 0.01;
  Units units;
  static constexpr auto fields = core::Fields{
      core::field("hidden", &RbmModel::hidden, "", core::between(1, 1 << 20),
                  "number of hidden units"),
      core::field("weight_std", &RbmModel::weight_std, "", core::between(0, 10),
                  "standard deviation of the initial weights, in logits"),
      core::field("units", &RbmModel::units, "kind of the visible units"),
  };

  [[nodiscard]] std::string problem_with(core::Index, const Task& task) const {
    for (const core::Matrix* examples : {&task.train, &task.test}) {
      std::string problem =
          units.visit([&](const auto& law) { return law.problem_with(*examples, task.binary); });
      if (!problem.empty()) return problem;
    }
    return "";
  }
  [[nodiscard]] NetworkPlan plan(core::Index count, core::Index) const {
    return {{{.name = "visible",
              .units = count,
              .role = Role::input,
              .law = units,
              .gain = 1 / units.scale(),
              .full_scale = units.visit([](const auto& law) { return law.reach(); })},
             {"hidden", hidden, Role::hidden, {}}},
            {{"weights", 0, 1, weight_std, {}}}};
  }
  [[nodiscard]] static RbmParameters sides(const Parameters& parameters) {
    return {parameters.weights[0], parameters.biases[0], parameters.biases[1],
            parameters.plan.layers[0].law};
  }
  [[nodiscard]] static Figures figures(const Parameters& parameters, const Task& task,
                                       const Evaluation& evaluation) {
    return rbm_figures(sides(parameters), task, evaluation);
  }
  [[nodiscard]] static Figures fitted(const Parameters& parameters, const Task& task) {
    return fitted_figures(sides(parameters), task);
  }
  [[nodiscard]] static Figures annealed(const Parameters& parameters, const Task& task,
                                        const Evaluation& evaluation, std::uint64_t seed) {
    return annealed_figures(sides(parameters), task, evaluation, seed);
  }
  [[nodiscard]] static Figures chain(const Network& network) {
    return chain_figures(sides(network.parameters()), network.weights());
  }
  [[nodiscard]] static Figures as_read(Network& network, const Task& task, const Reading& reading) {
    return rbm_figures_as_read(network, task, reading.evaluation, reading.reads);
  }
  [[nodiscard]] Figures references(const Task& task) const {
    return independent_figures(task, units);
  }
};

}  // namespace ohmlab::ebm
