#pragma once

#include <string_view>

#include "../../core/fields.hpp"

namespace ohmlab::devices {

struct NoProgrammingError {
  static constexpr std::string_view name = "none";
  static constexpr std::string_view summary = "Write-and-verify reaches its target exactly.";
  static constexpr bool needs_range = false;
  static constexpr core::Fields<> fields{};
  [[nodiscard]] double sigma(double, double, double) const noexcept { return 0; }
};

}  // namespace ohmlab::devices
