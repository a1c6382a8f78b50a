#pragma once

#include <array>
#include <optional>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "driven_resistor.hpp"

namespace ohmlab::devices {

/// Law of resistance between r_on (s = 0) and r_off (s = 1), for a boundary at s.
enum class ResistanceLaw { linear, exponential };
constexpr std::array<std::string_view, 2> enum_names(ResistanceLaw) {
  return {"linear", "exponential"};
}

/// Voltage thresholds: below v_on (set) and v_off (reset) nothing moves.
///
///     ds/dt = -(k_on/length) (v_set/v_on - 1)^alpha_on f(s)      up
///     ds/dt = +(k_off/length) (v_reset/v_off - 1)^alpha_off f(s)  down
///     R = r_on + (r_off - r_on) s, or r_on (r_off/r_on)^s
///
/// s = (x - x_on)/(x_off - x_on), length = x_off - x_on. All parameters are magnitudes; in the
/// paper k_on, v_on and the voltage that sets are negative. The paper leaves f open; `window.hpp`
/// has four. Without one, a pulse is exact; with one, it is `substeps` steps of the midpoint rule.
///
/// Defaults are those of MemTorch's VTEAM (read in a secondary audit, marked there as defaults of
/// that program); the paper's own table was not seen. Pulses are chosen here: both directions move
/// s by 4e-4. No spread or noise is published with the model.
struct Vteam : DrivenResistor {
  static constexpr std::string_view name = "vteam";
  static constexpr std::string_view summary =
      "A state that moves by a power of the voltage above a threshold, and only there.";
  static constexpr std::string_view equation =
      "ds/dt = -+(k/length) (v/v_threshold - 1)^alpha f(s); R linear or exponential in s; w linear "
      "in 1/R";
  static constexpr std::string_view source =
      "Kvatinsky, Ramadan, Friedman & Kolodny, IEEE Trans. Circuits Syst. II 62, 786 (2015)";

  double k_on = 10, k_off = 5e-4, v_on = 0.2, v_off = 0.02, alpha_on = 3, alpha_off = 1;
  double length = 3e-9;
  ResistanceLaw resistance = ResistanceLaw::linear;
  Spread k_on_spread, k_off_spread, v_on_spread, v_off_spread, alpha_on_spread, alpha_off_spread,
      length_spread;
  static constexpr auto fields = core::joined(
      DrivenResistor::fields,
      core::Fields{
          core::field("k_on", &Vteam::k_on, "m/s", core::above(0), "speed of a set"),
          core::field("k_off", &Vteam::k_off, "m/s", core::above(0), "speed of a reset"),
          core::field("v_on", &Vteam::v_on, "V", core::above(0), "threshold of a set, magnitude"),
          core::field("v_off", &Vteam::v_off, "V", core::above(0),
                      "threshold of a reset, magnitude"),
          core::field("alpha_on", &Vteam::alpha_on, "", core::above(0), "exponent of a set"),
          core::field("alpha_off", &Vteam::alpha_off, "", core::above(0), "exponent of a reset"),
          core::field("length", &Vteam::length, "m", core::above(0), "x_off - x_on")
              .usually(1e-10, 1e-5),
          core::field("resistance", &Vteam::resistance, "law of the resistance"),
          core::field("k_on_spread", &Vteam::k_on_spread, "its spread over devices"),
          core::field("k_off_spread", &Vteam::k_off_spread, "its spread over devices"),
          core::field("v_on_spread", &Vteam::v_on_spread, "its spread over devices"),
          core::field("v_off_spread", &Vteam::v_off_spread, "its spread over devices"),
          core::field("alpha_on_spread", &Vteam::alpha_on_spread, "its spread over devices"),
          core::field("alpha_off_spread", &Vteam::alpha_off_spread, "its spread over devices"),
          core::field("length_spread", &Vteam::length_spread, "its spread over devices"),
      });
  Vteam() {
    r_on = 50, r_off = 1000;
    v_set = 0.21, v_reset = 0.07, width = 1e-9;
  }
  [[nodiscard]] std::string problem() const {
    if (std::string why = resistor_problem(); !why.empty()) return why;
    if (v_set <= v_on) return "expected v_set above the threshold v_on: a pulse up moves nothing";
    if (v_reset <= v_off)
      return "expected v_reset above the threshold v_off: a pulse down moves nothing";
    return integration_problem(*this);
  }

