#pragma once

#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../levels.hpp"
#include "../line_errors.hpp"
#include "waveform.hpp"

namespace ohmlab::crossbar {

/// The read voltage, with the sign of the input, for a time proportional to the size of the input.
/// Heat of cells and noise that is white in time grow with this size, not with its square.
struct PulseWidthDac : OneRead, HeldTime {
  static constexpr std::string_view name = "pulse_width";
  static constexpr std::string_view summary =
      "The read voltage for one of equidistant times, up to the time of a whole read.";
  static constexpr std::string_view equation =
      "x' = round(clip(x, 1) n)/n, n = 2^(bits-1) - 1; v = sign(x') during |x'| of the read";
  static constexpr std::string_view source =
      "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016); Le Gallo et al., Nat. Electron. 6, 680 "
      "(2023)";
  static constexpr bool priced = true;
  static constexpr bool clips = true;
  static constexpr bool off_at_zero = true;
  static constexpr cost::Action action = cost::Action::pulse_width_drive;
  static constexpr cost::Part part = cost::Part::pulse_timer;
  std::int64_t resolution = 7;
  LineErrors errors;
  static constexpr auto fields = core::Fields{
      core::field("bits", &PulseWidthDac::resolution, "", core::between(2, 16), "resolution"),
      core::field("errors", &PulseWidthDac::errors, "errors of the drivers"),
  };
  [[nodiscard]] float level(float value, std::int64_t) const noexcept {
    return quantised(value, 1.0F, levels_each_side(resolution));
  }
  [[nodiscard]] double bits() const noexcept { return static_cast<double>(resolution); }
  [[nodiscard]] double drive_bits() const noexcept { return bits(); }
};

}  // namespace ohmlab::crossbar
