#pragma once

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

#include "../../devices/pulses.hpp"
#include "law.hpp"

/// The free parameters of each pulse model that can be fitted: one function `prepare` an entry. It
/// says which numbers of the field table move, within which bounds, and from where.
///
/// Bounds of models whose steps do not vanish there are held at the farthest states of the data:
/// the data say nothing of what lies beyond. Parameters of which only a combination acts on steps
/// are held at a stated value.
namespace ohmlab::fitting {

/// A setting of an entry that shapes the noise of its steps.
struct NoiseLaw {
  std::string name, key;
  double value;
};
/// A parameter that follows another one.
struct Tie {
  std::string key, to;
  double factor;
};
struct Parameters {
  std::vector<FreeParameter> free;
  std::vector<std::vector<double>> starts;  ///< beside that of `free`
  std::vector<NoiseLaw> noise_laws;
  std::vector<Tie> ties;

  /// Further starts: some parameters replaced by other values.
  void start_with(const std::vector<std::pair<std::string_view, double>>& changes) {
    std::vector<double> values;
    for (const FreeParameter& parameter : free) {
      double value = parameter.start;
      for (const auto& [name, other] : changes)
        if (name == parameter.name) value = other;
      values.push_back(value);
    }
    starts.push_back(values);
  }
};

inline std::string_view noise_key_of(const devices::StepSpread&) { return "dw_min_std"; }
inline std::string_view noise_key_of(const devices::NeurosimPg&) { return "range_std"; }

template <class T>
std::string_view equal_kind(const T&) {
  return {};
}
inline std::string_view equal_kind(const devices::SoftBoundsReference&) { return "soft_bounds"; }
inline std::string_view equal_kind(const devices::PowStepReference&) { return "pow_step"; }

/// dw_min and up_down for given steps up and down at w = 0.
inline void free_steps(Parameters& out, double up, double down) {
  const double larger = std::max(up, down);
  const double asymmetry = down < up ? 1 - down / up : up / down - 1;
  out.free.push_back({"dw_min", larger * 1e-3, larger * 1e4, larger});
  out.free.push_back({"up_down", -0.999, 0.999, asymmetry});
}
inline void free_bounds(Parameters& out, const Seen& seen, double beyond) {
  const double reach = seen.high - seen.low;
  const double lowest = seen.lowest.value_or(seen.low - 20 * reach);
  out.free.push_back({"w_max", 0.05, std::max(seen.high, 0.1) + 20 * reach,
                      std::max(seen.high + beyond * reach, 0.1)});
  const double low_end = std::min(seen.low, -0.1);
  out.free.push_back(
      {"w_min", std::min(lowest, low_end), -0.05,
       std::max(std::min(seen.low - beyond * reach, -0.1), std::min(lowest, low_end) + 1e-6)});
}
template <class T>
void hold_bounds(T& entry, const Seen& seen) {
  entry.w_max = std::max(seen.high, 0.05);
  entry.w_min = std::min(seen.low, -0.05);
}
inline void choose_cycle(Parameters& out) {
  out.noise_laws = {{"additive", "cycle", 0}, {"multiplicative", "cycle", 1}};
}

inline void prepare(devices::ConstantStep&, const Seen& seen, Parameters& out) {
  free_steps(out, seen.step_up, seen.step_down);
  free_bounds(out, seen, 0);
}

inline void prepare(devices::LinearStep& entry, const Seen& seen, Parameters& out) {
  hold_bounds(entry, seen);
  free_steps(out, seen.step_up, seen.step_down);
  out.free.push_back({"gamma_up", 0, 20, 0.3});
  out.free.push_back({"gamma_down", 0, 20, 0.3});
  choose_cycle(out);
}

inline void prepare(devices::SoftBounds&, const Seen& seen, Parameters& out) {
  free_steps(out, seen.step_up, seen.step_down);
  free_bounds(out, seen, 0.1);
  out.start_with({{"w_max", seen.high + 2}, {"w_min", seen.low - 2}});
  choose_cycle(out);
}

/// The own bounds of the cell are taken as w_max and -w_max: of bounds and reference, only the two
/// bounds in w act on steps.
inline void prepare(devices::SoftBoundsReference&, const Seen& seen, Parameters& out) {
  free_steps(out, seen.step_up, seen.step_down);
  out.free.push_back({"w_max", 0.05, 100, 1.2 * std::max(seen.high, -seen.low)});
  out.free.push_back({"reference_mean", -50, 50, -(seen.high + seen.low) / 2});
  out.ties = {{"w_min", "w_max", -1}};
  choose_cycle(out);
}

inline void prepare(devices::ExponentialResponse&, const Seen& seen, Parameters& out) {
  free_steps(out, seen.step_up, seen.step_down);
  free_bounds(out, seen, 0.1);
  out.free.push_back({"gamma", 0.01, 40, 1});
  out.start_with({{"gamma", 4}});
  choose_cycle(out);
}

/// The bounds are held: beta and the range act on steps by their ratio.
inline void prepare(devices::SaturatingStep& entry, const Seen& seen, Parameters& out) {
  hold_bounds(entry, seen);
  free_steps(out, seen.step_up, seen.step_down);
  out.free.push_back({"beta", 0.001, 40, 1});
  out.start_with({{"beta", 4}});
  choose_cycle(out);
}

/// a = 1 and b = 0 are held: only their products with rates and amplitudes act on steps.
inline void prepare(devices::ExpStep& entry, const Seen& seen, Parameters& out) {
  hold_bounds(entry, seen);
  entry.a = 1;
  entry.b = 0;
  free_steps(out, 2 * seen.step_up, 2 * seen.step_down);
  for (const char* name : {"amplitude_up", "amplitude_down"})
    out.free.push_back({name, -1e3, 1e3, 0.5});
  for (const char* name : {"gamma_up", "gamma_down"}) out.free.push_back({name, 0.02, 15, 1});
  for (const double amplitude : {0.02, -0.5}) {
    for (const double rate : {1.0, 4.0}) {
      out.start_with({{"amplitude_up", amplitude},
                      {"amplitude_down", amplitude},
                      {"gamma_up", rate},
                      {"gamma_down", rate}});
    }
  }
  out.start_with({{"amplitude_up", 0.1}, {"amplitude_down", -0.5}});
  out.start_with({{"amplitude_up", -0.5}, {"amplitude_down", 0.1}});
  out.noise_laws = {
      {"share of the step", "noise_add", 0},
      {"share of the step and a constant", "noise_add", (seen.step_up + seen.step_down) / 2}};
}

inline void free_powers(Parameters& out) {
  out.free.push_back({"gamma", 0.02, 15, 1});
  out.free.push_back({"gamma_up_down", -1, 1, 0});
}
inline void prepare(devices::PowStep&, const Seen& seen, Parameters& out) {
  free_steps(out, 2 * seen.step_up, 2 * seen.step_down);
  free_bounds(out, seen, 0.1);
  free_powers(out);
  out.start_with({{"gamma", 0.3}});
  out.start_with({{"gamma", 2.5}, {"w_max", seen.high + 1}, {"w_min", seen.low - 1}});
}
/// As for soft_bounds_reference.
inline void prepare(devices::PowStepReference&, const Seen& seen, Parameters& out) {
  free_steps(out, 2 * seen.step_up, 2 * seen.step_down);
  out.free.push_back({"w_max", 0.05, 100, 1.2 * std::max(seen.high, -seen.low)});
  out.free.push_back({"reference_mean", -50, 50, -(seen.high + seen.low) / 2});
  free_powers(out);
  out.ties = {{"w_min", "w_max", -1}};
  out.start_with({{"gamma", 0.3}});
  out.start_with({{"gamma", 2.5}, {"w_max", 2.0}});
}

/// dw_min is held: nodes are in units of it.
inline void prepare(devices::PiecewiseStep& entry, const Seen& seen, Parameters& out) {
  hold_bounds(entry, seen);
  entry.dw_min = (seen.step_up + seen.step_down) / 2;
  const auto count = static_cast<std::size_t>(seen.nodes);
  entry.nodes_up.assign(count, 1);
  entry.nodes_down.assign(count, 1);
  for (const char* side : {"up", "down"}) {
    const double step = side[0] == 'u' ? seen.step_up : seen.step_down;
    for (std::size_t i = 0; i < count; ++i) {
      out.free.push_back({std::string("nodes_") + side + "[" + std::to_string(i) + "]", 0, 1e3,
                          step / entry.dw_min});
    }
  }
}

/// The range is held: of range, label and number of pulses, two act on steps in each direction.
inline void prepare(devices::NeurosimPg& entry, const Seen& seen, Parameters& out) {
  hold_bounds(entry, seen);
  const double range = entry.w_max - entry.w_min;
  out.free.push_back({"label_up", -9, 9, 0.5});
  out.free.push_back({"label_down", -9, 9, -0.5});
  out.free.push_back({"pulses_up", 1, 1e8, std::max(range / seen.step_up, 2.0)});
  out.free.push_back({"pulses_down", 1, 1e8, std::max(range / seen.step_down, 2.0)});
  out.start_with({{"label_up", 3}, {"label_down", -3}});
  out.noise_laws = {{"share of the range", "", 0}};
}

}  // namespace ohmlab::fitting
