#pragma once

#include <cmath>
#include <string_view>

#include "../../core/fields.hpp"
#include "worn_state.hpp"

namespace ohmlab::devices {

/// Lives of cells by the weakest of many links. The scale is the device's `endurance`: 63 % of the
/// cells are worn after so many pulses.
struct WeibullWear {
  static constexpr std::string_view name = "weibull";
  static constexpr std::string_view summary =
      "A cell is worn after a number of pulses of its own, by the law of Weibull; needs endurance.";
  static constexpr std::string_view equation =
      "P(worn after n pulses) = 1 - exp(-(n/endurance)^shape)";
  static constexpr std::string_view source =
      "Weibull, J. Appl. Mech. 18, 293 (1951); the default shape is an illustration";
  static constexpr bool any = true;
  double shape = 2;
  WornState worn;
  static constexpr auto fields = core::Fields{
      core::field("shape", &WeibullWear::shape, "", core::above(0),
                  "exponent of the law; the larger, the more alike are the lives of cells")
          .usually(0.3, 30),
      core::field("worn", &WeibullWear::worn, "state that a worn cell keeps"),
  };
  /// Life of a cell in units of the endurance. `uniform` is in [0, 1).
  [[nodiscard]] double life(double uniform, double) const noexcept {
    return std::pow(-std::log1p(-uniform), 1 / shape);
  }
};

}  // namespace ohmlab::devices
