#pragma once

#include <string_view>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/devices/pulse_constant_step.hpp"
#include "ohmlab/devices/pulse_ideal.hpp"
#include "ohmlab/devices/pulse_soft_bounds.hpp"

namespace ohmlab::devices {

struct Pulse : core::OneOf<IdealPulse,  //
                           ConstantStep, SoftBounds> {
  static constexpr std::string_view name = "pulse";
  static constexpr std::string_view question = "How far does one programming pulse move a cell?";

  /// Mean step at w = 0, in units of w: what a pulser plans with.
  [[nodiscard]] double dw_min() const {
    return visit([](const auto& pulse) { return pulse.dw_min; });
  }
};

}  // namespace ohmlab::devices
