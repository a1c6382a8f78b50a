#pragma once

#include "ohmlab/crossbar/analog_array.hpp"

namespace ohmlab::tests {

/// Everything switched off that can be: what is left is arithmetic.
inline crossbar::AnalogArrayModel ideal_parts() {
  crossbar::AnalogArrayModel model;
  model.dac.choice = crossbar::NoDac{};
  model.adc.choice = crossbar::NoAdc{};
  model.output_noise = 0;
  return model;
}

/// A cell with an operating point.
inline devices::Device electrical(devices::Device device = {}) {
  device.g_min = 1e-6;
  device.g_max = 9e-6;
  device.v_read = 0.2;
  device.t_read = 1e-7;
  device.v_write = 2;
  device.t_pulse = 1e-8;
  return device;
}

}  // namespace ohmlab::tests
