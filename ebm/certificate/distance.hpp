#pragma once

#include <cstdint>
#include <optional>

#include "../../core/matrix.hpp"

namespace ohmlab::ebm {

/// Total variation ½ Σ |q - p| of drawn states from a known law, beside that of a perfect sampler
/// with as many effective samples. The distance alone says nothing.
struct Distance {
  double value = 0;
  double floor = 0;         ///< mean for a perfect sampler
  double floor_spread = 0;  ///< its standard deviation
  /// Deviation from the floor, in standard deviations.
  [[nodiscard]] double deviate() const noexcept { return (value - floor) / floor_spread; }
};

/// Number of multinomials that find the floor (parametric bootstrap: Efron, Ann. Stat. 7, 1
/// (1979)), and the largest size of one: a larger one is found at this size and scaled by 1/√size.
constexpr int floor_draws = 60;
constexpr double floor_size = 1 << 18;

/// None below one effective sample, or if ½ √(states / effective samples), which bounds the floor,
/// is 1 or more: such draws tell nothing about so many states.
/// \param counts     draws of each state
/// \param law        probability of each state
/// \param effective  number of effective samples
[[nodiscard]] std::optional<Distance> distance(const core::VectorD& counts,
                                               const core::VectorD& law, double effective,
                                               std::uint64_t seed);

}  // namespace ohmlab::ebm
