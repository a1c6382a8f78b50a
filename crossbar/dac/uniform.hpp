#pragma once

#include <cstdint>
#include <string_view>

#include "../../core/fields.hpp"
#include "../levels.hpp"
#include "../line_errors.hpp"
#include "waveform.hpp"

namespace ohmlab::crossbar {

/// The voltage is proportional to the number.
struct UniformDac : OneRead, HeldVoltage {
  static constexpr std::string_view name = "uniform";
  static constexpr std::string_view summary =
      "One of equidistant voltages, symmetric about zero, clipped at full scale.";
  static constexpr std::string_view equation =
      "x' = round(clip(x, 1) n)/n, n = 2^(bits-1) - 1; v = x' during the whole read";
  static constexpr std::string_view source =
      "Gokmen & Vlasov, Front. Neurosci. 10, 333 (2016): 7 bits";
  static constexpr bool priced = true;
  static constexpr bool clips = true;
  static constexpr bool off_at_zero = false;
  static constexpr cost::Action action = cost::Action::dac_drive;
  static constexpr cost::Part part = cost::Part::dac;
  std::int64_t resolution = 7;
  LineErrors errors;
  static constexpr auto fields = core::Fields{
      core::field("bits", &UniformDac::resolution, "", core::between(2, 16), "resolution"),
      core::field("errors", &UniformDac::errors, "errors of the drivers"),
  };
  [[nodiscard]] float level(float value, std::int64_t) const noexcept {
    return quantised(value, 1.0F, levels_each_side(resolution));
  }
  [[nodiscard]] double bits() const noexcept { return static_cast<double>(resolution); }
  [[nodiscard]] double drive_bits() const noexcept { return bits(); }
};

}  // namespace ohmlab::crossbar