  static constexpr int normals = 9;
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> draw(const Normals<V>& xi) const noexcept {
    const auto ends = draw_ends<V>(xi[0], xi[1]);
    const V length_own = length_spread.share_of(length, xi[2], 1e-3);
    const V on = speed_of(v_set, v_on_spread.of(v_on, xi[3]), alpha_on_spread.of(alpha_on, xi[4]));
    const V off =
        speed_of(v_reset, v_off_spread.of(v_off, xi[5]), alpha_off_spread.of(alpha_off, xi[6]));
    const V k = number<V>(width / length) / length_own;
    const V up = core::max(V(k_on_spread.of(k_on, xi[7])), number<V>(0)) * k * on;
    const V down = core::max(V(k_off_spread.of(k_off, xi[8])), number<V>(0)) * k * off;
    const bool linear = resistance == ResistanceLaw::linear;
    const V low_end = linear ? ends.on : core::log(ends.on);
    const V high_end = linear ? ends.off : core::log(ends.off);
    const V range = high_end - low_end;
    Columns<V, columns> cell = cell_of<V>(ends, range, V(up * range), V(down * range));
    cell[low] = low_end;
    cell[high] = high_end;
    return cell;
  }

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V step(const Columns<V, columns>& cell, V w, core::MaskOf<V> is_up,
                                     V xi) const noexcept {
    return hold(cell, w, V(w + moved<V>(cell, w, is_up, speed<V>(xi))));
  }
  /// Step of a pulse at w without noise. It is not added to w, so that no digit is lost.
  [[nodiscard]] double change(const Cell& cell, double w, bool is_up) const noexcept {
    return moved<double>(cell, w, is_up, 1.0);
  }
  [[nodiscard]] double granularity() const { return mean_step(*this); }
  [[nodiscard]] std::optional<double> states(const Cell& cell) const {
    return steps_between_bounds(*this, cell);
  }

 private:
  /// (v/threshold - 1)^alpha, zero below the threshold.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE static V speed_of(double volts, V threshold, V alpha) noexcept {
    const V over = number<V>(volts) / core::max(threshold, number<V>(1e-3 * volts));
    const V base = core::max(V(over - number<V>(1)), number<V>(0));
    return core::exp(V(core::max(alpha, number<V>(0.01)) * core::log(base)));
  }

  /// Change of w in a pulse. The coordinate x is R, or ln R, from `low` to `high`.
  template <Real V, class Own>
  [[nodiscard]] OHMLAB_INLINE V moved(const Own& cell, V w, TruthOf<V> is_up,
                                      V factor) const noexcept {
    const V low_end = as<V>(cell[low]), high_end = as<V>(cell[high]);
    const V g = conductance<V>(start<V>(cell, w));
    const bool linear = resistance == ResistanceLaw::linear;
    const V from =
        within<V>(low_end, linear ? V(constant<V>(1) / g) : V(-logarithm<V>(g)), high_end);
    const V dose = either<V>(is_up, V(-as<V>(cell[set])), as<V>(cell[reset])) * factor;
    const V to = within<V>(low_end, driven<V>(cell, from, dose, is_up), high_end);
    if (linear) return state_change<V>(V((from - to) / to * g));
    return state_change<V>(V(g * (exponential<V>(V(from - to)) - constant<V>(1))));
  }
  template <Real V, class Own>
  [[nodiscard]] OHMLAB_INLINE V driven(const Own& cell, V x, V dose,
                                       TruthOf<V> is_up) const noexcept {
    if (window == Window::none) return x + dose;
    const V part = dose * constant<V>(1.0 / static_cast<double>(substeps));
    const V far = as<V>(cell[high]), scale = constant<V>(1) / (far - as<V>(cell[low]));
    for (std::int64_t k = 0; k < substeps; ++k) {
      const V middle = x + constant<V>(0.5) * part * at<V>(V((far - x) * scale), is_up);
      x = x + part * at<V>(V((far - middle) * scale), is_up);
    }
    return x;
  }
  /// The window at 1 - s, which rises in a pulse up.
  template <Real V>
  [[nodiscard]] OHMLAB_INLINE V at(V left, TruthOf<V> is_up) const noexcept {
    const V inside = within<V>(constant<V>(0), left, constant<V>(1));
    return window_at<V>(window, static_cast<int>(window_order), window_scale, inside, is_up);
  }
};

}  // namespace ohmlab::devices
