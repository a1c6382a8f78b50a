#pragma once

#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::devices {

struct NoReadNoise {
  static constexpr std::string_view name = "none";
  static constexpr std::string_view summary = "Every read sees the same conductance.";
  static constexpr bool quiet = true, needs_range = false;
  static constexpr core::Fields<> fields{};
  static constexpr bool slow = false;
  [[nodiscard]] double sigma(double, double, double, double, double) const noexcept { return 0; }
};

}  // namespace ohmlab::devices
