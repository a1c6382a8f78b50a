#include "levers.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

namespace ohmlab::cost {

std::vector<LeverEntry> Levers::entries() const {
  const auto entry = []<class L>(const L& lever) {
    const L shipped;
    const bool same =
        lever.factor == shipped.factor && lever.p05 == shipped.p05 && lever.p95 == shipped.p95;
    return LeverEntry{L::name, L::summary, L::source, L::evidence, L::target, &lever, same};
  };
  return {entry(supercomputing),          entry(data_reduction), entry(model_partitioning),
          entry(training_algorithms),     entry(data_formats),   entry(efficient_hardware),
          entry(competitive_accelerators)};
}

std::string Levers::problem() const {
  const std::vector<LeverEntry> all = entries();
  for (const LeverEntry& lever : all) {
    for (const auto& held : lever.set->contains) {
      const std::string& inner = held.first;
      const auto found = std::find_if(all.begin(), all.end(),
                                      [&](const LeverEntry& other) { return other.name == inner; });
      if (found == all.end())
        return fmt::format("{}.contains.{}: no such lever", lever.name, inner);
      if (inner == lever.name)
        return fmt::format("{}.contains: a lever does not hold itself", lever.name);
      if (found->set->contains.contains(std::string(lever.name)))
        return fmt::format("{}.contains.{}: each holds the other", lever.name, inner);
    }
  }
  return "";
}

bool acts_on(LeverTarget target, LeverOutcome outcome) noexcept {
  switch (target) {
    case LeverTarget::operations:
    case LeverTarget::tokens:
      return true;
    case LeverTarget::utilisation:
    case LeverTarget::peak:
      return outcome != LeverOutcome::flops;
    case LeverTarget::joules_per_operation:
      return outcome == LeverOutcome::joules;
    case LeverTarget::hourly_price:
      return outcome == LeverOutcome::dollars;
  }
  return false;
}

Draws saving(std::span<const LeverEntry> pulled, LeverOutcome outcome, bool interactions,
             Outlook& outlook) {
  const auto factor = [&](const LeverEntry& lever) {
    return outlook.factor("lever " + std::string(lever.name), lever.set->factor,
                          lognormal_sigma(lever.set->p95 / lever.set->p05));
  };
  Draws out = outlook.exact(1);
  for (const LeverEntry& lever : pulled) {
    if (!acts_on(lever.target, outcome)) continue;
    const Draws own = factor(lever);
    out = out * own;
    if (!interactions) continue;
    for (const LeverEntry& other : pulled) {
      const auto held = lever.set->contains.find(std::string(other.name));
      if (held == lever.set->contains.end() || !acts_on(other.target, outcome)) continue;
      const auto overlap = [&](double inner, double outer) {
        return std::clamp(std::pow(inner, held->second), 1.0, std::max(1.0, outer));
      };
      Draws twice = factor(other);
      twice.nominal = overlap(twice.nominal, own.nominal);
      for (std::size_t i = 0; i < twice.values.size(); ++i)
        twice.values[i] = overlap(twice.values[i], own.values[i]);
      out = out / twice;
    }
  }
  return out;
}

}  // namespace ohmlab::cost
