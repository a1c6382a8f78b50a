#pragma once

#include <concepts>
#include <string_view>

#include "../core/fields.hpp"
#include "read_noise/none.hpp"
#include "read_noise/pcm.hpp"
#include "read_noise/white.hpp"

namespace ohmlab::devices {

/// The standard deviation of one read, S, and how it moves in time.
template <class T>
concept ReadNoiseEntry = core::Described<T> && requires(const T& t) {
  { t.sigma(1.0, 1.0, 0.0, 0.0, 1.0) } -> std::same_as<double>;
  { T::slow } -> std::convertible_to<bool>;
  { T::quiet } -> std::convertible_to<bool>;        // whether it is no noise
  { T::needs_range } -> std::convertible_to<bool>;  // cannot do without g_min and g_max
};

struct ReadNoise : core::OneOf<NoReadNoise,  //
                               WhiteReadNoise, PcmReadNoise> {
  static constexpr std::string_view name = "read_noise";
  static constexpr std::string_view question = "How do reads of the same cell differ?";

  /// Standard deviation of one read, S, of a cell that was written to one conductance, has drifted
  /// to g, and is of an age, s, since then.
  [[nodiscard]] double sigma(double written, double g, double age, double g_min,
                             double g_max) const {
    return visit([&](const auto& noise) { return noise.sigma(written, g, age, g_min, g_max); });
  }
  [[nodiscard]] bool quiet() const {
    return visit([](const auto& entry) { return std::remove_cvref_t<decltype(entry)>::quiet; });
  }
  /// Whether it stands still during one read, so that a short pulse sees as much of it as a long
  /// one; otherwise it is white in time.
  [[nodiscard]] bool slow() const {
    return visit([](const auto& noise) { return std::remove_cvref_t<decltype(noise)>::slow; });
  }
};
static_assert(ReadNoise::each_is([]<class T>() { return ReadNoiseEntry<T>; }));

}  // namespace ohmlab::devices
