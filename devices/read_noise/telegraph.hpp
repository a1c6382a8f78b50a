#pragma once

#include <cmath>
#include <string_view>

#include "../../core/fields.hpp"
#include "../../core/math.hpp"
#include "../noise_trace.hpp"
#include "../number.hpp"

namespace ohmlab::devices {

/// One trap beside the path of the current. The conductance jumps between two levels; the written
/// conductance is their mean in time. A write leaves the trap as it is.
struct TelegraphReadNoise {
  static constexpr std::string_view name = "telegraph";
  static constexpr std::string_view summary =
      "Random telegraph noise: the conductance of a cell with a trap jumps between two levels, "
      "along "
      "the experiment's clock.";
  static constexpr std::string_view equation =
      "g + a (s - p), a = share (g_max - g_min) + relative g; s: 1 for a mean time time_high, 0 "
      "for "
      "time_low, p = time_high/(time_high + time_low); P(s = 1) relaxes to p as exp(-t "
      "(1/time_high "
      "+ 1/time_low))";
  static constexpr std::string_view source =
      "Machlup, J. Appl. Phys. 25, 341 (1954); lognormal times and amplitudes of cells: Karpov & "
      "Niraula, phys. status solidi RRL 13, 1800523 (2019, not read); the defaults are an "
      "illustration";
  static constexpr bool quiet = false, needs_range = false;
  static constexpr bool slow = false;  // of the white part
  double relative = 0.1, share = 0, amplitude_spread = 0.5;
  double time_high = 1e-3, time_low = 1e-3, time_spread = 1;
  double traps = 0.3;
  double white = 0;
  static constexpr auto fields = core::Fields{
      core::field("relative", &TelegraphReadNoise::relative, "", core::between(0, 2),
                  "median distance of the two levels as a share of the conductance"),
      core::field("share", &TelegraphReadNoise::share, "", core::between(0, 2),
                  "median distance of the two levels as a share of the range, added to `relative`"),
      core::field("amplitude_spread", &TelegraphReadNoise::amplitude_spread, "",
                  core::between(0, 4), "spread over cells of the logarithm of that distance"),
      core::field("time_high", &TelegraphReadNoise::time_high, "s", core::above(0),
                  "median over cells of the mean time at the higher level")
          .usually(1e-9, 1e6),
      core::field("time_low", &TelegraphReadNoise::time_low, "s", core::above(0),
                  "median over cells of the mean time at the lower level")
          .usually(1e-9, 1e6),
      core::field("time_spread", &TelegraphReadNoise::time_spread, "", core::between(0, 8),
                  "spread over cells of the logarithm of each of the two mean times"),
      core::field("traps", &TelegraphReadNoise::traps, "", core::fraction,
                  "share of the cells that have a trap"),
      core::field("white", &TelegraphReadNoise::white, "", core::at_least(0),
                  "standard deviation of fresh noise beside the trace, as a share of the range"),
  };

  /// Of one read of a cell with a trap at the medians.
  [[nodiscard]] double sigma(double, double g, double, double g_min, double g_max) const noexcept {
    const double p = time_high / (time_high + time_low);
    const double levels = share * (g_max - g_min) + relative * g;
    return std::hypot(white * (g_max - g_min), levels * std::sqrt(p * (1 - p)));
  }
  [[nodiscard]] double fresh(double, double g_min, double g_max) const noexcept {
    return white * (g_max - g_min);
  }

  // A cell's own: factor of the distance, 0 without a trap; p; rate of relaxation, 1/s.
  static constexpr int own = 3, most_kept = 1;
  [[nodiscard]] static constexpr int kept() noexcept { return 1; }
  [[nodiscard]] static constexpr float lapse(double seconds) noexcept {
    return static_cast<float>(seconds);
  }

  template <core::FloatPack V>
  OHMLAB_INLINE void draw(const TraceDraws<V>& draws, V* numbers) const noexcept {
    const auto xi = core::normals(draws.block(0));
    const auto uniform = core::uniform(draws.block(1)[0]);
    const V factor = core::exp(V(number<V>(amplitude_spread) * xi[0]));
    const V high = number<V>(time_high) * core::exp(V(number<V>(time_spread) * xi[1]));
    const V low = number<V>(time_low) * core::exp(V(number<V>(time_spread) * xi[2]));
    numbers[0] = core::select(core::less(uniform, number<V>(traps)), factor, number<V>(0));
    numbers[1] = high / (high + low);
    numbers[2] = number<V>(1) / high + number<V>(1) / low;
  }
  template <core::FloatPack V>
  OHMLAB_INLINE void start(const TraceDraws<V>& draws, const V* numbers, V* level) const noexcept {
    level[0] = drawn<V>(draws, 2, numbers[1]);
  }
  template <core::FloatPack V>
  OHMLAB_INLINE void advance(const TraceDraws<V>& draws, float seconds, const V* numbers,
                             V* level) const noexcept {
    const V left = core::exp(V(-core::splat<V>(seconds) * numbers[2]));
    level[0] = drawn<V>(draws, 0, V(numbers[1] + (level[0] - numbers[1]) * left));
  }
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V offset(const V* numbers, const V* level, V g,
                                       ConductanceRange range) const noexcept {
    const V levels = number<V>(share * (range.g_max - range.g_min)) + number<V>(relative) * g;
    return levels * numbers[0] * (level[0] - numbers[1]);
  }

 private:
  /// 1 with this chance, else 0.
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE static V drawn(const TraceDraws<V>& draws, std::uint32_t block,
                                             V chance) noexcept {
    const V uniform = core::uniform(draws.block(block)[0]);
    return core::select(core::less(uniform, chance), number<V>(1), number<V>(0));
  }
};

}  // namespace ohmlab::devices
