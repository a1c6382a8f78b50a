#pragma once

#include <cmath>
#include <limits>
#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::devices {

/// A filament with a tunnel gap. The conductance of a cell is i/v at the read voltage: a full-scale
/// input draws the current of an ohmic cell. Smaller inputs draw less than in proportion. The same
/// law gives the current at the write voltage, far beyond the read voltage.
struct SinhConduction {
  static constexpr std::string_view name = "sinh";
  static constexpr std::string_view summary =
      "Current grows as the hyperbolic sine of the voltage, alike in all states; needs v_read.";
  static constexpr std::string_view equation = "i = g v_read sinh(v/v0)/sinh(v_read/v0)";
  static constexpr std::string_view source =
      "Guan, Yu & Wong, IEEE EDL 33, 1405 (2012): I = I0 exp(-gap/g0) sinh(V/V0); form confirmed "
      "in Panda et al., Nanoscale Res. Lett. 13, 8 (2018), table 3; V0 = 0.25 V from memory";
  double v0 = 0.25;
  static constexpr auto fields = core::Fields{
      core::field("v0", &SinhConduction::v0, "V", core::above(0),
                  "voltage above which current is not linear")
          .usually(0.01, 20),
  };

  struct Law {
    double v_read, v0;
    /// i / (g v_read) at a voltage v = u v_read.
    template <class T>
    [[nodiscard]] T current(T u) const noexcept {
      const auto k = static_cast<T>(v_read / v0);
      return std::sinh(k * u) / std::sinh(k);
    }
    /// v i / g at a voltage, V².
    [[nodiscard]] double power(double volts) const noexcept {
      return volts * v_read * current(volts / v_read);
    }
  };
  [[nodiscard]] Law law(double v_read) const noexcept { return {v_read, v0}; }
  /// Voltage up to which current rises, V.
  [[nodiscard]] static double highest() noexcept { return std::numeric_limits<double>::infinity(); }
  static constexpr bool linear = false;
};

}  // namespace ohmlab::devices
