#pragma once

#include <cmath>
#include <numbers>

namespace ohmlab::devices {

/// The curve x(p) = (1 - e^(-k p))/(1 - e^(-k)) from 0 to 1 lies at most
///
///     max x(p) - p = 1/D - 1/k + ln(D/k)/k,  D = 1 - e^(-k)
///
/// above its chord.
[[nodiscard]] inline double height_over_chord(double k) noexcept {
  if (k < 1e-3) return k / 8;  // the next term, k³/576, is below the rounding of the differences
  const double d = -std::expm1(-k);
  return 1 / d - 1 / k + std::log(d / k) / k;
}

/// The curvature k of the curve of a nonlinearity label, negative for a curve below its chord.
///
/// Chen, Peng & Yu (IEEE TCAD 37, 3067 (2018)) label a curve by its largest distance from the
/// chord, at right angles to it, over 0.07, and publish a table of 1/k over labels up to 9. The
/// relation height_over_chord(|k|) = 0.07 sqrt(2) |label| gives this table within 3e-6.
[[nodiscard]] inline double curvature_of_label(double label) noexcept {
  const double height = 0.07 * std::numbers::sqrt2 * std::abs(label);
  double k = 8 * height / (1 - height);  // above the root; Newton's steps then rise from below it
  for (int step = 0; step < 30 && k >= 1e-3; ++step) {
    const double d = -std::expm1(-k), slope = std::exp(-k) / d;
    const double growth = (slope - std::log(d / k) / k) / k - slope / d;  // of the height with k
    const double next = k + (height - height_over_chord(k)) / growth;
    const bool there = std::abs(next - k) <= 1e-14 * k;
    k = next > 0 ? next : k / 2;
    if (there) break;
  }
  return std::copysign(k < 1e-3 ? 8 * height : k, label);
}

}  // namespace ohmlab::devices
