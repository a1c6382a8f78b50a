#pragma once

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

/// Chain of layers, each coupled with the next by its own array. Even and odd layers are drawn in
/// turn.
struct DeepBoltzmannModel : OptionalScores {
  static constexpr std::string_view name = "dbm";
  static constexpr std::string_view title = "deep Boltzmann machine";
  static constexpr std::string_view summary =
      "Deep Boltzmann machine: several hidden layers of binary units, each coupled with the next.";
  static constexpr std::string_view equation = "E(v,h) = -Σ_l b_l·h_l - Σ_l h_l W_l h_l+1, h_0 = v";
  static constexpr std::string_view source = "Salakhutdinov & Hinton, AISTATS 2009";
  static constexpr Family family = Family::boltzmann;

  std::vector<std::int64_t> hidden{16, 16};
  double weight_std = 0.01;
  static constexpr auto fields = core::Fields{
      core::field("hidden", &DeepBoltzmannModel::hidden, "", core::between(1, 1 << 20),
                  "units of each hidden layer, from the visible one on"),
      core::field("weight_std", &DeepBoltzmannModel::weight_std, "", core::between(0, 10),
                  "standard deviation of the initial weights, in logits"),
  };
  [[nodiscard]] std::string problem() const {
    return hidden.empty() ? "hidden is empty: expected the units of at least one hidden layer" : "";
  }

  [[nodiscard]] static std::string problem_with(core::Index, const Task& task) {
    return task.binary
               ? ""
               : "a machine of binary units learns examples of 0 and 1 (data without `white`)";
  }
  [[nodiscard]] NetworkPlan plan(core::Index units, core::Index) const {
    NetworkPlan out{{{"visible", units, Role::input, {}}}, {}};
    for (std::size_t l = 0; l < hidden.size(); ++l) {
      out.layers.push_back({fmt::format("hidden {}", l + 1), hidden[l], Role::hidden, {}});
      out.couplings.push_back({fmt::format("weights {}", l + 1), l, l + 1, weight_std, {}});
    }
    return out;
  }
  [[nodiscard]] static Figures figures(const Parameters& parameters, const Task& task,
                                       const Evaluation&) {
    return exact_figures(parameters, task);
  }
  [[nodiscard]] static Figures as_read(Network& network, const Task& task, const Reading& reading) {
    constexpr std::int64_t sweeps = 10;
    return reconstruction_as_read(network, task, sweeps, reading.reads);
  }
  [[nodiscard]] static Figures references(const Task& task) { return independent_figures(task); }
};

}  // namespace ohmlab::ebm
