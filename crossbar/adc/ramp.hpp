#pragma once

#include <string_view>

#include "../../cost/actions.hpp"
#include "quantizer.hpp"

namespace ohmlab::crossbar {

/// One ramp and one counter serve all lines. A comparator at each line keeps the count at which the
/// ramp passes the signal of the line. Lines do not wait for each other. A conversion takes one
/// clock per level.
struct RampAdc : Quantizer {
  static constexpr std::string_view name = "ramp";
  static constexpr std::string_view summary =
      "A comparator at every line keeps the count at which a shared ramp passes it: 2^bits clocks "
      "for any number of lines.";
  static constexpr std::string_view equation =
      "y' = bound round(clip(y, bound)/bound n)/n, n = 2^(bits-1) - 1; time 2^bits/f_clock";
  static constexpr std::string_view source =
      "single-slope conversion, e.g. Kester (ed.), The Data Conversion Handbook, Newnes (2005), "
      "ch. 3, from memory";
  static constexpr cost::Action action = cost::Action::ramp_convert;
  static constexpr cost::Part part = cost::Part::ramp_adc;
  static constexpr auto fields = Quantizer::fields;
  [[nodiscard]] static constexpr double lines_each() noexcept { return 1; }
};

}  // namespace ohmlab::crossbar
