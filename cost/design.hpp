#pragma once

#include <algorithm>
#include <string>
#include <vector>

#include "../core/fields.hpp"
#include "price.hpp"

namespace ohmlab::cost {

/// The factor of one design on the prices of its place.
///
/// Chips of the same node, size and bits differ by more than the prices of their parts do, and all
/// parts of one chip differ together. One draw a bill multiplies all lines that the design names.
/// A price without a band is known, and is left as it is.
struct Design {
  Multiple factor;
  Scope scope = Scope::part;
  std::vector<std::string> energy, power;

  static constexpr auto fields = core::Fields{
      core::field("factor", &Design::factor,
                  "factor of one design on the prices of its lines, around their centre",
                  core::Need::required),
      core::field("scope", &Design::scope, "what the prices of its lines cover"),
      core::field("energy", &Design::energy, "actions whose joules it multiplies"),
      core::field("power", &Design::power, "parts whose watts it multiplies"),
  };

  [[nodiscard]] std::string problem() const {
    if (energy.empty() && power.empty())
      return "expected the actions (energy) or parts (power) that it multiplies";
    return "";
  }
  [[nodiscard]] bool multiplies_energy(const std::string& action) const {
    return std::find(energy.begin(), energy.end(), action) != energy.end();
  }
  [[nodiscard]] bool multiplies_power(const std::string& part) const {
    return std::find(power.begin(), power.end(), part) != power.end();
  }
};

struct Rates;
/// Lines of a place's design without a price, and prices that cover something else than the design
/// says. \returns the first mistake, or ""
[[nodiscard]] std::string design_problem(const Rates& rates);

}  // namespace ohmlab::cost
