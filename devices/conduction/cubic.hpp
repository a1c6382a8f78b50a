#pragma once

#include <cmath>
#include <limits>
#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::devices {

/// The conductance of a cell is i/v at the read voltage. With a > 0 current grows faster than
/// voltage, as through a thin barrier; with a < 0 it saturates, and the law ends where it would
/// fall again.
struct CubicConduction {
  static constexpr std::string_view name = "cubic";
  static constexpr std::string_view summary =
      "Current has a term of the third power of the voltage, of either sign, alike in all states; "
      "needs v_read.";
  static constexpr std::string_view equation = "i = g (v + a v^3)/(1 + a v_read^2)";
  static constexpr std::string_view source =
      "form: Simmons, J. Appl. Phys. 34, 238 (1963), a thin barrier at low voltages; the default "
      "is "
      "an illustration";
  double a = 0.25;
  static constexpr auto fields = core::Fields{
      core::field("a", &CubicConduction::a, "1/V^2", core::any,
                  "third-order term: above 0 current grows faster than voltage, below 0 slower"),
  };

  struct Law {
    double v_read, a;
    /// i / (g v_read) at a voltage v = u v_read.
    template <class T>
    [[nodiscard]] T current(T u) const noexcept {
      const auto k = static_cast<T>(a * v_read * v_read);
      return u * (1 + k * u * u) / (1 + k);
    }
    /// v i / g at a voltage, V².
    [[nodiscard]] double power(double volts) const noexcept {
      return volts * v_read * current(volts / v_read);
    }
  };
  [[nodiscard]] Law law(double v_read) const noexcept { return {v_read, a}; }
  /// Voltage up to which current rises, V.
  [[nodiscard]] double highest() const noexcept {
    return a < 0 ? 1 / std::sqrt(-3 * a) : std::numeric_limits<double>::infinity();
  }
  static constexpr bool linear = false;
};

}  // namespace ohmlab::devices
