#pragma once

#include <string_view>

#include "../../core/fields.hpp"
#include "../../core/math.hpp"
#include "../number.hpp"

namespace ohmlab::devices {

/// A pulse starts from the drifted conductance and restarts the clock of the cell, since it renews
/// the structure (Oh et al., IEEE EDL 40, 1325 (2019)).
struct PowerLawDrift {
  static constexpr std::string_view name = "power_law";
  static constexpr std::string_view summary =
      "Conductance falls as a power of the time since the cell was last written; a write starts "
      "from the drifted conductance and restarts the clock.";
  static constexpr std::string_view equation =
      "g(t) = g (max(t, t0)/t0)^-nu_cell, nu_cell = |nu (1 + nu_dtod xi)|";
  static constexpr std::string_view source =
      "Ielmini et al., IEEE TED 54, 308 (2007); Oh et al., IEEE EDL 40, 1325 (2019)";
  static constexpr bool keeps = false, needs_range = false, each_write = false;
  double nu = 0.05;
  double nu_dtod = 0.3;
  double t0 = 1;
  static constexpr auto fields = core::Fields{
      core::field("nu", &PowerLawDrift::nu, "", core::at_least(0), "mean drift exponent"),
      core::field("nu_dtod", &PowerLawDrift::nu_dtod, "", core::at_least(0),
                  "relative spread of nu over devices"),
      core::field("t0", &PowerLawDrift::t0, "s", core::above(0),
                  "time of the first read; nothing drifts before")
          .usually(1e-9, 1e6),
  };

  /// \param g    written conductance, S
  /// \param age  time since the write, s
  /// \param xi   standard normal of the cell
  template <core::FloatPack V>
  [[nodiscard]] OHMLAB_INLINE V conductance(V g, V age, V xi, float) const noexcept {
    const V exponent = core::abs(V(number<V>(nu) * (number<V>(1) + number<V>(nu_dtod) * xi)));
    const V lapse = core::max(age, number<V>(t0)) / number<V>(t0);
    return g * core::exp(V(-exponent * core::log(lapse)));
  }
};

}  // namespace ohmlab::devices
