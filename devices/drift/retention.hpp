#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "../../core/math.hpp"
#include "../number.hpp"

namespace ohmlab::devices {

/// The charge of a capacitor leaks. An exponential has no memory, so it makes no difference that a
/// write restarts the clock. Diffusion about the mean is left out: its reads at two ages are
/// correlated, which one draw a cell cannot express.
struct RetentionDrift {
  static constexpr std::string_view name = "retention";
  static constexpr std::string_view summary =
      "Conductances relax exponentially towards that of a cell at rest, each cell with a lifetime "
      "of its own (leaking capacitors).";
  static constexpr std::string_view equation =
      "g(t) = g_rest + (g - g_rest) exp(-t/tau), tau = lifetime max(|1 + lifetime_dtod xi|, "
      "0.001), "
      "g_rest = rest g_max";
  static constexpr std::string_view source =
      "definition; spread of lifetimes as in Li et al., VLSI Technology 2018 (0.3, from a survey "
      "of "
      "simulators)";
  static constexpr bool keeps = false, needs_range = false, each_write = false;
  double lifetime = 1;
  double lifetime_dtod = 0.3;
  double rest = 0.5;
  static constexpr auto fields = core::Fields{
      core::field("lifetime", &RetentionDrift::lifetime, "s", core::above(0),
                  "mean time in which the distance from rest falls by e")
          .usually(1e-6, 1e9),
      core::field("lifetime_dtod", &RetentionDrift::lifetime_dtod, "", core::at_least(0),
                  "relative spread of lifetimes over devices"),
      core::field("rest", &RetentionDrift::rest, "", core::at_least(0),
                  "conductance of a cell at rest, as a share of g_max"),
  };

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V conductance(V g, V age, V xi, float g_max) const noexcept {
    const V resting = number<V>(rest) * core::splat<V>(g_max);
    const V own =
        core::max(core::abs(V(number<V>(1) + number<V>(lifetime_dtod) * xi)), number<V>(0.001));
    const V lapse = core::max(age, number<V>(0)) / (number<V>(lifetime) * own);
    return g + (resting - g) * (number<V>(1) - core::exp(V(-lapse)));
  }
};

}  // namespace ohmlab::devices
