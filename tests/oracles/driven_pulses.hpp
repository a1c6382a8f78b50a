#pragma once

#include <algorithm>
#include <cmath>
#include <functional>

#include "ohmlab/devices/pulses.hpp"

/// The published equations of models that are driven by voltage and time, integrated in their own
/// units, independently of `devices`.
namespace ohmlab::tests {

using devices::FilamentGap;
using devices::LinearIonDrift;
using devices::ResistanceLaw;
using devices::Vteam;
using devices::Window;

/// The classical rule of Runge and Kutta, from x over `seconds`; x stays in [low, high].
inline double runge_kutta(double x, double seconds, double low, double high,
                          const std::function<double(double)>& speed) {
  constexpr int steps = 4000;
  const double h = seconds / steps;
  const auto held = [&](double at) { return std::clamp(at, low, high); };
  for (int k = 0; k < steps; ++k) {
    const double a = speed(x), b = speed(held(x + h / 2 * a)), c = speed(held(x + h / 2 * b)),
                 d = speed(held(x + h * c));
    x = held(x + h / 6 * (a + 2 * b + 2 * c + d));
  }
  return x;
}

/// The window functions as published, s rising where the current is positive.
inline double window(const devices::DrivenResistor& p, double s, bool rises) {
  const double order = static_cast<double>(p.window_order);
  switch (p.window) {
    case Window::none:
      return 1;
    case Window::joglekar:
      return 1 - std::pow(2 * s - 1, 2 * order);
    case Window::biolek:
      return 1 - std::pow(s - (rises ? 0 : 1), 2 * order);
    case Window::prodromakis:
      return p.window_scale * (1 - std::pow((s - 0.5) * (s - 0.5) + 0.75, order));
  }
  return 0;
}

inline double conductance_at(const devices::DrivenResistor& p, double w) {
  return 1 / p.r_off + (w + 1) / 2 * (1 / p.r_on - 1 / p.r_off);
}
inline double slope_of_conductance(const devices::DrivenResistor& p) {
  return (1 / p.r_on - 1 / p.r_off) / 2;
}
/// At w = 0, of the current at small voltages.
inline double conductance_at(const FilamentGap& p, double w) {
  const double low = p.i0 / p.v0 * std::exp(-p.gap_max / p.g0),
               high = p.i0 / p.v0 * std::exp(-p.gap_min / p.g0);
  return low + (w + 1) / 2 * (high - low);
}
inline double slope_of_conductance(const FilamentGap& p) {
  return (conductance_at(p, 1) - conductance_at(p, -1)) / 2;
}

/// Conductance after a pulse, from the equations of the paper.
inline double after_pulse(const Vteam& p, double g, bool up) {
  const bool linear = p.resistance == ResistanceLaw::linear;
  const double range = p.r_off - p.r_on, lambda = std::log(p.r_off / p.r_on);
  const double x =
      p.length * (linear ? (1 / g - p.r_on) / range : std::log(1 / g / p.r_on) / lambda);
  const double moved = runge_kutta(x, p.width, 0, p.length, [&](double at) {
    return up ? -p.k_on * std::pow(p.v_set / p.v_on - 1, p.alpha_on) *
                    window(p, 1 - at / p.length, true)
              : p.k_off * std::pow(p.v_reset / p.v_off - 1, p.alpha_off) *
                    window(p, 1 - at / p.length, false);
  });
  const double s = moved / p.length;
  return 1 / (linear ? p.r_on + range * s : p.r_on * std::exp(lambda * s));
}
inline double after_pulse(const LinearIonDrift& p, double g, bool up) {
  const double x = p.length * (p.r_off - 1 / g) / (p.r_off - p.r_on);
  const auto resistance = [&](double at) {
    return p.r_on * at / p.length + p.r_off * (1 - at / p.length);
  };
  return 1 / resistance(runge_kutta(x, p.width, 0, p.length, [&](double at) {
    const double current = (up ? p.v_set : -p.v_reset) / resistance(at);
    return p.mobility * p.r_on / p.length * current * window(p, at / p.length, up);
  }));
}
inline double after_pulse(const FilamentGap& p, double g, bool up) {
  constexpr double volts_per_kelvin = 1.380649e-23 / 1.602176634e-19;
  const double v = up ? p.v_set : -p.v_reset;
  const double gap =
      runge_kutta(-p.g0 * std::log(g * p.v0 / p.i0), p.width, p.gap_min, p.gap_max, [&](double at) {
    const double current = p.i0 * std::exp(-at / p.g0) * std::sinh(v / p.v0);
    const double kt = volts_per_kelvin * (p.t_ambient + p.r_th * std::abs(current * v));
    const double gamma = p.gamma0 - p.beta * std::pow(at / p.g1, 3);
    return -p.nu0 * std::exp(-p.ea / kt) * std::sinh(gamma * p.a0 / p.length * v / kt);
  });
  return p.i0 / p.v0 * std::exp(-gap / p.g0);
}

}  // namespace ohmlab::tests
