#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "../../core/math.hpp"
#include "../polynomial.hpp"
#include "falling.hpp"

namespace ohmlab::devices {

/// Mean exponents of the phase-change cells of the chip "HERMES". The published spread of the
/// exponents over devices depends on the conductance too. It was not found in print; `nu_std` is
/// one spread for all conductances, and none unless it is set.
///
/// The first read of the fit is 300 s after programming for two devices a cell and 200 s for one.
/// Which of the two belongs to which was taken from the order of a list.
struct HermesDrift {
  static constexpr std::string_view name = "hermes";
  static constexpr std::string_view summary =
      "Phase-change memory of a 64-core chip: a power law whose mean exponent depends on the "
      "conductance in two pieces. Its published spread was not found: nu_std is one number.";
  static constexpr std::string_view equation =
      "g(t) = g (max(t + t0, t0)/t0)^-|m + nu_std xi|, m = clip(-0.0387 ln x - 0.0182, 0.072, "
      "0.13) "
      "if x < 0.0945, else -0.0436 x^2 - 0.0126 x + 0.0736, x = min(g/g_max, 1)";
  static constexpr std::string_view source =
      "Le Gallo et al., Nat. Electron. 6, 680 (2023); numbers from a survey of simulators, of the "
      "paper only the abstract was read";
  static constexpr bool keeps = false, needs_range = true, each_write = false;
  double t0 = 300;
  double nu_std = 0;
  static constexpr auto fields = core::Fields{
      core::field("t0", &HermesDrift::t0, "s", core::above(0),
                  "time between programming and the first read, which ages are counted from; 300 s "
                  "for two devices a cell, 200 s for one")
          .usually(1e-9, 1e6),
      core::field("nu_std", &HermesDrift::nu_std, "", core::at_least(0),
                  "standard deviation of the exponent over devices; not a published number"),
  };

  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V conductance(V g, V age, V xi, float g_max) const noexcept {
    constexpr double parabola[3] = {0.0736, -0.0126, -0.0436};
    const V x = held_between(V(g / core::splat<V>(g_max)), 1e-6, 1);
    const V low =
        held_between(V(number<V>(-0.0387) * core::log(x) - number<V>(0.0182)), 0.072, 0.13);
    const V mean = core::select(core::less(x, number<V>(0.0945)), low, polynomial(parabola, x));
    return fallen(g, age, V(core::abs(V(mean + number<V>(nu_std) * xi))), t0);
  }
};

}  // namespace ohmlab::devices
