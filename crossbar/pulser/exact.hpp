#pragma once

#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::crossbar {

/// As many steps as the outer product asks for, fractions included, without cycle-to-cycle noise.
/// It is the limit of continuous pulses, and has no price.
struct ExactPulser {
  static constexpr std::string_view name = "exact";
  static constexpr std::string_view summary =
      "A cell moves by its own mean step times rate x d / dw_min; the pulser has no price.";
  static constexpr std::string_view equation =
      "w <- clip(w + |rate x d|/dw_min change(w)), change the mean step of the cell at w; summed "
      "in float64 over an update, then rounded to float32";
  static constexpr core::Fields<> fields{};
  static constexpr bool priced = false;
};

}  // namespace ohmlab::crossbar
