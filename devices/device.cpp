#include "ohmlab/devices/device.hpp"

namespace ohmlab::devices {

std::string Device::problem() const {
  if (g_min.has_value() != g_max.has_value()) return "expected both g_min and g_max, or neither";
  if (g_min && *g_min >= *g_max) return "expected g_min below g_max";
  const bool needs_range =
      programming.is<PcmProgramming>() || drift.is<PcmDrift>() || read_noise.is<PcmReadNoise>();
  if (needs_range && !g_max) return "models of kind \"pcm\" need g_min and g_max";
  return "";
}

std::vector<std::string_view> Device::uncited() const {
  std::vector<std::string_view> missing;
  const auto check = [&](const std::optional<double>& value, std::string_view name) {
    if (!value) missing.push_back(name);
  };
  check(g_min, "g_min");
  check(g_max, "g_max");
  check(v_read, "v_read");
  check(t_read, "t_read");
  check(v_write, "v_write");
  check(t_pulse, "t_pulse");
  return missing;
}

}  // namespace ohmlab::devices
