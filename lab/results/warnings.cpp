#include "warnings.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include <fmt/format.h>

namespace ohmlab::results {
namespace {

/// A warning that depends on one figure alone.
struct Rule {
  std::string_view figure;
  bool (*wrong)(double value);
  std::string (*text)(double value);
};

constexpr std::array rules{
    Rule{"ir_drop_estimate", [](double drop) { return drop > 0.05; },
         [](double drop) {
  return fmt::format(
      "wires would lose {:.3g} % of the voltage at the far cell, which reads leave out: these "
      "results are too good",
      100 * drop);
}},
    Rule{"adc_clipped", [](double share) { return share > 0.01; },
         [](double share) {
  return fmt::format("{:.3g} % of conversions are beyond the converter's range and were clipped",
                     100 * share);
}},
    Rule{"inputs_clipped", [](double share) { return share > 0.05; },
         [](double share) {
  return fmt::format("{:.3g} % of inputs are beyond the drivers' full scale and were cut off",
                     100 * share);
}},
    Rule{"updates_cut", [](double share) { return share > 0.05; },
         [](double share) {
  return fmt::format(
      "{:.3g} % of the change that was asked for does not fit into trains of desired_bl slots",
      100 * share);
}},
    Rule{"step_rounding", [](double share) { return share > 0.01; },
         [](double share) {
  return fmt::format(
      "a step of the device is off by up to {:.3g} % by the rounding of float32 states",
      100 * share);
}},
    Rule{"endurance_used", [](double share) { return share > 1; },
         [](double share) {
  return fmt::format("the busiest cell has had {:.3g} times the pulses that it survives", share);
}},
    Rule{"ais_converged", [](double converged) { return converged == 0; },
         [](double) {
  return std::string("annealing has not converged: the likelihoods that it gives are too high");
}},
};

constexpr std::string_view independent = "independent_units";
/// Figures of mean ln p of a test example, comparable with `independent`.
constexpr std::array<std::string_view, 2> likelihoods{"test_log_likelihood",
                                                      "ais_test_log_likelihood"};
/// Prefixes of figures; "trained_" marks a machine before it was programmed into arrays.
constexpr std::array<std::string_view, 2> prefixes{"", "trained_"};

std::optional<double> figure(const Result& result, std::string_view name) {
  const auto found = std::find_if(result.quality.begin(), result.quality.end(),
                                  [&](const Quantity& q) { return q.name == name; });
  if (found == result.quality.end()) return std::nullopt;
  return found->value;
}

template <class Visit>
void each_name(std::string_view name, const Visit& visit) {
  for (const std::string_view prefix : prefixes) visit(std::string(prefix).append(name));
}

}  // namespace

std::vector<Warning> warnings_of(const Result& result) {
  std::vector<Warning> out;
  for (const Rule& rule : rules) {
    each_name(rule.figure, [&](const std::string& name) {
      const auto value = figure(result, name);
      if (value && rule.wrong(*value)) out.push_back({name, rule.text(*value)});
    });
  }
  const auto alone = figure(result, independent);
  for (const std::string_view likelihood : likelihoods) {
    each_name(likelihood, [&](const std::string& name) {
      const auto value = figure(result, name);
      if (!alone || !value || *value > *alone) return;
      out.push_back(
          {name,
           fmt::format(
               "the model is no better than independent units: {} is {:.6g} nat, theirs {:.6g}",
               name, *value, *alone)});
    });
  }
  return out;
}

std::vector<std::string_view> warned_figures() {
  static const std::vector<std::string> names = [] {
    std::vector<std::string> found{std::string(independent)};
    const auto add = [&](const std::string& name) { found.push_back(name); };
    for (const Rule& rule : rules) each_name(rule.figure, add);
    for (const std::string_view likelihood : likelihoods) each_name(likelihood, add);
    return found;
  }();
  return {names.begin(), names.end()};
}

}  // namespace ohmlab::results
