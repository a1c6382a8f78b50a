#pragma once

#include <limits>
#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::devices {

struct OhmicConduction {
  static constexpr std::string_view name = "ohmic";
  static constexpr std::string_view summary = "Current is conductance times voltage.";
  static constexpr std::string_view equation = "i = g v";
  static constexpr core::Fields<> fields{};

  struct Law {
    /// i / (g v_read) at a voltage v = u v_read.
    template <class T>
    [[nodiscard]] T current(T u) const noexcept {
      return u;
    }
    /// v i / g at a voltage, V².
    [[nodiscard]] double power(double volts) const noexcept { return volts * volts; }
  };
  [[nodiscard]] Law law(double) const noexcept { return {}; }
  /// Voltage up to which current rises, V.
  [[nodiscard]] static double highest() noexcept { return std::numeric_limits<double>::infinity(); }
  static constexpr bool linear = true;
};

}  // namespace ohmlab::devices
