#pragma once

#include <string_view>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/devices/read_noise_none.hpp"
#include "ohmlab/devices/read_noise_pcm.hpp"
#include "ohmlab/devices/read_noise_white.hpp"

namespace ohmlab::devices {

struct ReadNoise : core::OneOf<NoReadNoise,  //
                               WhiteReadNoise, PcmReadNoise> {
  static constexpr std::string_view name = "read_noise";
  static constexpr std::string_view question = "How do reads of the same cell differ?";

  /// Standard deviation of one read, S, for conductance g at an age since it was written.
  [[nodiscard]] double sigma(double g, double age, double g_min, double g_max) const {
    return visit([&](const auto& noise) { return noise.sigma(g, age, g_min, g_max); });
  }
};

}  // namespace ohmlab::devices
