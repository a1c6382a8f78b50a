#pragma once

#include <string>

#include <fmt/format.h>

/// How tables of validation say a figure.
namespace ohmlab::validation {

[[nodiscard]] inline std::string percent(double share) {
  return fmt::format("{:.1f} %", 100 * share);
}
[[nodiscard]] inline std::string signed_percent(double share) {
  return fmt::format("{:+.1f} %", 100 * share);
}
[[nodiscard]] inline std::string verdict(bool hit) { return hit ? "hit" : "miss"; }

}  // namespace ohmlab::validation
