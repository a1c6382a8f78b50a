#pragma once

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <string>

#include <fmt/format.h>

#include "../../core/fields.hpp"
#include "../operating_point.hpp"

namespace ohmlab::devices {

/// The rectangular pulses of a model that is driven by voltage and time. A pulse up sets the cell
/// (w rises), a pulse down resets it. Voltages are magnitudes: their signs are the model's.
///
/// The device's own `v_write` is one voltage, by which heat and half-selected cells are counted:
/// the larger of both. A device that cites another one, or another `t_pulse`, is refused.
struct PulseDrive {
  double v_set = 1, v_reset = 1, width = 1e-8;
  std::int64_t substeps = 1;
  static constexpr auto fields = core::Fields{
      core::field("v_set", &PulseDrive::v_set, "V", core::above(0),
                  "magnitude of the voltage of a pulse up")
          .usually(0.01, 20),
      core::field("v_reset", &PulseDrive::v_reset, "V", core::above(0),
                  "magnitude of the voltage of a pulse down")
          .usually(0.01, 20),
      core::field("width", &PulseDrive::width, "s", core::above(0), "width of a pulse")
          .usually(1e-11, 1),
      core::field("substeps", &PulseDrive::substeps, "", core::between(1, 64),
                  "steps of integration in a pulse; refused if mean steps are off by over 1 %"),
  };

  [[nodiscard]] std::string drive_conflict(const OperatingPoint& device) const {
    std::string why = contradiction("v_write", "V", device.v_write, std::max(v_set, v_reset),
                                    "pulse.v_set and pulse.v_reset (the larger of both)");
    if (why.empty()) why = contradiction("t_pulse", "s", device.t_pulse, width, "pulse.width");
    return why;
  }
};

/// Largest error of a mean step of a cell without spread against one of 64 times as many substeps,
/// relative to the larger of this step and the mean step at w = 0; over states from -1 to 1.
template <class P>
[[nodiscard]] double integration_error(const P& pulse) {
  P fine = pulse;
  fine.substeps = 64 * pulse.substeps;
  const auto cell = pulse.template draw<float>({});
  const double scale = pulse.granularity();
  double worst = 0;
  for (int k = -8; k <= 8; ++k) {
    for (const bool up : {true, false}) {
      const double exact = fine.change(cell, k / 8.0, up);
      const double off = std::abs(pulse.change(cell, k / 8.0, up) - exact);
      if (off > 0) worst = std::max(worst, off / std::max(std::abs(exact), scale));
    }
  }
  return worst;
}

/// "" or the reason to ask for more substeps.
template <class P>
[[nodiscard]] std::string integration_problem(const P& pulse) {
  const double error = integration_error(pulse);
  if (error <= 0.01) return "";
  return fmt::format(
      "substeps = {}: mean steps are off by up to {:.2g} %; expected at most 1 %: more substeps, "
      "or a shorter or weaker pulse",
      pulse.substeps, 100 * error);
}

}  // namespace ohmlab::devices
