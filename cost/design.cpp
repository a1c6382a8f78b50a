#include "design.hpp"

#include <set>

#include <fmt/format.h>

#include "../core/suggest.hpp"
#include "prices.hpp"

namespace ohmlab::cost {
namespace {

template <class PriceMap>
std::string lines_problem(const std::string& table, const std::vector<std::string>& lines,
                          const PriceMap& prices) {
  std::vector<std::string_view> known;
  for (const auto& [name, price] : prices) known.emplace_back(name);
  std::set<std::string> seen;
  for (const std::string& line : lines) {
    if (!prices.contains(line)) {
      return fmt::format(
          R"(design.{}: "{}" has no price of its own in {}, so that there is nothing to multiply{})",
          table, line, table, core::did_you_mean(line, known));
    }
    if (!seen.insert(line).second)
      return fmt::format(R"(design.{}: "{}" is there twice)", table, line);
  }
  return "";
}

/// Prices must cover what the design of their place covers, or a part would be paid twice or never.
template <class PriceMap>
std::string scope_problem(const std::string& table, const PriceMap& prices, const auto& design_of) {
  for (const auto& [name, price] : prices) {
    const Scope expected = design_of(name);
    if (price.scope == expected) continue;
    return expected == Scope::macro
               ? fmt::format(
                     R"({}.{}: covers its part alone, but here this price must cover the whole macro around it: expected one of scope "macro", one value for all of it, or another list, e.g. "parts")",
                     table, name)
               : fmt::format(
                     R"({}.{}: covers a whole macro, whose parts have prices of their own here: expected a price of scope "part", or a design of scope "macro" that names it)",
                     table, name);
  }
  return "";
}

}  // namespace

std::string design_problem(const Rates& rates) {
  const auto& design = rates.design;
  if (design) {
    if (auto said = lines_problem("energy", design->energy, rates.energy); !said.empty())
      return said;
    if (auto said = lines_problem("power", design->power, rates.power); !said.empty()) return said;
  }
  const auto of_energy = [&](const std::string& name) {
    return design && design->multiplies_energy(name) ? design->scope : Scope::part;
  };
  const auto of_power = [&](const std::string& name) {
    return design && design->multiplies_power(name) ? design->scope : Scope::part;
  };
  if (auto said = scope_problem("energy", rates.energy, of_energy); !said.empty()) return said;
  return scope_problem("power", rates.power, of_power);
}

}  // namespace ohmlab::cost
