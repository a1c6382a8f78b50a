#pragma once

#include <vector>

#include "../../cost/draws.hpp"

namespace ohmlab::foundation {

/// Joules of an analog and a digital machine over a knob x, under every draw: fixed + x slope.
struct Contest {
  cost::Draws analog, analog_slope, digital, digital_slope;

  /// Analog over digital joules at x.
  [[nodiscard]] cost::Draws ratio(double x) const;
};

/// Crossing of the ratio with 1 on a grid.
struct Crossing {
  /// Place of the crossing over the draws that cross, NaN if none does; nominal: of the medians
  cost::Band at;
  double never = 0;   ///< share of draws in which analog loses on the whole grid
  double always = 0;  ///< share of draws in which analog takes less on the whole grid
};
[[nodiscard]] Crossing crossing(const Contest& contest, double from, double to);
/// The same for ratios at the points of a grid, with ln ratio linear between them.
[[nodiscard]] Crossing crossing(const std::vector<double>& grid,
                                const std::vector<cost::Draws>& ratios);

/// `points` numbers from `from` to `to`, even in the logarithm.
[[nodiscard]] std::vector<double> even_logarithms(double from, double to, std::size_t points);

}  // namespace ohmlab::foundation
