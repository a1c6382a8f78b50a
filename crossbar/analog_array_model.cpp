#include "analog_array_model.hpp"

#include <algorithm>
#include <type_traits>

#include <fmt/format.h>

#include "../core/errors.hpp"
#include "analog_array.hpp"
#include "copied_array.hpp"

namespace ohmlab::crossbar {

std::unique_ptr<Array> AnalogArrayModel::make(Index rows, Index cols,
                                              const ArrayContext& context) const {
  if (context.edges) {
    throw core::UserError({}, "array", "\"analog\"",
                          "has a cell at every crossing, and this model couples neighbours only: "
                          "expected array = \"ideal\"");
  }
  if (copies > 1) return std::make_unique<CopiedArray>(*this, rows, cols, context);
  return std::make_unique<AnalogArray>(*this, rows, cols, context);
}

std::string AnalogArrayModel::problem() const {
  if (copies_share == CopiesShare::phases && copies == 1)
    return R"(copies_share "phases" takes copies in turn: expected copies above 1)";
  if (wires.resist()) {
    if (!device.g_min)
      return R"(wires "exact" divide voltages by conductances: expected device.g_min and g_max)";
    if (!device.conduction.linear() && !dac.holds())
      return R"(wires "exact" solve cells that are not ohmic for voltages held through a read: expected dac "uniform", "bit_serial" or "none")";
    if (!device.conduction.linear() && !dac.errors().none() &&
        (path.reads_rows() || mapping.refresh() || calibration.moves())) {
      return R"(single rows of cells that are not ohmic are solved at the whole read voltage: expected dac.errors of 0 with wires "exact")";
    }
    if (sensing.floats())
      return R"(wires "exact" are solved for lines held at zero volts: expected sensing "current")";
  }
  if (range.is<CalibratedRange>() && adc.is<NoAdc>())
    return R"(range "calibrated" sets the range of converters: expected an adc other than "none")";
  if (const auto* serial = std::get_if<BitSerialDac>(&dac.choice); serial && serial->errors.inl > 0)
    return R"(dac "bit_serial" is off or at full scale, where nonlinearity by end points is zero: expected errors.inl 0)";
  if (device.wear.any() && pulser.is<ExactPulser>()) {
    return fmt::format(
        R"(pulser "exact" counts no pulses, which wear "{}" goes by: expected pulser "stochastic" or "deterministic")",
        device.wear.kind());
  }
  if (mapping.refresh() && sensing.floats()) {
    return fmt::format(
        R"(mapping "{}" reads single rows of its cells, whose lines would float: expected sensing "current")",
        mapping.kind());
  }
  if (const auto* shift = std::get_if<ZeroShift>(&calibration.choice)) {
    if (mapping.fixed_cells() == 0)
      return R"(calibration "zero_shift" writes fixed cells: expected mapping "reference")";
    if (sensing.floats())
      return R"(calibration "zero_shift" reads single rows, whose lines would float: expected sensing "current")";
    const std::vector<double> gains = path.gains();
    if (shift->every > 0 &&
        std::none_of(gains.begin(), gains.end(), [](double g) { return g == 0; })) {
      return R"(calibration.every calibrates hidden groups again: expected 0, or a path with a hidden group, as "tiki_taka_2")";
    }
  }
  if (!sensing.floats()) return "";
  if (path.gains().size() > 1) {
    return fmt::format(
        R"(path "{}" adds currents of several groups of cells; lines that float add none: expected sensing "current")",
        path.kind());
  }
  if (path.reads_rows()) {
    return fmt::format(
        R"(path "{}" reads single rows, whose lines would float: expected sensing "current")",
        path.kind());
  }
  if (dac.is<PulseWidthDac>())
    return R"(sensing "voltage" sees voltages, not how long they last: expected dac "uniform", "bit_serial" or "none")";
  if (!device.g_min)
    return R"(sensing "voltage" weighs voltages by conductances: expected device.g_min and g_max)";
  if (!device.conduction.linear())
    return R"(sensing "voltage" is the mean of ohmic cells: expected device.conduction "ohmic")";
  return "";
}

cost::ArrayParts AnalogArrayModel::parts() const {
  cost::ArrayParts out;
  out.tile_rows = static_cast<double>(tile_rows);
  out.tile_cols = static_cast<double>(tile_cols);
  out.pulsed = mapping.pulsed_cells();
  out.fixed = mapping.fixed_cells();
  const std::vector<double> gains = path.gains();
  out.groups = static_cast<double>(gains.size());
  out.seen_groups = static_cast<double>(
      std::count_if(gains.begin(), gains.end(), [](double gain) { return gain != 0; }));
  dac.visit([&](const auto& driver) {
    out.driver = {driver.action, driver.part, driver.bits(), driver.drive_bits(),
                  static_cast<double>(driver.slices())};
  });
  adc.visit([&](const auto& converter) {
    out.converter = {converter.action, converter.part, converter.priced_bits(output_noise),
                     converter.lines_each()};
    if constexpr (requires { converter.filling(); }) out.converter.filling = converter.filling();
  });
  pulser.visit([&]<class P>(const P&) {
    if constexpr (TrainPulser<P>) out.pulser = {P::slot_action, P::slot_bits};
  });
  out.floats = sensing.floats();
  out.pipelined = pipelined;
  out.v_read = device.v_read.value_or(0);
  out.v_write = device.v_write.value_or(0);
  out.t_verify = device.t_read.value_or(0);
  out.t_read = sensing.seconds(out.t_verify);
  out.t_pulse = device.t_pulse.value_or(0);
  out.half_pulse = device.conduction.power(out.v_write / 2, out.v_read);
  out.whole_pulse = device.conduction.power(out.v_write, out.v_read);
  out.endurance = device.endurance.value_or(0);
  out.lanes = static_cast<double>(edge_lanes);
  out.mesh = mesh;
  return out;
}

std::string AnalogArrayModel::unpriced() const {
  std::string out;
  const auto add = [&](std::string_view missing) {
    out += fmt::format("{}{}", out.empty() ? "" : ", ", missing);
  };
  for (const std::string_view parameter : device.uncited())
    add(fmt::format("device.{}", parameter));
  const auto require = [&](const auto& catalogue, const char* real) {
    const bool priced = catalogue.visit(
        [](const auto& entry) { return std::remove_cvref_t<decltype(entry)>::priced; });
    if (!priced) add(real);
  };
  require(dac, "a real dac");
  require(adc, "a real adc");
  require(pulser, "a real pulser");
  return out;
}

}  // namespace ohmlab::crossbar
