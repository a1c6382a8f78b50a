#pragma once

#include <optional>

namespace ohmlab::devices {

/// The state of a cell at which its mean steps up and down are equal: pulses in turn lead to it.
/// None if one direction is stronger in the whole range, or both are equal in it. Where steps are
/// equal in several states, one of them.
template <class P, class Cell>
[[nodiscard]] std::optional<double> symmetry_point(const P& pulse, const Cell& cell) {
  const auto excess = [&](double w) {
    return pulse.change(cell, w, true) + pulse.change(cell, w, false);
  };
  auto [low, high] = pulse.range(cell);
  if (!(excess(low) > 0 && excess(high) < 0)) return std::nullopt;
  for (double middle = (low + high) / 2; low < middle && middle < high; middle = (low + high) / 2)
    (excess(middle) > 0 ? low : high) = middle;
  return high;
}

}  // namespace ohmlab::devices
