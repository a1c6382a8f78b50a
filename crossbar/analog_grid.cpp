// The simulated array as a part of a circuit of joined lines.
#include <cmath>
#include <concepts>
#include <type_traits>

#include <fmt/format.h>

#include "../core/errors.hpp"
#include "analog_array.hpp"

namespace ohmlab::crossbar {

using core::Matrix;

ResistorGrid* AnalogArray::resistors() {
  const auto refuse = [](const char* key, std::string_view value, const char* expected) {
    throw core::UserError({}, key, fmt::format("\"{}\"", value), expected);
  };
  static_cast<void>(rest_conductance());  // refuses what is no single cell
  if (!model_.device.conduction.linear()) {
    refuse("array.device.conduction", model_.device.conduction.kind(),
           "a circuit is solved with currents in proportion to voltages: expected \"ohmic\"");
  }
  const bool held = model_.dac.visit([]<class D>(const D&) {
    return std::derived_from<D, HeldVoltage> && std::derived_from<D, OneRead>;
  });
  if (!held) {
    refuse("array.dac", model_.dac.kind(),
           "sources hold a voltage while a circuit settles: expected \"uniform\" or \"none\"");
  }
  if (model_.dac.errors().noise > 0) {
    refuse("array.dac.errors.noise", fmt::format("{}", model_.dac.errors().noise),
           "sources hold one voltage while a circuit settles: expected 0");
  }
  if (!model_.range.is<FixedRange>()) {
    refuse("array.range", model_.range.kind(),
           "the voltages of a circuit are in full scales: expected \"fixed\"");
  }
  if (model_.wires.resist()) {
    refuse("array.wires", model_.wires.kind(),
           "a circuit's lines have no resistance of their own: expected \"estimate\"");
  }
  if (model_.calibration.moves()) {
    refuse("array.calibration", model_.calibration.kind(),
           "a circuit's cells have no state that counts as zero: expected \"none\"");
  }
  if (model_.pipelined) {
    refuse("array.pipelined", "true", "a circuit settles vector after vector: expected false");
  }
  if (lines_.row_tiles * lines_.col_tiles > 1) {
    throw core::UserError({}, "array.tile_rows, array.tile_cols",
                          fmt::format("{}, {}", model_.tile_rows, model_.tile_cols),
                          fmt::format("a circuit's lines do not cross tiles: expected 0, or at "
                                      "least {} and {}",
                                      rows(), cols()));
  }
  return this;
}

ResistorGrid::Cells AnalogArray::cells() {
  refresh();
  const auto scale = static_cast<float>(model_.weight_scale),
             rest = static_cast<float>(rest_conductance());
  Cells out{(scale * cells_.with_trace(clock_.now)[0].array() + rest).max(0.0F),
            {},
            siemens(),
            read_stream_,
            clock_.operation++};
  const Matrix variance = cells_.variance(clock_.now);
  if (variance.size() > 0 && (variance.array() > 0).any())
    out.deviations = scale * variance.array().sqrt();
  return out;
}

double AnalogArray::siemens() const {
  return model_.device.g_min ? cells_.conductance_of_one() / model_.weight_scale : 0;
}

void AnalogArray::levels(const ConstRows& x, Rows volts) const {
  model_.dac.visit(
      [&](const auto& dac) { volts = x.unaryExpr([&](float v) { return dac.level(v, 0); }); });
  if (drivers_.exact()) return;
  const Direction side = x.cols() == rows() ? Direction::to_rows : Direction::to_cols;
  for (Index b = 0; b < volts.rows(); ++b)
    drivers_.bend(cells_.tiling().end(side, 0, 0), false, volts.row(b).data(), volts.cols());
}

void AnalogArray::rest(const ResistorGrid::Rest& rest) {
  const Matrix conductances =
      (static_cast<float>(model_.weight_scale) * cells_.states(clock_.now)[0].array() +
       static_cast<float>(rest_conductance()))
          .max(0.0F);
  const Matrix rows = rest.rows.array().square(), cols = rest.cols.array().square();
  const double own = (rows * conductances.rowwise().sum()).cast<double>().sum() +
                     (cols * conductances.colwise().sum().transpose()).cast<double>().sum();
  const Matrix inflow = rest.rows * conductances;
  const double shared = inflow.cast<double>().cwiseProduct(rest.cols.cast<double>()).sum();
  const auto vectors = static_cast<double>(rest.rows.rows());
  cost::post_rest(account(), lines_,
                  {.vectors = vectors,
                   .seconds = rest.seconds,
                   .heat = siemens() * std::max(0.0, own - 2 * shared),
                   .row_swings = rows.cast<double>().sum(),
                   .col_swings = cols.cast<double>().sum(),
                   .sources = rest.sources});
  clock_.now += vectors * rest.seconds;
}

void AnalogArray::measure(const ConstRows& volts, Rows x) {
  Matrix noise;
  if (model_.output_noise > 0) {
    noise.resize(x.rows(), x.cols());
    core::fill_normal(read_stream_, clock_.operation, 0,
                      {noise.data(), static_cast<std::size_t>(noise.size())});
    noise *= static_cast<float>(model_.output_noise);
  }
  const std::uint64_t operation = clock_.operation++;
  const Direction side = x.cols() == cols() ? Direction::to_cols : Direction::to_rows;
  const Index first = cells_.tiling().end(side, 0, 0);
  const auto scale =
      static_cast<float>(model_.adc.visit([](const auto& adc) { return adc.full_scale(); }));
  x = scale * volts;
  if (noise.size() > 0) x += noise;
  for (Index b = 0; b < x.rows(); ++b) {
    clipped_ += converters_.convert(
        {.end = first, .operation = operation, .first = static_cast<std::uint64_t>(b * x.cols())},
        x.row(b).data(), x.cols());
    x.row(b) /= scale;
  }
  converted_ += static_cast<double>(x.size());
  cost::post_measurements(account(), static_cast<double>(x.rows()), static_cast<double>(x.size()));
}

}  // namespace ohmlab::crossbar
