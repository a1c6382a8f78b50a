#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "waveform.hpp"

namespace ohmlab::crossbar {

struct NoDac : OneRead, HeldVoltage {
  static constexpr std::string_view name = "none";
  static constexpr std::string_view summary =
      "Inputs of any size reach the lines exactly; the driver has no price.";
  static constexpr core::Fields<> fields{};
  static constexpr bool priced = false;
  static constexpr bool clips = false;
  static constexpr bool off_at_zero = false;
  static constexpr cost::Action action = cost::Action::dac_drive;
  static constexpr cost::Part part = cost::Part::dac;
  [[nodiscard]] static constexpr float level(float value, std::int64_t) noexcept { return value; }
  [[nodiscard]] static constexpr double bits() noexcept { return 0; }
  [[nodiscard]] static constexpr double drive_bits() noexcept { return 0; }
};

}  // namespace ohmlab::crossbar
