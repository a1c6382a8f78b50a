#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "falling.hpp"

namespace ohmlab::devices {

/// As `power_law`, but ages count from a first read that is t0 after the write, as in "pcm".
struct StateIndependentDrift {
  static constexpr std::string_view name = "state_independent";
  static constexpr std::string_view summary =
      "A power law since the write, seen from a first read; exponents spread over devices and do "
      "not depend on the conductance.";
  static constexpr std::string_view equation = "g(t) = g (max(t + t0, t0)/t0)^-|nu + nu_std xi|";
  static constexpr std::string_view source =
      "form: Nandakumar et al., ICECS 2019; defaults: state-independent noise model of IBM's "
      "AIHWKit (pull request 284), values from a survey of simulators";
  static constexpr bool keeps = false, needs_range = false, each_write = false;
  double nu = 0.1;
  double nu_std = 0.05;
  double t0 = 20;
  static constexpr auto fields = core::Fields{
      core::field("nu", &StateIndependentDrift::nu, "", core::at_least(0), "mean drift exponent"),
      core::field("nu_std", &StateIndependentDrift::nu_std, "", core::at_least(0),
                  "standard deviation of the exponent over devices"),
      core::field("t0", &StateIndependentDrift::t0, "s", core::above(0),
                  "time between the write and the first read, which ages are counted from")
          .usually(1e-9, 1e6),
  };

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V conductance(V g, V age, V xi, float) const noexcept {
    return fallen(g, age, V(core::abs(V(number<V>(nu) + number<V>(nu_std) * xi))), t0);
  }
};

}  // namespace ohmlab::devices
