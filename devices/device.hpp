#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "../core/fields.hpp"
#include "activation.hpp"
#include "conductions.hpp"
#include "drifts.hpp"
#include "faults.hpp"
#include "programmings.hpp"
#include "pulses.hpp"
#include "read_noises.hpp"
#include "wears.hpp"

namespace ohmlab::devices {

/// One kind of cell: seven separable questions and its electrical operating point.
///
/// The operating point is cited by a preset or left out. Without it a device learns, but its work
/// cannot be billed.
struct Device {
  std::string source;
  std::optional<double> g_min, g_max, v_read, t_read, v_write, t_pulse, endurance;
  double temperature = 300, reference_temperature = 300;
  Activation activation;
  double diffusion = 0;
  double neighbour_share = 0, neighbour_range = 1;
  Pulse pulse;
  Programming programming;
  Drift drift;
  ReadNoise read_noise;
  Conduction conduction;
  Faults faults;
  Wear wear;
  static constexpr auto fields = core::Fields{
      core::field("source", &Device::source,
                  "papers that the numbers come from, and the way they were checked"),
      core::field("g_min", &Device::g_min, "S", core::at_least(0), "conductance at w = -1")
          .usually(1e-9, 1e-2),
      core::field("g_max", &Device::g_max, "S", core::above(0), "conductance at w = +1")
          .usually(1e-9, 1e-2),
      core::field("v_read", &Device::v_read, "V", core::above(0), "voltage of a full-scale input")
          .usually(0.01, 20),
      core::field("t_read", &Device::t_read, "s", core::above(0), "integration time of a read")
          .usually(1e-11, 1),
      core::field("v_write", &Device::v_write, "V", core::above(0),
                  "voltage of a programming pulse")
          .usually(0.01, 20),
      core::field("t_pulse", &Device::t_pulse, "s", core::above(0), "width of a programming pulse")
          .usually(1e-11, 1),
      core::field("endurance", &Device::endurance, "", core::above(0),
                  "pulses that a cell survives; `wear` says how cells differ"),
      core::field("temperature", &Device::temperature, "K", core::above(0),
                  "temperature of the cells during the experiment")
          .usually(77, 600),
      core::field("reference_temperature", &Device::reference_temperature, "K", core::above(0),
                  "temperature at which the numbers of the device hold")
          .usually(77, 600),
      core::field("activation", &Device::activation,
                  "activation energies, of which another temperature makes use"),
      core::field("diffusion", &Device::diffusion, "1/s^0.5", core::at_least(0),
                  "random walk of a state along the clock, within the range of its cell: standard "
                  "deviation of w after one second"),
      core::field("neighbour_share", &Device::neighbour_share, "", core::fraction,
                  "share of the variance of a cell's own pulse parameters that it has in common "
                  "with its neighbours"),
      core::field("neighbour_range", &Device::neighbour_range, "", core::above(0),
                  "distance, in cells, over which neighbours resemble each other: parameters of "
                  "two cells at distance d correlate by share exp(-d^2/(2 range^2))")
          .usually(0.1, 1000),
      core::field("pulse", &Device::pulse, "response of a cell to a pulse"),
      core::field("programming", &Device::programming, "error of write-and-verify"),
      core::field("drift", &Device::drift, "change of conductance with time"),
      core::field("read_noise", &Device::read_noise, "noise of a read"),
      core::field("conduction", &Device::conduction, "current as a function of voltage"),
      core::field("faults", &Device::faults, "cells that do not work"),
      core::field("wear", &Device::wear, "cells that pulses wear out"),
  };
  [[nodiscard]] std::string problem() const;

  /// True if the cells are not at the temperature at which the numbers of the device hold.
  [[nodiscard]] bool heated() const { return temperature != reference_temperature; }
  /// Factor by which the temperature speeds up a process with an activation energy, eV.
  [[nodiscard]] double acceleration(const std::optional<double>& energy) const {
    return heated()
               ? Activation::acceleration(energy.value_or(0), temperature, reference_temperature)
               : 1;
  }
  /// State whose conductance at the reference temperature a cell in state w has at this one.
  [[nodiscard]] double heated_state(double w) const;

  /// Names of the missing parameters of the operating point. The device cannot be billed without
  /// them.
  [[nodiscard]] std::vector<std::string_view> uncited() const;

  /// Conductances at w = -1 and +1 in S; 0 and 1 if the device cites none.
  [[nodiscard]] double lowest() const { return g_min.value_or(0); }
  [[nodiscard]] double highest() const { return g_max.value_or(1); }
  /// Conductance of a state in S.
  [[nodiscard]] double conductance(double w) const {
    return lowest() + (w + 1) / 2 * (highest() - lowest());
  }
  /// The state of zero conductance, the lower limit of all cells. A device has one if it cites
  /// conductances or drifts: drift multiplies conductances, which then count from w = -1.
  [[nodiscard]] std::optional<float> lowest_state() const;

  /// Standard deviation that write-and-verify leaves around a target, S.
  /// \throws core::UserError unless g is finite and not negative
  [[nodiscard]] double programming_error(double g) const;
  /// Standard deviation of one read, S, of a cell that holds g, at an age, s, since its last write.
  /// \throws core::UserError unless both are finite and not negative
  [[nodiscard]] double noise_of_read(double g, double age) const;

  /// The state at which the mean steps up and down of the mean device are equal; see
  /// `devices::symmetry_point`.
  [[nodiscard]] std::optional<double> symmetry_point() const;
  /// Number of steps dw_min from bound to bound of the mean device; none if it has no bounds.
  [[nodiscard]] std::optional<double> states() const;

  /// Largest error that the rounding of float32 states makes in one step of the mean device at w,
  /// as a share of it.
  [[nodiscard]] double step_rounding(double w) const;
};

}  // namespace ohmlab::devices
