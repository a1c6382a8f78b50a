#pragma once

#include <algorithm>
#include <optional>
#include <string>

#include "../../core/fields.hpp"
#include "../columns.hpp"
#include "../normals.hpp"
#include "../number.hpp"
#include "../spread.hpp"
#include "cell_bounds.hpp"
#include "pulse_drive.hpp"
#include "window.hpp"

namespace ohmlab::devices {

/// Parameters and state that models of a resistor between r_on and r_off share, which pulses of
/// voltage move.
///
/// The state w is linear in conductance, as everywhere: w = 1 at 1/r_on, w = -1 at 1/r_off of the
/// mean device. A pulse converts w to the model's own coordinate, integrates its equation there,
/// and converts back. A cell with its own r_on and r_off ends at its own bounds of w.
///
/// Resistances are in units of the mean r_on.
struct DrivenResistor : PulseDrive, CellBounds<6> {
  double r_on = 100, r_off = 1e4;
  Window window = Window::none;
  std::int64_t window_order = 1;
  double window_scale = 1;
  double cycle_std = 0;
  Spread r_on_spread, r_off_spread;
  static constexpr auto fields = core::joined(
      PulseDrive::fields,
      core::Fields{
          core::field("r_on", &DrivenResistor::r_on, "Ohm", core::above(0), "resistance at w = +1")
              .usually(10, 1e9),
          core::field("r_off", &DrivenResistor::r_off, "Ohm", core::above(0),
                      "resistance at w = -1")
              .usually(10, 1e12),
          core::field("r_on_spread", &DrivenResistor::r_on_spread, "its spread over devices"),
          core::field("r_off_spread", &DrivenResistor::r_off_spread, "its spread over devices"),
          core::field("window", &DrivenResistor::window,
                      "factor that slows the state near the ends of its range"),
          core::field("window_order", &DrivenResistor::window_order, "", core::between(1, 16),
                      "exponent p of the window"),
          core::field("window_scale", &DrivenResistor::window_scale, "", core::above(0),
                      "factor j of the window of kind prodromakis"),
          core::field("cycle_std", &DrivenResistor::cycle_std, "", core::at_least(0),
                      "noise of the speed of the state from pulse to pulse, relative to it; speeds "
                      "below zero are zero"),
      });

  /// Columns behind the bounds: movement by a pulse up and down in the model's coordinate, and the
  /// cell's own r_on and r_off, or their logarithms.
  enum Column { set = 2, reset, low, high };

  [[nodiscard]] double ratio() const noexcept { return r_on / r_off; }
  /// Conductance of a state, and state of a conductance, in units of 1/r_on.
  template <Real V>
  [[nodiscard]] OHMLAB_INLINE V conductance(V w) const noexcept {
    return constant<V>((1 + ratio()) / 2) + constant<V>((1 - ratio()) / 2) * w;
  }
  template <Real V>
  [[nodiscard]] OHMLAB_INLINE V state(V g) const noexcept {
    return (g - constant<V>((1 + ratio()) / 2)) / constant<V>((1 - ratio()) / 2);
  }
  /// Change of w that goes with a change of conductance.
  template <Real V>
  [[nodiscard]] OHMLAB_INLINE V state_change(V dg) const noexcept {
    return dg * constant<V>(2 / (1 - ratio()));
  }
  /// The state within the cell's bounds, from which pulses start.
  template <Real V, class Cell>
  [[nodiscard]] OHMLAB_INLINE static V start(const Cell& cell, V w) noexcept {
    return within<V>(as<V>(cell[lower]), w, as<V>(cell[upper]));
  }

  /// A cell's own ends, in units of the mean r_on.
  template <core::FloatPack V>
  struct Ends {
    V on, off;
  };
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Ends<V> draw_ends(V xi_on, V xi_off) const noexcept {
    const V on = r_on_spread.share_of(r_on, xi_on, 1e-3);
    const V off = r_off_spread.share_of(r_off, xi_off, 1e-3) * number<V>(1 / ratio());
    return {core::min(on, off), core::max(on, off)};
  }
  /// Bounds, movements up and down in the model's coordinate, and ends of a cell. No pulse needs to
  /// move further than eight times the range of this coordinate.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE Columns<V, columns> cell_of(const Ends<V>& ends,
                                                          V range_of_coordinate, V rise,
                                                          V fall) const noexcept {
    const V one = number<V>(1), most = number<V>(8) * range_of_coordinate;
    return {{state<V>(V(one / ends.off)), state<V>(V(one / ends.on)), core::min(rise, most),
             core::min(fall, most), ends.on, ends.off}};
  }
  /// Factor of a pulse's movement by its noise.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V speed(V xi) const noexcept {
    return core::max(V(number<V>(1) + number<V>(cycle_std) * xi), number<V>(0));
  }

  [[nodiscard]] std::string resistor_problem() const {
    return r_on < r_off ? "" : "expected r_on below r_off";
  }
  [[nodiscard]] std::string conflict(const OperatingPoint& device) const {
    std::string why = drive_conflict(device);
    if (why.empty()) why = contradiction("g_max", "S", device.g_max, 1 / r_on, "1/pulse.r_on");
    if (why.empty()) why = contradiction("g_min", "S", device.g_min, 1 / r_off, "1/pulse.r_off");
    return why;
  }
  [[nodiscard]] static double farthest() noexcept { return 1; }
  [[nodiscard]] double cycle_noise() const noexcept { return cycle_std; }
  [[nodiscard]] static double write_noise() noexcept { return 0; }
};

/// Mean step of the mean device at w = 0, the mean of both directions.
template <class P>
[[nodiscard]] double mean_step(const P& pulse) {
  const auto cell = pulse.template draw<float>({});
  return (pulse.change(cell, 0, true) - pulse.change(cell, 0, false)) / 2;
}

/// Number of mean steps from bound to bound.
template <class P, class Cell>
[[nodiscard]] std::optional<double> steps_between_bounds(const P& pulse, const Cell& cell) {
  const auto [low, high] = P::range(cell);
  return (high - low) / pulse.granularity();
}

}  // namespace ohmlab::devices
