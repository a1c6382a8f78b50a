#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "../../cost/actions.hpp"

namespace ohmlab::crossbar {

struct NoAdc {
  static constexpr std::string_view name = "none";
  static constexpr std::string_view summary =
      "Outputs are read exactly; the converter has no price.";
  static constexpr core::Fields<> fields{};
  static constexpr bool priced = false;
  static constexpr cost::Action action = cost::Action::adc_convert;
  static constexpr cost::Part part = cost::Part::adc;
  [[nodiscard]] static constexpr double full_scale() noexcept { return 1; }
  [[nodiscard]] static constexpr float convert(float value) noexcept { return value; }
  [[nodiscard]] static constexpr bool clips(float) noexcept { return false; }
  [[nodiscard]] static constexpr double enob(double) noexcept { return 0; }
  [[nodiscard]] static constexpr double priced_bits(double) noexcept { return 0; }
  [[nodiscard]] static constexpr double lines_each() noexcept { return 1; }
};

}  // namespace ohmlab::crossbar
