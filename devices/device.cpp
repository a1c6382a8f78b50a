#include "device.hpp"

#include <algorithm>
#include <cmath>
#include <limits>
#include <type_traits>

#include <fmt/format.h>

#include "../core/errors.hpp"

namespace ohmlab::devices {

namespace {

void check_not_negative(const char* name, double value) {
  if (value >= 0 && std::isfinite(value)) return;
  throw core::UserError({}, name, fmt::format("{}", value), "expected a finite number from 0");
}

/// Spacing of float32 numbers just above w.
double spacing_at(double w) {
  const auto x = static_cast<float>(w);
  return static_cast<double>(std::nextafter(x, std::numeric_limits<float>::infinity())) -
         static_cast<double>(x);
}

double farthest(const Pulse& pulse) {
  return pulse.visit([](const auto& p) { return p.farthest(); });
}

/// Calls f(response, cell) with a cell that has no spread.
template <class F>
std::optional<double> with_mean_cell(const Device& device, const F& f) {
  return device.pulse.visit([&](const auto& response) {
    using P = std::remove_cvref_t<decltype(response)>;
    auto cell = response.template draw<float>({});
    if (const auto lowest = device.lowest_state()) P::limit(cell, *lowest);
    return f(response, cell);
  });
}

/// "" or what the pulse model contradicts.
std::string conflict_of(const Device& device) {
  const OperatingPoint cited{.g_min = device.g_min,
                             .g_max = device.g_max,
                             .v_read = device.v_read,
                             .v_write = device.v_write,
                             .t_pulse = device.t_pulse};
  return device.pulse.visit([&](const auto& response) -> std::string {
    if constexpr (requires { response.conflict(cited); }) return response.conflict(cited);
    return "";
  });
}

/// "" or what the temperature lacks, or an activation energy that nothing uses.
std::string thermal_conflict(const Device& device) {
  const Activation& energy = device.activation;
  const bool rests = device.drift.keeps() && device.diffusion == 0;
  if (energy.drift && rests) {
    return "activation.drift speeds up drift and diffusion: expected one, or no activation.drift";
  }
  if (energy.noise && !device.read_noise.has_trace()) {
    return R"(activation.noise speeds up read noise that goes on from read to read: expected kind "telegraph" or "flicker", or no activation.noise)";
  }
  if (energy.low.has_value() != energy.high.has_value())
    return "expected both activation.low and activation.high, or neither";
  if (energy.low && !device.g_max) return "activation.low and high need g_min and g_max";
  if (!device.heated()) return "";
  const auto lacks = [&](const char* key) {
    return fmt::format(
        "the device holds at {:g} K and says nothing of {:g} K: expected {}, 0 if temperature does "
        "nothing to it",
        device.reference_temperature, device.temperature, key);
  };
  if (!energy.low) return lacks("activation.low and activation.high");
  if (!energy.drift && !rests) return lacks("activation.drift");
  if (!energy.noise && device.read_noise.has_trace()) return lacks("activation.noise");
  return "";
}

}  // namespace

std::string Device::problem() const {
  if (g_min.has_value() != g_max.has_value()) return "expected both g_min and g_max, or neither";
  if (g_min && *g_min >= *g_max) return "expected g_min below g_max";
  const auto needing_range = [](const auto& chosen) {
    return chosen.visit([](const auto& entry) {
      using Entry = std::remove_cvref_t<decltype(entry)>;
      return Entry::needs_range ? Entry::name : "";
    });
  };
  for (const std::string_view kind :
       {needing_range(programming), needing_range(drift), needing_range(read_noise)}) {
    if (!g_max && !kind.empty())
      return fmt::format("models of kind \"{}\" need g_min and g_max", kind);
  }
  if (!conduction.linear() && !v_read) {
    return fmt::format(
        "conduction of kind \"{}\" needs v_read: conductances are those at the read voltage",
        conduction.kind());
  }
  if (const double most = std::max(v_read.value_or(0), v_write.value_or(0));
      most > conduction.highest()) {
    return fmt::format(
        "conduction of kind \"{}\" falls above {:.3g} V: expected v_read and v_write up to there, "
        "got {:g} V",
        conduction.kind(), conduction.highest(), most);
  }
  if (std::string why = thermal_conflict(*this); !why.empty()) return why;
  if (wear.any() && !endurance)
    return fmt::format("wear of kind \"{}\" needs endurance", wear.kind());
  if (std::string why = conflict_of(*this); !why.empty()) return why;
  if (const double spacing = spacing_at(farthest(pulse)); pulse.granularity() < spacing) {
    return fmt::format(
        "pulse: a mean step of {:g} is lost in a state: expected at least {:.3g}, the distance of "
        "float32 "
        "numbers at w = {:g}",
        pulse.granularity(), spacing, farthest(pulse));
  }
  return "";
}

double Device::heated_state(double w) const {
  if (!heated()) return w;
  const double low = activation.low.value_or(0), high = activation.high.value_or(0);
  const double g = conductance(w) * acceleration(low + (w + 1) / 2 * (high - low));
  return 2 * (g - lowest()) / (highest() - lowest()) - 1;
}

std::optional<float> Device::lowest_state() const {
  if (!g_min && drift.keeps()) return std::nullopt;
  return static_cast<float>(2 * -lowest() / (highest() - lowest()) - 1);
}

double Device::programming_error(double g) const {
  check_not_negative("conductance", g);
  return programming.sigma(g, lowest(), highest());
}

double Device::noise_of_read(double g, double age) const {
  check_not_negative("conductance", g);
  check_not_negative("age", age);
  return read_noise.sigma(g, g, age, lowest(), highest());
}

std::optional<double> Device::symmetry_point() const {
  return with_mean_cell(*this, [](const auto& response, const auto& cell) {
    return devices::symmetry_point(response, cell);
  });
}

std::optional<double> Device::states() const {
  return with_mean_cell(
      *this, [](const auto& response, const auto& cell) { return response.states(cell); });
}

double Device::step_rounding(double w) const {
  return spacing_at(std::abs(w)) / 2 / pulse.granularity();
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
