#pragma once

#include <string_view>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/devices/drift_none.hpp"
#include "ohmlab/devices/drift_pcm.hpp"
#include "ohmlab/devices/drift_power_law.hpp"

namespace ohmlab::devices {

struct Drift : core::OneOf<NoDrift,  //
                           PowerLawDrift, PcmDrift> {
  static constexpr std::string_view name = "drift";
  static constexpr std::string_view question = "What does time do to a conductance?";
};

}  // namespace ohmlab::devices
