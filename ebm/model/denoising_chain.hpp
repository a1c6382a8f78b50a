#pragma once

#include <cstdint>
#include <string>
#include <string_view>

#include <fmt/format.h>

#include "../../core/fields.hpp"
#include "../denoising_scores.hpp"
#include "../family.hpp"
#include "../network_plan.hpp"

namespace ohmlab::ebm {

/// A chain of restricted Boltzmann machines, each of which undoes one step of noise. The step of
/// noise is a field on the visible units, which is known and digital; machines share nothing and
/// learn side by side. Samples run the chain backwards from independent bits.
struct DenoisingChainModel {
  static constexpr std::string_view name = "denoising_chain";
  static constexpr std::string_view title = "denoising chain of RBMs";
  static constexpr std::string_view summary =
      "Denoising chain: restricted Boltzmann machines, each of an example after t steps of noise "
      "given it after t + 1; samples start from independent bits.";
  static constexpr std::string_view equation =
      "q flips each bit with probability flip a step; p(x^t|x^t+1) ∝ Σ_h exp(a·x^t + b·h + x^t W_t "
      "h + L (2 x^t+1 - 1)·x^t), L = ln((1 - flip)/flip)";
  static constexpr std::string_view source =
      "Jelinčič et al., arXiv 2510.23972 (2025); Sohl-Dickstein et al., ICML 2015. Machines are "
      "restricted Boltzmann machines here; the penalty on slow mixing is left out";
  static constexpr Family family = Family::boltzmann;

  std::int64_t steps = 4;
  double flip = 0.1;
  std::int64_t hidden = 16;
  double weight_std = 0.01;
  std::int64_t sweeps = 20;
  static constexpr auto fields = core::Fields{
      core::field("steps", &DenoisingChainModel::steps, "", core::between(1, 1000),
                  "steps of noise, with one machine each"),
      core::field("flip", &DenoisingChainModel::flip, "",
                  core::Range{.low = 0, .high = 0.5, .low_open = true, .high_open = true},
                  "probability that a step of noise flips a bit"),
      core::field("hidden", &DenoisingChainModel::hidden, "", core::between(1, 1 << 20),
                  "number of hidden units of each machine"),
      core::field("weight_std", &DenoisingChainModel::weight_std, "", core::between(0, 10),
                  "standard deviation of the initial weights, in logits"),
      core::field("sweeps", &DenoisingChainModel::sweeps, "", core::between(1, 1 << 20),
                  "Gibbs sweeps of each machine when samples are drawn through arrays"),
  };

  [[nodiscard]] static std::string problem_with(core::Index, const Task& task) {
    return task.binary ? ""
                       : "a denoising chain flips bits: expected examples of 0 and 1 (data without "
                         "`white`)";
  }
  [[nodiscard]] NetworkPlan plan(core::Index units, core::Index) const {
    NetworkPlan out;
    for (std::int64_t t = 0; t < steps; ++t) {
      out.layers.push_back({.name = fmt::format("visible {}", t),
                            .units = units,
                            .role = Role::input,
                            .noise = NoiseLevel{t, flip}});
    }
    for (std::int64_t t = 0; t < steps; ++t) {
      const auto visible = static_cast<std::size_t>(t), over = out.layers.size();
      out.layers.push_back({.name = fmt::format("hidden {}", t), .units = hidden});
      out.couplings.push_back({fmt::format("weights {}", t), visible, over, weight_std, {}});
    }
    return out;
  }
  [[nodiscard]] static Figures figures(const Parameters& parameters, const Task& task,
                                       const Evaluation&) {
    return denoising_figures(parameters, task);
  }
  [[nodiscard]] static Figures fitted(const Parameters&, const Task&) { return {}; }
  [[nodiscard]] static Figures annealed(const Parameters& parameters, const Task& task,
                                        const Evaluation& evaluation, std::uint64_t seed) {
    return annealed_denoising_figures(parameters, task, evaluation, seed);
  }
  [[nodiscard]] static Figures chain(const Network&) { return {}; }
  [[nodiscard]] Figures as_read(Network& network, const Task& task, const Reading& reading) const {
    return denoising_figures_as_read(network, task, sweeps, reading.reads);
  }
  [[nodiscard]] static Figures references(const Task& task) { return denoising_references(task); }
};

}  // namespace ohmlab::ebm
