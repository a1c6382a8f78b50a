#pragma once

#include <cmath>
#include <numbers>

/// Lower limits of energy, set by physics for any machine at a temperature.
namespace ohmlab::cost {

/// Boltzmann constant, J/K, exact since 2019 (SI brochure, 9th edition).
inline constexpr double boltzmann = 1.380649e-23;
/// Room temperature, K.
inline constexpr double room_temperature = 300;

/// Joules to erase one bit: kT ln 2 (Landauer, IBM J. Res. Dev. 5, 183 (1961)).
[[nodiscard]] constexpr double landauer_limit(double kelvin = room_temperature) {
  return boltzmann * kelvin * std::numbers::ln2;
}

/// Power signal-to-noise ratio that b bits of a full-scale sine need: 1.5 · 4^b, or 6.02 b + 1.76
/// dB (Bennett, Bell Syst. Tech. J. 27, 446 (1948)).
[[nodiscard]] inline double quantisation_snr(double bits) { return 1.5 * std::pow(4.0, bits); }

/// Joules of one column read, sampled on a capacitor at b bits: 8 kT SNR. A full-scale sine on a
/// supply V has the power V²/8, the sample has the noise kT/C. So SNR = C V²/(8 kT), and charging
/// the capacitor takes C V².
[[nodiscard]] inline double sampled_column_limit(double bits, double kelvin = room_temperature) {
  return 8 * boltzmann * kelvin * quantisation_snr(bits);
}

/// Joules of one conversion at the Nyquist rate at b bits, thermal noise alone: 4 kT SNR. This is
/// the Schreier figure of merit of 194.8 dB (Murmann, "The race for the extra decibel", IEEE SSC
/// Mag. 7(3), 58 (2015)).
[[nodiscard]] inline double converter_limit(double bits, double kelvin = room_temperature) {
  return 4 * boltzmann * kelvin * quantisation_snr(bits);
}

}  // namespace ohmlab::cost
