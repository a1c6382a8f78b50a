#include "hardware.hpp"

#include "../../crossbar/analog_array_model.hpp"

namespace ohmlab::foundation {

scale::ArrayHardware hardware_of(const crossbar::AnalogArrayModel& model, double rows, double cols,
                                 double mean_square) {
  scale::ArrayHardware out;
  out.parts = model.parts();
  if (out.parts.tile_rows == 0) out.parts.tile_rows = rows;
  if (out.parts.tile_cols == 0) out.parts.tile_cols = cols;
  const devices::Device& device = model.device;
  const crossbar::Dac::Means means =
      model.dac.means(mean_square, device.conduction, out.parts.v_read);
  out.heat = means.heat;
  out.swing = means.swing;
  out.copies = static_cast<double>(model.copies);
  out.conductance = device.g_min ? device.conductance(0) : 0;
  return out;
}

}  // namespace ohmlab::foundation
