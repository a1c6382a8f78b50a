#pragma once

#include <concepts>
#include <string_view>

#include "../core/fields.hpp"
#include "noise_trace.hpp"
#include "read_noise/cmo_hfox.hpp"
#include "read_noise/flicker.hpp"
#include "read_noise/none.hpp"
#include "read_noise/pcm.hpp"
#include "read_noise/sonos.hpp"
#include "read_noise/telegraph.hpp"
#include "read_noise/white.hpp"

namespace ohmlab::devices {

/// The standard deviation of one read, S, and its behaviour in time.
template <class T>
concept ReadNoiseEntry = core::Described<T> && requires(const T& t) {
  { t.sigma(1.0, 1.0, 0.0, 0.0, 1.0) } -> std::same_as<double>;
  { T::slow } -> std::convertible_to<bool>;
  { T::quiet } -> std::convertible_to<bool>;        // true if there is no noise
  { T::needs_range } -> std::convertible_to<bool>;  // true if it needs g_min and g_max
};

struct ReadNoise : core::OneOf<NoReadNoise,  //
                               WhiteReadNoise, TelegraphReadNoise, FlickerReadNoise, PcmReadNoise,
                               CmoHfoxReadNoise, SonosReadNoise> {
  static constexpr std::string_view name = "read_noise";
  static constexpr std::string_view question = "How do reads of the same cell differ?";

  /// Standard deviation of one read, S, of a cell that was written to the conductance `written` and
  /// has drifted to g within an age, s.
  [[nodiscard]] double sigma(double written, double g, double age, double g_min,
                             double g_max) const {
    return visit([&](const auto& noise) { return noise.sigma(written, g, age, g_min, g_max); });
  }
  /// The part of it that each read draws afresh; the rest is the trace of a cell.
  [[nodiscard]] double fresh(double written, double g, double age, ConductanceRange range) const {
    return visit([&]<class T>(const T& noise) {
      if constexpr (NoiseTraceEntry<T>) return noise.fresh(g, range.g_min, range.g_max);
      return noise.sigma(written, g, age, range.g_min, range.g_max);
    });
  }
  /// True if noise has a part that each read draws afresh.
  [[nodiscard]] bool draws_afresh() const {
    return visit([]<class T>(const T& noise) {
      if constexpr (NoiseTraceEntry<T>) return noise.white > 0;
      return !T::quiet;
    });
  }
  /// True if noise has a part that goes on from read to read.
  [[nodiscard]] bool has_trace() const {
    return visit([]<class T>(const T&) { return NoiseTraceEntry<T>; });
  }
  [[nodiscard]] bool quiet() const {
    return visit([](const auto& entry) { return std::remove_cvref_t<decltype(entry)>::quiet; });
  }
  /// True if fresh noise is constant during a read: a short pulse sees as much of it as a long one.
  /// Otherwise it is white in time.
  [[nodiscard]] bool slow() const {
    return visit([](const auto& noise) { return std::remove_cvref_t<decltype(noise)>::slow; });
  }
};
static_assert(ReadNoise::each_is([]<class T>() { return ReadNoiseEntry<T>; }));

}  // namespace ohmlab::devices
