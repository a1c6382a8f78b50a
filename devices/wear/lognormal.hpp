#pragma once

#include <cmath>
#include <string_view>

#include "../../core/fields.hpp"
#include "worn_state.hpp"

namespace ohmlab::devices {

/// Lives of cells as products of many factors. The median is the device's `endurance`.
struct LognormalWear {
  static constexpr std::string_view name = "lognormal";
  static constexpr std::string_view summary =
      "A cell is worn after a number of pulses of its own, with a lognormal spread; needs "
      "endurance.";
  static constexpr std::string_view equation = "life = endurance exp(spread xi)";
  static constexpr std::string_view source = "definition; the default spread is an illustration";
  static constexpr bool any = true;
  double spread = 0.5;
  WornState worn;
  static constexpr auto fields = core::Fields{
      core::field("spread", &LognormalWear::spread, "", core::between(0, 5),
                  "standard deviation of the logarithm of the lives of cells"),
      core::field("worn", &LognormalWear::worn, "state that a worn cell keeps"),
  };
  /// Life of a cell in units of the endurance.
  [[nodiscard]] double life(double, double normal) const noexcept {
    return std::exp(spread * normal);
  }
};

}  // namespace ohmlab::devices
