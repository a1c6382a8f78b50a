#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string_view>

#include "../../cost/actions.hpp"

/// Waveforms on a driven line, as shared parts of the catalogue's entries.
///
/// A product takes `slices()` reads one after another; what a line at level 1 adds to it in each is
/// its `share`. With the line's voltage v in read voltages, time t in reads, and a cell's current
/// f(v) per conductance (`devices/conductions.hpp`; f(v) = v in an ohmic cell), a number's
///
/// - `level` is ∫ v dt;
/// - `product` is ∫ f(v) dt: what it adds to an output, and, squared, the variance that noise which
/// stands
///   still adds to it;
/// - `heat` is ∫ v f(v) dt: the energy in the cells;
/// - `noise` is ∫ f(v)² dt: the variance of noise that is white in time;
/// - `swing` is the sum of the squared steps of v away from zero, each of which charges the line
/// once;
/// - `overlap` of two lines is ∫ v1 v2 dt: the heat of what they share.
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
  static constexpr bool heat_is_swing = true;  ///< of ohmic cells: it need not be summed twice
};

/// The read voltage, or minus it, for a part of a read: cells are at full scale or off, whatever
/// their law.
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
