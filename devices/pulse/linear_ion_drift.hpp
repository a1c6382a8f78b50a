#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "driven_resistor.hpp"

namespace ohmlab::devices {

/// A doped part of a film, of share s, whose boundary drifts in the field of the current.
///
///     ds/dt = mobility r_on/length^2 v/R f(s),   R = r_on s + r_off (1 - s)
///
/// Without a window, R^2 is linear in time and a pulse is exact:
///
///     R^2 <- R^2 -+ 2 (r_off - r_on) r_on mobility v width/length^2
///
/// With one, the equation of R^2 is integrated in `substeps` steps of the midpoint rule. There is
/// no threshold: any voltage moves the boundary, so that half-selected cells would move too. They
/// do not here.
///
/// r_off/r_on = 160, 10 nm and 1e-10 cm^2/(V s) are the paper's example; 100 Ohm are the usual
/// r_on of later SPICE models (Biolek et al. 2009 and a netlist by them were seen; the paper was
/// not). Pulses are chosen here. No spread or noise is published with the model.
struct LinearIonDrift : DrivenResistor {
  static constexpr std::string_view name = "linear_ion_drift";
  static constexpr std::string_view summary =
      "A doped film whose boundary drifts with the current; windows slow it at the ends.";
  static constexpr std::string_view equation =
      "ds/dt = mobility r_on/length^2 v/R f(s); R = r_on s + r_off (1 - s); w linear in 1/R";
  static constexpr std::string_view source =
      "Strukov, Snider, Stewart & Williams, Nature 453, 80 (2008); windows: see window.hpp";

  double mobility = 1e-14, length = 1e-8;
  Spread mobility_spread, length_spread;
  static constexpr auto fields = core::joined(
      DrivenResistor::fields,
      core::Fields{
          core::field("mobility", &LinearIonDrift::mobility, "m^2/(V s)", core::above(0),
                      "mobility of the dopants"),
          core::field("length", &LinearIonDrift::length, "m", core::above(0),
                      "thickness of the film")
              .usually(1e-9, 1e-5),
          core::field("mobility_spread", &LinearIonDrift::mobility_spread,
                      "its spread over devices"),
          core::field("length_spread", &LinearIonDrift::length_spread, "its spread over devices"),
      });
  LinearIonDrift() {
    r_on = 100, r_off = 16e3;
    v_set = v_reset = 1, width = 1e-6;
  }
  [[nodiscard]] std::string problem() const {
    if (std::string why = resistor_problem(); !why.empty()) return why;
    return integration_problem(*this);
  }

  static constexpr int normals = 4;
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> draw(const Normals<V>& xi) const noexcept {
    const auto ends = draw_ends<V>(xi[0], xi[1]);
    const V thickness = length_spread.share_of(length, xi[2], 1e-3);
    const V faster = mobility_spread.share_of(mobility, xi[3], 0);
    const V per_volt = number<V>(2 * mobility * width / (length * length)) * faster /
                       (thickness * thickness) * (ends.off - ends.on) * ends.on;
    const V range = ends.off * ends.off - ends.on * ends.on;
    return cell_of<V>(ends, range, V(per_volt * number<V>(v_set)),
                      V(per_volt * number<V>(v_reset)));
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
  /// Change of w in a pulse. The coordinate is y = R^2; `low` and `high` are the ends of R.
  template <Real V, class Own>
  [[nodiscard]] OHMLAB_INLINE V moved(const Own& cell, V w, TruthOf<V> is_up,
                                      V factor) const noexcept {
    const V on = as<V>(cell[low]), off = as<V>(cell[high]);
    const V g = conductance<V>(start<V>(cell, w));
    const V from = within<V>(on, V(constant<V>(1) / g), off);
    const V dose = either<V>(is_up, V(-as<V>(cell[set])), as<V>(cell[reset])) * factor;
    const V y = driven<V>(cell, V(from * from), dose, is_up);
    const V to = square_root<V>(within<V>(V(on * on), y, V(off * off)));
    const V forward = either<V>(is_up, smaller<V>(to, from), larger<V>(to, from));
    return state_change<V>(V((from - forward) / forward * g));
  }
  template <Real V, class Own>
  [[nodiscard]] OHMLAB_INLINE V driven(const Own& cell, V y, V dose,
                                       TruthOf<V> is_up) const noexcept {
    if (window == Window::none) return y + dose;
    const V part = dose * constant<V>(1.0 / static_cast<double>(substeps));
    const V off = as<V>(cell[high]), scale = constant<V>(1) / (off - as<V>(cell[low]));
    for (std::int64_t k = 0; k < substeps; ++k) {
      const V middle = y + constant<V>(0.5) * part * at<V>(off, scale, y, is_up);
      y = y + part * at<V>(off, scale, middle, is_up);
    }
    return y;
  }
  template <Real V>
  [[nodiscard]] OHMLAB_INLINE V at(V off, V scale, V y, TruthOf<V> is_up) const noexcept {
    const V r = square_root<V>(larger<V>(y, constant<V>(0)));
    const V s = within<V>(constant<V>(0), V((off - r) * scale), constant<V>(1));
    return window_at<V>(window, static_cast<int>(window_order), window_scale, s, is_up);
  }
};

}  // namespace ohmlab::devices
