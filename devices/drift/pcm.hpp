#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "../../core/math.hpp"
#include "../number.hpp"

namespace ohmlab::devices {

/// Phase-change memory, fitted to more than 10 000 devices. A pulse starts from the drifted
/// conductance and resets the age of the cell to the start of the fit, t0.
struct PcmDrift {
  static constexpr std::string_view name = "pcm";
  static constexpr std::string_view summary =
      "Phase-change memory: a power law whose exponent depends on the conductance; a write starts "
      "from the drifted conductance and restarts the clock.";
  static constexpr std::string_view equation =
      "g(t) = g (max(t + t0, t0)/t0)^-|m + s xi|, m = clip(-0.0155 ln x + 0.0244, 0.049, 0.1), s = "
      "clip(-0.0125 ln x - 0.0059, 0.008, 0.045), x = g/g_max";
  static constexpr std::string_view source =
      "Nandakumar et al., ICECS 2019; Joshi et al., Nat. Commun. 11, 2473 (2020)";
  static constexpr bool keeps = false, needs_range = true, each_write = false;
  double t0 = 20;
  static constexpr auto fields = core::Fields{
      core::field("t0", &PcmDrift::t0, "s", core::above(0),
                  "time between programming and the read that the fit starts at")
          .usually(1e-9, 1e6),
  };

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V conductance(V g, V age, V xi, float g_max) const noexcept {
    const V log_x = core::log(core::max(V(g / core::splat<V>(g_max)), number<V>(1e-6)));
    const V mean =
        clip(V(number<V>(-0.0155) * log_x + number<V>(0.0244)), number<V>(0.049), number<V>(0.1));
    const V spread =
        clip(V(number<V>(-0.0125) * log_x - number<V>(0.0059)), number<V>(0.008), number<V>(0.045));
    const V exponent = core::abs(V(mean + spread * xi));
    const V lapse = core::max(V(age + number<V>(t0)), number<V>(t0)) / number<V>(t0);
    return g * core::exp(V(-exponent * core::log(lapse)));
  }

 private:
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE static V clip(V x, V low, V high) noexcept {
    return core::max(low, core::min(high, x));
  }
};

}  // namespace ohmlab::devices
