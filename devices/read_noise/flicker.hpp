#pragma once

#include <array>
#include <cmath>
#include <cstdint>
#include <numbers>
#include <string>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../core/math.hpp"
#include "../noise_trace.hpp"
#include "../number.hpp"

namespace ohmlab::devices {

/// A trace with a spectrum 1/f between two corners: white below the first, 1/f^2 above the second.
/// It is the sum of Ornstein-Uhlenbeck processes of equal variance, whose corner frequencies are
/// evenly spaced in their logarithm. The step from one read to the next is exact for any time
/// between them, and the variance is the same from the first read on. With one process a decade the
/// spectrum ripples about 1/f by 2/cosh(pi^2/ln 10) = 5.5 %, with two by 0.04 %. A write leaves the
/// trace as it is.
struct FlickerReadNoise {
  static constexpr std::string_view name = "flicker";
  static constexpr std::string_view summary =
      "1/f noise: the conductance of each cell wanders along the experiment's clock with a "
      "spectrum "
      "1/f between two frequencies.";
  static constexpr std::string_view equation =
      "g + s sum_k x_k/sqrt(n), s^2 = (std (g_max - g_min))^2 + (relative g)^2; x_k: "
      "Ornstein-Uhlenbeck, variance 1, f_k from f_low to f_high; one-sided S(f) = s^2/(f ln(f_high/"
      "f_low)) between";
  static constexpr std::string_view source =
      "Bernamont, Proc. Phys. Soc. 49, 138 (1937); van der Ziel, Physica 16, 359 (1950); exact "
      "step: "
      "Gillespie, Phys. Rev. E 54, 2084 (1996); the defaults are an illustration";
  static constexpr bool quiet = false, needs_range = false;
  static constexpr bool slow = false;  // of the white part
  static constexpr int most_kept = 64;
  double std = 0, relative = 0.03, spread = 0;
  double f_low = 1, f_high = 1e6;
  std::int64_t per_decade = 1;
  double white = 0;
  static constexpr auto fields = core::Fields{
      core::field("std", &FlickerReadNoise::std, "", core::at_least(0),
                  "standard deviation of the trace as a share of the range"),
      core::field("relative", &FlickerReadNoise::relative, "", core::at_least(0),
                  "standard deviation of the trace as a share of the conductance"),
      core::field("spread", &FlickerReadNoise::spread, "", core::between(0, 4),
                  "spread over cells of the logarithm of that deviation"),
      core::field("f_low", &FlickerReadNoise::f_low, "Hz", core::above(0),
                  "frequency below which the spectrum is white")
          .usually(1e-9, 1e9),
      core::field("f_high", &FlickerReadNoise::f_high, "Hz", core::above(0),
                  "frequency above which the spectrum falls as 1/f^2")
          .usually(1e-6, 1e12),
      core::field("per_decade", &FlickerReadNoise::per_decade, "", core::between(1, 8),
                  "processes per decade of frequency; each is a number per cell"),
      core::field("white", &FlickerReadNoise::white, "", core::at_least(0),
                  "standard deviation of fresh noise beside the trace, as a share of the range"),
  };
  [[nodiscard]] std::string problem() const {
    if (!(f_low < f_high)) return "expected f_low below f_high";
    return decades() * static_cast<double>(per_decade) < most_kept - 1
               ? ""
               : "expected at most 63 processes between f_low and f_high";
  }

  /// Of one read of a cell without the spread.
  [[nodiscard]] double sigma(double, double g, double, double g_min, double g_max) const noexcept {
    return std::hypot(white * (g_max - g_min), std * (g_max - g_min), relative * g);
  }
  [[nodiscard]] double fresh(double, double g_min, double g_max) const noexcept {
    return white * (g_max - g_min);
  }

  // A cell's own: factor of the deviation.
  static constexpr int own = 1;
  [[nodiscard]] int kept() const noexcept {
    return 1 + static_cast<int>(std::ceil(decades() * static_cast<double>(per_decade) - 1e-9));
  }
  /// Corner frequency of a process, Hz.
  [[nodiscard]] double corner(int k) const noexcept {
    return f_low * std::pow(f_high / f_low, static_cast<double>(k) / (kept() - 1));
  }

  /// What a time does to each process: x <- left x + kick xi.
  struct Lapse {
    std::array<float, most_kept> left{}, kick{};
  };
  [[nodiscard]] Lapse lapse(double seconds) const noexcept {
    Lapse out;
    for (int k = 0; k < kept(); ++k) {
      const double rate = 2 * std::numbers::pi * corner(k) * seconds;
      out.left[static_cast<std::size_t>(k)] = static_cast<float>(std::exp(-rate));
      out.kick[static_cast<std::size_t>(k)] = static_cast<float>(std::sqrt(-std::expm1(-2 * rate)));
    }
    return out;
  }

  template <core::FloatPack V>
  OHMLAB_INLINE void draw(const TraceDraws<V>& draws, V* numbers) const noexcept {
    numbers[0] = core::exp(V(number<V>(spread) * core::normals(draws.block(0))[0]));
  }
  template <core::FloatPack V>
  OHMLAB_INLINE void start(const TraceDraws<V>& draws, const V*, V* x) const noexcept {
    const int n = kept();
    for (int k = 0; k < n; k += 4) {
      const auto xi = core::normals(draws.block(1 + static_cast<std::uint32_t>(k / 4)));
      for (int q = 0; q < 4 && k + q < n; ++q) x[k + q] = xi[q];
    }
  }
  template <core::FloatPack V>
  OHMLAB_INLINE void advance(const TraceDraws<V>& draws, const Lapse& lapse, const V*,
                             V* x) const noexcept {
    const int n = kept();
    for (int k = 0; k < n; k += 4) {
      const auto xi = core::normals(draws.block(static_cast<std::uint32_t>(k / 4)));
      for (int q = 0; q < 4 && k + q < n; ++q) {
        const auto at = static_cast<std::size_t>(k + q);
        x[at] = core::splat<V>(lapse.left[at]) * x[at] + core::splat<V>(lapse.kick[at]) * xi[q];
      }
    }
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V offset(const V* numbers, const V* x, V g,
                                       ConductanceRange range) const noexcept {
    const int n = kept();
    V sum = x[0];
    for (int k = 1; k < n; ++k) sum += x[k];
    const V of_range = number<V>(std * (range.g_max - range.g_min)), of_g = number<V>(relative) * g;
    const V sigma = core::sqrt(V(of_range * of_range + of_g * of_g));
    return sum * sigma * numbers[0] * number<V>(1 / std::sqrt(n));
  }

 private:
  [[nodiscard]] double decades() const noexcept { return std::log10(f_high / f_low); }
};

}  // namespace ohmlab::devices
