#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "worn_state.hpp"

namespace ohmlab::devices {

struct NoWear {
  static constexpr std::string_view name = "none";
  static constexpr std::string_view summary = "Pulses wear out no cell.";
  static constexpr core::Fields<> fields{};
  static constexpr bool any = false;
  static constexpr WornState worn{};
  [[nodiscard]] static double life(double, double) noexcept { return 1; }
};

}  // namespace ohmlab::devices
