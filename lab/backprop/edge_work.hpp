#pragma once

#include "../../cost/edge.hpp"

namespace ohmlab::backprop {

/// Bits billed for a stored number, and for logic that works on it; as many as `ebm` bills.
constexpr double word_bits = 16;

/// Work of digital logic on one number. A division or an exponential is billed as a logistic
/// function, which contains both.
struct EdgeWork {
  double sigmoids = 0;
  double adds = 0;  ///< additions and comparisons
  double multiplies = 0;
};

/// Posts the same work on so many numbers.
inline void post(cost::Edge& edge, cost::Tally::Component component, const EdgeWork& each,
                 double numbers) {
  if (each.sigmoids > 0) edge.sigmoids(component, each.sigmoids * numbers);
  if (each.adds > 0) edge.adds(component, each.adds * numbers, word_bits);
  if (each.multiplies > 0) edge.multiplies(component, each.multiplies * numbers, word_bits);
}

}  // namespace ohmlab::backprop
