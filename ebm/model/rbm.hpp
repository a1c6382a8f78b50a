#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "../family.hpp"
#include "../network_plan.hpp"
#include "../scores.hpp"

namespace ohmlab::ebm {

/// One visible and one hidden layer.
struct RbmModel {
  static constexpr std::string_view name = "rbm";
  static constexpr std::string_view title = "RBM";
  static constexpr std::string_view summary = "Restricted Boltzmann machine with binary units.";
  static constexpr std::string_view equation =
      "E(v,h) = -a·v - b·h - vWh; p(h_j=1|v) = s(b_j + (vW)_j), p(v_i=1|h) = s(a_i + (Wh)_i), s "
      "logistic";
  static constexpr std::string_view source =
      "Smolensky 1986; Hinton, Neural Comput. 14, 1771 (2002); Hinton, UTML TR 2010-003";
  static constexpr Family family = Family::boltzmann;

  std::int64_t hidden = 64;
  double weight_std = 0.01;
  static constexpr auto fields = core::Fields{
      core::field("hidden", &RbmModel::hidden, "", core::between(1, 1 << 20),
                  "number of hidden units"),
      core::field("weight_std", &RbmModel::weight_std, "", core::between(0, 10),
                  "standard deviation of the initial weights, in logits"),
  };

  [[nodiscard]] static std::string problem_with(core::Index, const Task& task) {
    return task.binary ? ""
                       : "an RBM of binary units learns examples of 0 and 1 (data without `white`)";
  }
  [[nodiscard]] NetworkPlan plan(core::Index units, core::Index) const {
    return {{{"visible", units, Role::input, {}}, {"hidden", hidden, Role::hidden, {}}},
            {{"weights", 0, 1, weight_std, {}}}};
  }
  [[nodiscard]] static RbmParameters sides(const Parameters& parameters) {
    return {parameters.weights[0], parameters.biases[0], parameters.biases[1]};
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
  [[nodiscard]] static Figures references(const Task& task) { return independent_figures(task); }
};

}  // namespace ohmlab::ebm
