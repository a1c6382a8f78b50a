#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "../../cost/actions.hpp"

/// Waveforms on a driven line, as shared parts of the catalogue's entries.
///
/// A product takes `slices()` reads one after another. The `share` of a slice is the contribution
/// of a line at level 1 to the product. Let v be the voltage of the line in read voltages and t the
/// time in reads. Let f(v) be the current of a cell per conductance (`devices/conductions.hpp`;
/// f(v) = v in an ohmic cell). A number has these quantities:
///
/// - `level`, ∫ v dt;
/// - `product`, ∫ f(v) dt: its contribution to an output. Its square is the variance from noise
///   that is constant during a read;
/// - `heat`, ∫ v f(v) dt: the energy in the cells;
/// - `noise`, ∫ f(v)² dt: the variance from noise that is white in time;
/// - `swing`, the sum of the squared steps of v away from zero, each of which charges the line
///   once;
/// - `overlap` of two lines, ∫ v1 v2 dt: the heat of shared conductances.
///
/// All but the first follow from the level.
namespace ohmlab::crossbar {

/// One read is the whole product.
struct OneRead {
  static constexpr std::int64_t slices() noexcept { return 1; }
  static constexpr float share(std::int64_t) noexcept { return 1; }
};

/// One voltage is held during a whole read.
struct HeldVoltage {
  template <class Law, class T>
  static T product(const Law& law, T level) noexcept {
    return law.current(level);
  }
  template <class Law, class T>
  static T heat(const Law& law, T level) noexcept {
    return level * law.current(level);
  }
  template <class Law, class T>
  static T noise(const Law& law, T level) noexcept {
    const T current = law.current(level);
    return current * current;
  }
  static constexpr double swing(double level) noexcept { return level * level; }
  static constexpr double overlap(double a, double b) noexcept { return a * b; }
  static constexpr bool heat_is_swing =
      true;  ///< heat equals swing in ohmic cells; one sum serves both
};

/// The read voltage, or minus it, for a part of a read. Cells are at full scale or off, under any
/// law of conduction.
struct HeldTime {
  template <class Law, class T>
  static constexpr T product(const Law&, T level) noexcept {
    return level;
  }
  template <class Law, class T>
  static T heat(const Law&, T level) noexcept {
    return std::abs(level);
  }
  template <class Law, class T>
  static T noise(const Law&, T level) noexcept {
    return std::abs(level);
  }
  static constexpr double swing(double level) noexcept { return level == 0 ? 0 : 1; }
  /// All pulses of a read start together.
  static double overlap(double a, double b) noexcept {
    return std::copysign(1.0, a) * std::copysign(1.0, b) * std::min(std::abs(a), std::abs(b));
  }
  static constexpr bool heat_is_swing = false;
};

}  // namespace ohmlab::crossbar
