#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "../../core/math.hpp"
#include "../number.hpp"

namespace ohmlab::devices {

/// A power law for training. A pulse starts from the drifted conductance and restarts the clock of
/// the cell. The published law has a spread from write to write as well, which is left out.
struct StatePowerLawDrift {
  static constexpr std::string_view name = "state_power_law";
  static constexpr std::string_view summary =
      "A power law whose exponent falls with the logarithm of the conductance; a write starts from "
      "the drifted conductance and restarts the clock.";
  static constexpr std::string_view equation =
      "g(t) = g (max(t, t0)/t0)^-max(0, |nu (1 + nu_dtod xi)| - nu_k ln(x/x0)), x = g/g_max, from "
      "1e-6";
  static constexpr std::string_view source =
      "form: Oh et al., IEEE EDL 40, 1325 (2019), not read; default slope and exponent at g_max: "
      "the "
      "line of kind \"pcm\", Joshi et al., Nat. Commun. 11, 2473 (2020), without its limits";
  static constexpr bool keeps = false, needs_range = true, each_write = false;
  double nu = 0.0244;
  double nu_dtod = 0.3;
  double nu_k = 0.0155;
  double x0 = 1;
  double t0 = 1;
  static constexpr auto fields = core::Fields{
      core::field("nu", &StatePowerLawDrift::nu, "", core::at_least(0),
                  "mean drift exponent at the conductance x0 g_max"),
      core::field("nu_dtod", &StatePowerLawDrift::nu_dtod, "", core::at_least(0),
                  "relative spread of nu over devices"),
      core::field("nu_k", &StatePowerLawDrift::nu_k, "", core::any,
                  "fall of the exponent with the natural logarithm of the conductance"),
      core::field("x0", &StatePowerLawDrift::x0, "", core::above(0),
                  "conductance that nu belongs to, as a share of g_max"),
      core::field("t0", &StatePowerLawDrift::t0, "s", core::above(0),
                  "time of the first read; nothing drifts before")
          .usually(1e-9, 1e6),
  };

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V conductance(V g, V age, V xi, float g_max) const noexcept {
    const V x = core::max(V(g / core::splat<V>(g_max)), number<V>(1e-6));
    const V own = core::abs(V(number<V>(nu) * (number<V>(1) + number<V>(nu_dtod) * xi)));
    const V exponent =
        core::max(V(own - number<V>(nu_k) * core::log(V(x / number<V>(x0)))), number<V>(0));
    const V lapse = core::max(age, number<V>(t0)) / number<V>(t0);
    return g * core::exp(V(-exponent * core::log(lapse)));
  }
};

}  // namespace ohmlab::devices
