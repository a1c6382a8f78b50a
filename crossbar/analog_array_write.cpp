#include <bit>
#include <cassert>
#include <concepts>

#include "ohmlab/crossbar/analog_array.hpp"

/// How the cells of an analog array are written, and what that costs.
namespace ohmlab::crossbar {

using core::Matrix;

void AnalogArray::update(const ConstRows& x, const ConstRows& d, double rate) { write(x, d, rate, rows_); }

/// One vector a row, with nothing but its own row selected: the others draw no random bits.
void AnalogArray::increment(const ConstRows& change) {
  assert(change.rows() == rows_ && change.cols() == cols_);
  write(Matrix::Identity(rows_, rows_), change, 1, 1);
}

/// Writes rate x dᵀ, in which at most so many rows are selected by each vector. All pulses of an update act
/// at its end: its own duration is no age of what it writes.
void AnalogArray::write(const ConstRows& x, const ConstRows& d, double rate, Index selected_rows) {
  assert(x.cols() == rows_ && d.cols() == cols_ && x.rows() == d.rows());
  refresh();
  const double in_states = rate / model_.weight_scale;
  model_.pulser.visit([&](const auto& pulser) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(pulser)>, StochasticPulser>) {
      double coincidences = 0, w_sum = 0, direction = rate < 0 ? -1 : 1;
      const PulseTrains trains =
          draw_trains(x, d, in_states, model_.device.pulse.dw_min(), pulser, train_stream_, operation_);
      const PulseEvents events(trains, x, d);
      steps_asked_ += trains.asked;
      steps_obtained_ += trains.obtained;
      now_ += trains.total_slots * model_.device.t_pulse.value_or(0);
      for (CellPlane& plane : planes_) {
        const PulseCount count = plane.pulse(events, direction, operation_, now_, pulser.aggregate);
        coincidences += count.coincidences;
        w_sum += count.w_sum;
        direction = -direction;
      }
      post_update(trains, coincidences, w_sum, selected_rows);
    } else {
      double sign = 1;
      for (CellPlane& plane : planes_) {
        plane.move(x, d, sign * in_states, now_);
        sign = -sign;
      }
    }
  });
  ++operation_;
  stale_ = true;
}

/// A row and a column pulse are half the write voltage each: alone they half-select every cell on their line,
/// together they give one cell the whole.
void AnalogArray::post_update(const PulseTrains& trains, double coincidences, double w_sum,
                              Index selected_rows) {
  const devices::Device& device = model_.device;
  const double volts = device.v_write.value_or(0), seconds = device.t_pulse.value_or(0);
  core::VectorD row_pulses = core::VectorD::Zero(rows_), col_pulses = core::VectorD::Zero(cols_);
  for (Index b = 0; b < trains.vectors; ++b) {
    for (Index i = 0; i < rows_; ++i) row_pulses[i] += std::popcount(trains.row(b, i));
    for (Index j = 0; j < cols_; ++j) col_pulses[j] += std::popcount(trains.col(b, j));
  }
  const double half = volts * volts / 4 * seconds;
  const double lines = row_pulses.dot(row_conductance_) + col_pulses.dot(col_conductance_);
  const double joules = half * lines + 2 * half * conductance_sum(w_sum, coincidences);
  const auto row_tiles = static_cast<double>(tiles(rows_, tile_rows_)),
             col_tiles = static_cast<double>(tiles(cols_, tile_cols_));
  const auto planes = static_cast<double>(planes_.size());

  cost::Tally& tally = edge_.tally();
  tally.post(component_, cost::Action::array_pulse, {.count = coincidences, .joules = joules});
  tally.post(component_, cost::Action::pulse_slot,
             {.serial = trains.total_slots, .seconds = trains.total_slots * seconds});
  tally.post(component_, cost::Action::pulse_drive,
             {.count = planes * (trains.row_pulses * col_tiles + trains.col_pulses * row_tiles)});
  tally.post(component_, cost::Action::line_charge,
             {.count = volts * volts / 4 * planes * trains.row_pulses * col_tiles,
              .parameter = static_cast<double>(tile_cols_)});
  tally.post(component_, cost::Action::line_charge,
             {.count = volts * volts / 4 * planes * trains.col_pulses * row_tiles,
              .parameter = static_cast<double>(tile_rows_)});
  tally.post(component_, cost::Action::pulse_random_bit,
             {.count = trains.total_slots * static_cast<double>(selected_rows + cols_)});
  // Drawn once for a line and passed on to its other tiles while the slots before are applied.
  cost::Mesh::post(tally, component_,
                   model_.mesh.carried(trains.total_slots * static_cast<double>(selected_rows),
                                       model_.mesh.along(col_tiles), 0, 0));
  cost::Mesh::post(tally, component_,
                   model_.mesh.carried(trains.total_slots * static_cast<double>(cols_),
                                       model_.mesh.along(row_tiles), 0, 0));
  // Update management: the largest element of each side, and the probabilities' scale.
  const auto elements = static_cast<double>(trains.vectors * (selected_rows + cols_));
  edge_.adds(component_, elements, 8);
  edge_.multiplies(component_, elements, 8);
}

