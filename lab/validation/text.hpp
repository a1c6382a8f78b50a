#pragma once

#include <string>

#include <fmt/format.h>

/// Texts of figures in the tables of validation.
namespace ohmlab::validation {

[[nodiscard]] inline std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}
[[nodiscard]] inline std::string signed_percent(double share) {
  return fmt::format("{:+.1f} %", 100 * share);
}
[[nodiscard]] inline std::string verdict(bool hit) { return hit ? "hit" : "miss"; }

}  // namespace ohmlab::validation
