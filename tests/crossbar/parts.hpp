#pragma once

#include <cmath>

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

/// Numbers in (low, high) without a pattern.
inline core::MatrixD numbers(core::Index rows, core::Index cols, int salt, double low,
                             double high) {
  core::MatrixD out(rows, cols);
  for (core::Index k = 0; k < out.size(); ++k) {
    const double share =
        std::fmod(static_cast<double>((k + 1) * (7919 + salt * 104729)) * 0.6180339887, 1.0);
    out.data()[k] = low + share * (high - low);
  }
  return out;
}

}  // namespace ohmlab::tests
