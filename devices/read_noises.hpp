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

  /// Standard deviation of one read, S, of a cell that was written to one conductance, has drifted to g, and
  /// is of an age, s, since then.
  [[nodiscard]] double sigma(double written, double g, double age, double g_min, double g_max) const {
    return visit([&](const auto& noise) { return noise.sigma(written, g, age, g_min, g_max); });
  }
  /// Whether it stands still during one read, so that a short pulse sees as much of it as a long one;
  /// otherwise it is white in time.
  [[nodiscard]] bool slow() const {
    return visit([](const auto& noise) { return std::remove_cvref_t<decltype(noise)>::slow; });
  }
};

}  // namespace ohmlab::devices
