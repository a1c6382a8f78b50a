#pragma once

#include <cmath>
#include <optional>
#include <string>
#include <string_view>

#include <fmt/format.h>

namespace ohmlab::devices {

/// The cited part of a device's operating point, which a pulse model may contradict.
struct OperatingPoint {
  std::optional<double> g_min, g_max, v_read, v_write, t_pulse;
};

/// "" if nothing is cited or both values agree within 1 %, else the reason.
[[nodiscard]] inline std::string contradiction(std::string_view name, std::string_view unit,
                                               std::optional<double> cited, double expected,
                                               std::string_view by) {
  if (!cited || std::abs(*cited - expected) <= 0.01 * std::abs(expected)) return "";
  return fmt::format("{} = {:g} {} contradicts {}: expected {:.4g} {}", name, *cited, unit, by,
                     expected, unit);
}

}  // namespace ohmlab::devices