/// Row after row, each cell pulsed and read until it is right: a row's age counts from its own end.
void AnalogArray::program(const ConstRows& target) {
  assert(target.rows() == rows_ && target.cols() == cols_);
  const Matrix states = target / static_cast<float>(model_.weight_scale);
  const devices::Device& device = model_.device;
  const double volts = device.v_write.value_or(0), seconds = device.t_pulse.value_or(0),
               reading = device.t_read.value_or(0);
  double sign = 1, missed = 0, w_sum = 0;
  for (CellPlane& plane : planes_) {
    const CellPlane::Programmed programmed = plane.program(static_cast<float>(sign) * states, operation_,
                                                           now_, model_.verify_pulses * (seconds + reading));
    missed += programmed.out_of_reach;
    w_sum += programmed.w_sum;
    sign = -sign;
  }
  out_of_reach_ = missed / static_cast<double>(states.size() * static_cast<Index>(planes_.size()));
  ++operation_;
  ++programmings_;
  stale_ = true;

  const auto cells = static_cast<double>(states.size() * static_cast<Index>(planes_.size()));
  const double rounds = model_.verify_pulses * static_cast<double>(rows_);
  // Each cell is taken to be near its end value while it is pulsed and read.
  const double conductances = conductance_sum(w_sum, cells);
  const double accesses = cells * model_.verify_pulses;
  const double drives =
      rounds * static_cast<double>(tiles(cols_, tile_cols_)) * static_cast<double>(planes_.size());
  const double v_read = device.v_read.value_or(0);
  cost::Tally& tally = edge_.tally();
  tally.post(component_, cost::Action::array_pulse,
             {.count = cells * model_.verify_pulses,
              .serial = rounds,
              .joules = model_.verify_pulses * conductances * volts * volts * seconds,
              .seconds = rounds * seconds});
  tally.post(component_, cost::Action::pulse_drive, {.count = cells * model_.verify_pulses});
  tally.post(component_, cost::Action::array_read,
             {.count = rounds,
              .serial = rounds,
              .joules = model_.verify_pulses * conductances * v_read * v_read * reading,
              .seconds = rounds * reading});
  tally.post(component_, cost::Action::line_charge,
             {.count = volts * volts * accesses, .parameter = static_cast<double>(tile_rows_)});
  tally.post(component_, cost::Action::line_charge,
             {.count = v_read * v_read * drives, .parameter = static_cast<double>(tile_cols_)});
  model_.dac.visit([&](const auto& dac) {
    tally.post(component_, dac.action, {.count = drives, .serial = rounds, .parameter = dac.drive_bits()});
  });
  model_.adc.visit([&](const auto& adc) {
    tally.post(component_, cost::Action::adc_convert,
               {.count = cells * model_.verify_pulses,
                .serial = rounds * adc.lines_each(),
                .parameter = converter_bits()});
    if (adc.lines_each() > 1)
      tally.post(component_, cost::Action::sample_hold, {.count = accesses, .serial = rounds});
  });
  edge_.adds(component_, cells * model_.verify_pulses, 8);
  constexpr double target_bits = 16;
  edge_.fetches(component_, target_bits * static_cast<double>(target.size()));
  // From the corner of the mesh to its tiles, half the way on average, while cells are pulsed.
  for (const Index side : {tiles(rows_, tile_rows_), tiles(cols_, tile_cols_)}) {
    cost::Mesh::post(tally, component_,
                     model_.mesh.carried(target_bits * static_cast<double>(target.size()) / 2,
                                         model_.mesh.along(static_cast<double>(side)), 0, 0));
  }
  now_ += rounds * (seconds + reading);
}

}  // namespace ohmlab::crossbar
