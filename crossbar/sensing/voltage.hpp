#pragma once

#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::crossbar {

/// The line floats to the mean of the voltages behind its cells, weighted by their conductances. It
/// is sampled when settled; current flows for that long only.
///
/// The reading falls as the conductance of the line grows. Nothing corrects this: a weight seen
/// from one side differs from the weight seen from the other. The range of a tile's converters is
/// set for its number of cells. Programming verifies cells one by one, as currents.
struct VoltageSensing {
  static constexpr std::string_view name = "voltage";
  static constexpr std::string_view summary =
      "Lines float to the mean of the input voltages, weighted by conductances, and are sampled "
      "when settled.";
  static constexpr std::string_view equation =
      "u_j = Σ_i g_ij v_i / G_j, G_j = Σ_i g_ij; reading = current's × G_rest/G_j, G_rest that of "
      "cells at w = 0; E = t_settle Σ_ij g_ij (v_i - u_j)²";
  static constexpr std::string_view source = "Wan et al., Nature 608, 504 (2022)";
  static constexpr bool floats = true;
  double t_settle = 10e-9;
  static constexpr auto fields = core::Fields{
      core::field("t_settle", &VoltageSensing::t_settle, "s", core::above(0),
                  "time for which inputs are driven, instead of the device's t_read; ASSUMED: "
                  "several RC of a line of 0.6 pF and 1 mS")
          .usually(1e-11, 1),
  };
  [[nodiscard]] double seconds(double) const noexcept { return t_settle; }
};

}  // namespace ohmlab::crossbar
