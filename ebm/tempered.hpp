#pragma once

#include <array>
#include <string_view>
#include <vector>

namespace ohmlab::ebm {

/// Place at which an inverse temperature is applied.
///
/// drivers: the voltages of the input lines carry it, so that currents fall with it and noise does
/// not. Biases are multiplied at the edge.
///
/// field: digital logic multiplies what converters read. A comparator decides before that.
enum class Scaling { drivers, field };
constexpr std::array<std::string_view, 2> enum_names(Scaling) { return {"drivers", "field"}; }

constexpr std::string_view scaling_meaning =
    "drivers: voltages of the input lines carry the inverse temperature, for any neuron; field: "
    "digital logic multiplies what converters read";

/// Inverse temperature at which units are drawn: weights and biases count this many times.
struct Tempered {
  double inv_temp = 1;
  Scaling scaling = Scaling::drivers;
};

/// Inverse temperatures of replicas, falling from 1.
struct Ladder {
  std::vector<double> inv_temps;
  Scaling scaling = Scaling::drivers;

  [[nodiscard]] Tempered at(std::size_t replica) const { return {inv_temps[replica], scaling}; }
};

/// Reason why this is no ladder of inverse temperatures, or "".
[[nodiscard]] inline std::string_view ladder_problem(const std::vector<double>& inv_temps) {
  if (inv_temps.size() < 2) return "inv_temps: expected at least two, the first of them 1";
  if (inv_temps[0] != 1)
    return "inv_temps: expected 1 as the first: updates take the states of this replica";
  for (std::size_t r = 1; r < inv_temps.size(); ++r) {
    if (inv_temps[r] >= inv_temps[r - 1]) return "inv_temps: expected numbers that fall from 1";
  }
  return "";
}

}  // namespace ohmlab::ebm
