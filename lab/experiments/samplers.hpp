#pragma once

#include <array>
#include <cmath>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include <fmt/format.h>

#include "../../core/fields.hpp"
#include "../../ebm/neurons.hpp"
#include "../../ebm/tempered.hpp"

/// Ways to draw from a known law. All of them sweep by block Gibbs sampling, colour after colour;
/// they differ in the inverse temperatures of the sweeps, as shares of that of the law.
namespace ohmlab::experiments {

struct GibbsSampler {
  static constexpr std::string_view name = "gibbs";
  static constexpr std::string_view summary =
      "Block Gibbs sampling: every sweep is at the inverse temperature of the law.";
  static constexpr std::string_view equation = "s_i ~ p(s_i | neighbours), colour after colour";
  static constexpr std::string_view source = "Geman & Geman, IEEE PAMI 6, 721 (1984)";
  static constexpr core::Fields<> fields{};

  [[nodiscard]] static std::optional<ebm::Ladder> ladder() { return {}; }
  [[nodiscard]] static ebm::Tempered at(std::int64_t, std::int64_t) { return {}; }
  [[nodiscard]] static std::string problem_with(const ebm::Neuron&, std::int64_t) { return ""; }
};

/// Reason why neurons cannot draw at other inverse temperatures, or "".
[[nodiscard]] inline std::string scaling_problem(ebm::Scaling scaling, const ebm::Neuron& neuron) {
  if (scaling == ebm::Scaling::drivers || neuron.gives_means()) return "";
  return fmt::format(
      "sampler.scaling = \"field\" needs neurons that give numbers before they decide; the noise "
      "of "
      "a \"{}\" has one temperature (use sampler.scaling = \"drivers\", or neuron = \"adc\")",
      neuron.kind());
}

/// Draws are the states of the replica at the inverse temperature of the law.
struct ParallelTempering {
  static constexpr std::string_view name = "parallel_tempering";
  static constexpr std::string_view summary =
      "Each chain has hotter replicas; before a sweep, neighbours exchange states, even and odd "
      "pairs in turn.";
  static constexpr std::string_view equation =
      "exchange of m, n with probability min(1, exp((b_m - b_n)(E_m - E_n)))";
  static constexpr std::string_view source =
      "Swendsen & Wang, Phys. Rev. Lett. 57, 2607 (1986); Hukushima & Nemoto, J. Phys. Soc. Jpn. "
      "65, 1604 (1996); turns: Syed et al., J. R. Stat. Soc. B 84, 321 (2022)";

  std::vector<double> inv_temps{1, 0.8, 0.6, 0.4, 0.2};
  ebm::Scaling scaling = ebm::Scaling::drivers;
  static constexpr auto fields = core::Fields{
      core::field("inv_temps", &ParallelTempering::inv_temps, "", core::between(0, 1),
                  "inverse temperatures of the replicas as shares of inv_temp, falling from 1"),
      core::field("scaling", &ParallelTempering::scaling, ebm::scaling_meaning),
  };

  [[nodiscard]] std::string problem() const { return std::string(ebm::ladder_problem(inv_temps)); }
  [[nodiscard]] std::optional<ebm::Ladder> ladder() const { return {{inv_temps, scaling}}; }
  [[nodiscard]] static ebm::Tempered at(std::int64_t, std::int64_t) { return {}; }
  [[nodiscard]] std::string problem_with(const ebm::Neuron& neuron, std::int64_t) const {
    return scaling_problem(scaling, neuron);
  }
};

/// Course of the inverse temperature over the burn-in: equal steps, or equal ratios.
enum class AnnealingCourse { linear, geometric };
constexpr std::array<std::string_view, 2> enum_names(AnnealingCourse) {
  return {"linear", "geometric"};
}

/// Simulated annealing that ends at the law. Draws follow at its own inverse temperature.
struct Annealing {
  static constexpr std::string_view name = "annealing";
  static constexpr std::string_view summary =
      "Simulated annealing: over the burn-in, the inverse temperature rises to that of the law; "
      "draws follow there.";
  static constexpr std::string_view equation =
      "sweep k of n: b_k = start + (1 - start) k/n, or start^(1 - k/n); b = 1 from k = n on";
  static constexpr std::string_view source =
      "Kirkpatrick, Gelatt & Vecchi, Science 220, 671 (1983)";

