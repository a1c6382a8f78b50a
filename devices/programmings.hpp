#pragma once

#include <string_view>

#include "ohmlab/core/fields.hpp"
#include "ohmlab/devices/programming_gaussian.hpp"
#include "ohmlab/devices/programming_none.hpp"
#include "ohmlab/devices/programming_pcm.hpp"

namespace ohmlab::devices {

struct Programming : core::OneOf<NoProgrammingError,  //
                                 GaussianProgramming, PcmProgramming> {
  static constexpr std::string_view name = "programming";
  static constexpr std::string_view question = "How far from its target does write-and-verify leave a cell?";

  /// Standard deviation of the programmed conductance around a target, S.
  [[nodiscard]] double sigma(double g, double g_min, double g_max) const {
    return visit([&](const auto& p) { return p.sigma(g, g_min, g_max); });
  }
};

}  // namespace ohmlab::devices
