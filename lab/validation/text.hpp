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
/// True if a text says nothing.
[[nodiscard]] inline bool blank(const std::string& text) {
  return text.find_first_not_of(" \t\n") == std::string::npos;
}
[[nodiscard]] inline std::string verdict(bool hit) { return hit ? "hit" : "miss"; }

}  // namespace ohmlab::validation
