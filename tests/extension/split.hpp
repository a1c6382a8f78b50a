#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "../network_plan.hpp"
#include "../scores.hpp"

namespace ohmlab::ebm {

/// A restricted Boltzmann machine whose hidden units lie in two arrays beside each other. An
/// example of docs/adding.md.
struct SplitRbm : OptionalScores {
  static constexpr std::string_view name = "split";
  static constexpr std::string_view title = "RBM in two arrays";
  static constexpr std::string_view summary = "Restricted Boltzmann machine in two arrays.";
  static constexpr std::string_view equation =
      "E(v,h) = -b·v - c·h - v W_1 h_1 - v W_2 h_2, h = (h_1, h_2)";
  static constexpr std::string_view source = "an example";
  static constexpr Family family = Family::boltzmann;
  std::int64_t left = 4, right = 4;
  static constexpr auto fields = core::Fields{
      core::field("left", &SplitRbm::left, "", core::between(1, 1 << 20), "units of one array"),
      core::field("right", &SplitRbm::right, "", core::between(1, 1 << 20), "units of the other"),
  };

  [[nodiscard]] static std::string problem_with(core::Index, const Task& task) {
    return task.binary ? "" : "expected examples of 0 and 1 (data without `white`)";
  }
  [[nodiscard]] NetworkPlan plan(core::Index units, core::Index) const {
    constexpr double weight_std = 0.01;
    return {{{"visible", units, Role::input, {}},
             {"left", left, Role::hidden, {}},
             {"right", right, Role::hidden, {}}},
            {{"left weights", 0, 1, weight_std, {}}, {"right weights", 0, 2, weight_std, {}}}};
  }
  [[nodiscard]] static Figures figures(const Parameters& parameters, const Task& task,
                                       const Evaluation&) {
    return exact_figures(parameters, task);
  }
  [[nodiscard]] static Figures as_read(Network& network, const Task& task, const Reading& reading) {
    return reconstruction_as_read(network, task, 1, reading.reads);
  }
  [[nodiscard]] static Figures references(const Task& task) { return independent_figures(task); }
};

}  // namespace ohmlab::ebm