  double start = 0.1;
  AnnealingCourse course = AnnealingCourse::linear;
  ebm::Scaling scaling = ebm::Scaling::drivers;
  static constexpr auto fields = core::Fields{
      core::field("start", &Annealing::start, "",
                  core::Range{.low = 0, .high = 1, .high_open = true},
                  "inverse temperature of the first sweep as a share of inv_temp"),
      core::field("course", &Annealing::course,
                  "inverse temperatures in equal steps (linear) or in equal ratios (geometric)"),
      core::field("scaling", &Annealing::scaling, ebm::scaling_meaning),
  };

  [[nodiscard]] std::string problem() const {
    return course == AnnealingCourse::geometric && start == 0
               ? "start is 0: expected a number above 0, which ratios can start from"
               : "";
  }
  [[nodiscard]] static std::optional<ebm::Ladder> ladder() { return {}; }
  [[nodiscard]] ebm::Tempered at(std::int64_t sweep, std::int64_t burn_in) const {
    if (sweep >= burn_in) return {};
    const double done = static_cast<double>(sweep) / static_cast<double>(burn_in);
    return {
        course == AnnealingCourse::linear ? start + (1 - start) * done : std::pow(start, 1 - done),
        scaling};
  }
  [[nodiscard]] std::string problem_with(const ebm::Neuron& neuron, std::int64_t burn_in) const {
    if (burn_in == 0) return "burn_in is 0: expected the number of sweeps that annealing takes";
    return scaling_problem(scaling, neuron);
  }
};

/// The sweeps of Gibbs sampling on a torus, by a kernel that draws the spins of many sites with
/// each instruction. The same machine does them and is billed for them.
struct MultispinSampler {
  static constexpr std::string_view name = "multispin";
  static constexpr std::string_view summary =
      "Block Gibbs sampling of a torus with couplings of one size, 32 sites a word: the law and "
      "the "
      "bill of \"gibbs\", other random numbers, many times faster to simulate.";
  static constexpr std::string_view equation =
      "s_i = [u_i < p(neighbours that are up)], u_i and p of 32 bits, compared from the highest on";
  static constexpr std::string_view source =
      "Creutz, Bhanot & Neuberger, Phys. Rev. B 33, 7841 (1986); Preis et al., J. Comput. Phys. "
      "228, 4468 (2009)";
  static constexpr core::Fields<> fields{};

  [[nodiscard]] static std::optional<ebm::Ladder> ladder() { return {}; }
  [[nodiscard]] static ebm::Tempered at(std::int64_t, std::int64_t) { return {}; }
  [[nodiscard]] static std::string problem_with(const ebm::Neuron& neuron, std::int64_t) {
    return neuron.gives_means() ? ""
                                : fmt::format(
                                      "sampler \"multispin\" compares random numbers with "
                                      "exact probabilities, which a \"{}\" has none of: "
                                      "expected neuron = \"adc\"",
                                      neuron.kind());
  }
};

/// Contract of a sampler: a ladder if chains have replicas, the inverse temperature of each sweep,
/// and the reason why it does not go with these neurons and this burn-in.
template <class T>
concept SamplerEntry =
    core::Described<T> && requires(const T& t, const ebm::Neuron& neuron, std::int64_t sweeps) {
      { t.ladder() } -> std::same_as<std::optional<ebm::Ladder>>;
      { t.at(sweeps, sweeps) } -> std::same_as<ebm::Tempered>;
      { t.problem_with(neuron, sweeps) } -> std::same_as<std::string>;
    };

struct Sampler : core::OneOf<GibbsSampler,  //
                             ParallelTempering, Annealing, MultispinSampler> {
  static constexpr std::string_view name = "sampler";
  static constexpr std::string_view question = "How are draws of a known law made?";
  static_assert(each_is([]<class Entry>() { return SamplerEntry<Entry>; }));

  [[nodiscard]] std::optional<ebm::Ladder> ladder() const {
    return visit([](const auto& sampler) { return sampler.ladder(); });
  }
  [[nodiscard]] ebm::Tempered at(std::int64_t sweep, std::int64_t burn_in) const {
    return visit([&](const auto& sampler) { return sampler.at(sweep, burn_in); });
  }
  [[nodiscard]] std::string problem_with(const ebm::Neuron& neuron, std::int64_t burn_in) const {
    return visit([&](const auto& sampler) { return sampler.problem_with(neuron, burn_in); });
  }
};

}  // namespace ohmlab::experiments
