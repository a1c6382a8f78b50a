#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "../fits/sonos.hpp"

namespace ohmlab::devices {

/// Charge-trap transistors lose charge. Only the widening of the distribution is modelled: the
/// change of its mean is published as a polynomial of the tenth degree for each day, whose
/// coefficients were not found in print. Between the days the spread grows linearly in time; after
/// the fifth it stays.
///
/// Each write draws how a cell changes. Ages of the same write share that draw: the spread at each
/// age is the published one, a trace in time is not.
struct SonosDrift {
  static constexpr std::string_view name = "sonos";
  static constexpr std::string_view summary =
      "Charge-trap transistors (SONOS): the spread of written cells widens over five days; the "
      "change of their mean is left out.";
  static constexpr std::string_view equation =
      "g(t) = max(0, g + sqrt(s(t)^2 - s(0)^2) xi g_max/full_scale), xi of each write; s = A (1 - "
      "exp(-I/B)) at 0, 1, ... 5 days, A = 19.88665, 25.59102, 28.72753, 31.04318, 33.76214, "
      "34.57909 nA, B = 176.3115, 186.85544, 193.56834, 198.90332, 204.77023, 207.34309 nA, I = "
      "full_scale g/g_max";
  static constexpr std::string_view source =
      "Agrawal et al., IEDM 2022; numbers from a survey of simulators, the paper not read";
  static constexpr bool keeps = false, needs_range = true, each_write = true;
  double full_scale = 1.6e-6;
  static constexpr auto fields = core::Fields{
      core::field("full_scale", &SonosDrift::full_scale, "A", core::above(0),
                  "read current of a cell at g_max")
          .usually(1e-9, 1e-4),
  };

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V conductance(V g, V age, V xi, float g_max) const noexcept {
    const V per_current = core::splat<V>(g_max) * number<V>(1e-9 / full_scale);  // S/nA
    const V current = g / per_current;
    const V day = age * number<V>(1.0 / 86400);
    const V first = SonosFit::sigma(0, current);
    V spread = first, before = first;
    for (int k = 1; k < SonosFit::days; ++k) {
      const V then = SonosFit::sigma(k, current);
      spread += (then - before) * held_between(V(day - number<V>(k - 1)), 0, 1);
      before = then;
    }
    const V widening = core::sqrt(core::max(V(spread * spread - first * first), number<V>(0)));
    return core::max(V(g + widening * per_current * xi), number<V>(0));
  }
};

}  // namespace ohmlab::devices
