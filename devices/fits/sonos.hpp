#pragma once

#include "../../core/math.hpp"
#include "../polynomial.hpp"

namespace ohmlab::devices {

/// Charge-trap transistors (SONOS): standard deviation of a current I, A (1 - exp(-I/B)), at 0 to 5
/// days after programming. Agrawal et al., IEDM 2022. The numbers were taken from a survey of
/// simulators; the paper was not read. Currents in nA; the spreads that grow with age were measured
/// up to 1800 nA.
struct SonosFit {
  static constexpr int days = 6;
  static constexpr double amplitude[days] = {19.88665, 25.59102, 28.72753,
                                             31.04318, 33.76214, 34.57909};
  static constexpr double scale[days] = {176.3115,  186.85544, 193.56834,
                                         198.90332, 204.77023, 207.34309};
  static constexpr double read_amplitude = 12.58037, read_scale = 215.36557;

  /// Standard deviation, nA, of a current in nA that was programmed so many days ago.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE static V sigma(int day, V current) noexcept {
    return number<V>(amplitude[day]) *
           (number<V>(1) - core::exp(V(current * number<V>(-1 / scale[day]))));
  }
};

}  // namespace ohmlab::devices
