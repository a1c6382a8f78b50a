#pragma once

#include <vector>

#include "../../cost/draws.hpp"

namespace ohmlab::foundation {

/// Joules of an analog and of a digital machine as a knob is turned, under every draw: fixed + x
/// slope.
struct Contest {
  cost::Draws analog, analog_slope, digital, digital_slope;

  /// Analog over digital joules at a turn of the knob.
  [[nodiscard]] cost::Draws ratio(double x) const;
};

/// Where the ratio crosses 1 on a grid.
struct Crossing {
  cost::Band at;     ///< over the draws that cross; nan where none does (nominal: the medians' own)
  double never = 0;  ///< share of draws in which analog loses on the whole grid
  double always = 0;  ///< share of draws in which it takes less on the whole grid
};
[[nodiscard]] Crossing crossing(const Contest& contest, double from, double to);
/// The same for ratios at the points of a grid, between which ln ratio is straight.
[[nodiscard]] Crossing crossing(const std::vector<double>& grid,
                                const std::vector<cost::Draws>& ratios);

/// From one number to another in so many even steps of the logarithm.
[[nodiscard]] std::vector<double> even_logarithms(double from, double to, std::size_t points);

}  // namespace ohmlab::foundation
