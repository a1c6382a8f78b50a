#pragma once

namespace ohmlab::devices {

/// Standard deviations of filamentary resistive memory at three ages after write-and-verify, read
/// off the published figure: uS over x = g / 40 uS. Wan et al., Nature 608, 504 (2022), extended
/// data figure 3d, which plots the change since the write; the width of the window that
/// write-and-verify accepts is not in it.
///
/// There are two published fits of this figure at 1 s. They differ by up to half (at 40 uS: 1.10
/// and 1.67 uS). The quartics are the default since they alone cover 1 s, 1 day and 2 days. Their
/// coefficients were taken from a survey of simulators, not from the figure itself.
struct RramWanFit {
  static constexpr double g_max = 40e-6;  // S
  static constexpr double second[5] = {0.348, 16.030, -43.853, 45.393, -16.815};
  static constexpr double day[5] = {0.701, 22.086, -50.773, 47.095, -16.458};
  static constexpr double two_days[5] = {0.782, 20.274, -43.507, 37.062, -11.934};
  /// The other fit at 1 s; published in uS over g in uS, up to 39.26 uS.
  static constexpr double second_cubic[4] = {1.053, 0.2374 * 40, -1.167e-2 * 1600,
                                             1.536e-4 * 64000};
};

}  // namespace ohmlab::devices
