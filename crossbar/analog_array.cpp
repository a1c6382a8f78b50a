#include "analog_array.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <type_traits>

#include <fmt/format.h>

#include "../core/errors.hpp"

namespace ohmlab::crossbar {

using core::Matrix;
using core::MatrixD;

AnalogArray::AnalogArray(const AnalogArrayModel& model, Index rows, Index cols,
                         const ArrayContext& context)
    : model_(model),
      parts_(model.parts()),
      cells_(model.mapping, model.device, Tiling::of(rows, cols, model.tile_rows, model.tile_cols),
             context),
      lines_(parts_, static_cast<double>(rows), static_cast<double>(cols)),
      seen_(model.wires, model.sensing),
      read_stream_(core::stream(context.seed, core::StreamId::read_noise, context.place())),
      comparator_stream_(core::stream(context.seed, core::StreamId::comparator, context.place())),
      train_stream_(core::stream(context.seed, core::StreamId::pulse_train, context.place())),
      edge_(*context.tally, cost::Machine::array, parts_.lanes),
      component_(context.tally->component(context.name)) {
  if (context.copy > 0) return;
  cost::hold_array({*context.tally, component_, parts_}, lines_, static_cast<double>(model.copies));
  context.tally->cannot_price(component_, model.unpriced());
}

void AnalogArray::read(Direction direction, const ConstRows& x, Rows y, const Outputs& outputs) {
  read_lines(direction, x, y, outputs, true);
}

void AnalogArray::sense(Direction direction, const ConstRows& x, Rows y) {
  read_lines(direction, x, y, {0, cells_.tiling().outputs(direction)}, false);
}

void AnalogArray::decide(Direction direction, const ConstRows& x, const ConstRows& offset,
                         Rows bits) {
  sense(direction, x, bits);
  model_.comparator.decide(comparator_stream_, operation_++, offset, bits);
  cost::post_decisions(account(), static_cast<double>(bits.rows()),
                       static_cast<double>(bits.size()));
}

void AnalogArray::refresh() {
  if (!stale_) return;
  seen_.refresh(cells_, now_);
  stale_ = false;
}

/// Reads the slices of the inputs one after another, and adds up their weighted outputs.
void AnalogArray::read_lines(Direction direction, const ConstRows& x, Rows y,
                             const Outputs& outputs, bool convert) {
  const Tiling& tiling = cells_.tiling();
  assert(x.cols() == tiling.inputs(direction) && y.cols() == outputs.count && x.rows() == y.rows());
  assert(outputs.first >= 0 && outputs.first + outputs.count <= tiling.outputs(direction));
  refresh();
  seen_.pack(direction);
  const auto vectors = static_cast<double>(x.rows());
  cost::ReadWork work{.to_rows = direction == Direction::to_rows,
                      .vectors = vectors,
                      .in_turn = vectors,
                      .converted = convert,
                      .outputs = static_cast<double>(outputs.count)};
  core::VectorD heat = core::VectorD::Zero(x.cols());
  double kept = 0, wired = 0;
  for (std::int64_t slice = 0; slice < model_.dac.slices(); ++slice) {
    const DrivenLines driven = drive(model_.dac, model_.device.conduction,
                                     {.noisy = seen_.noisy(),
                                      .slow_noise = model_.device.read_noise.slow(),
                                      .wired = model_.wires.resist(),
                                      .v_read = parts_.v_read},
                                     x, slice);
    const float share = model_.dac.visit([&](const auto& dac) { return dac.share(slice); });
    const Readout readout{
        .adc = model_.adc,
        .convert = convert,
        .floats = parts_.floats,
        .conductance = cells_.conductance_of_one(),
        .scale = static_cast<float>(model_.weight_scale) * share,
        .variance = static_cast<float>(convert ? model_.output_noise * model_.output_noise : 0.0),
        .stream = read_stream_,
        .operation = operation_};
    const ReadoutCount count =
        read_out(seen_, tiling, direction, driven, readout, outputs, slice == 0, y);
    operation_ += static_cast<std::uint64_t>(tiling.input_tiles(direction));
    if (slice == 0) inputs_clipped_ += driven.clipped;
    if (convert) converted_ += static_cast<double>(y.size() * tiling.input_tiles(direction));
    clipped_ += count.clipped;
    highest_float_ = std::max(highest_float_, count.highest_float);
    kept += count.kept;
    work.floated += count.floated;
    work.swings += driven.swings;
    heat += driven.heat;
    if (model_.wires.resist()) wired += heat_of(direction, driven);
  }
  inputs_ += static_cast<double>(x.size());
  const core::VectorD& conductances =
      work.to_rows ? seen_.col_conductances() : seen_.row_conductances();
  work.heat = model_.wires.resist() ? wired : std::max(0.0, heat.dot(conductances) - kept);
  cost::post_read(account(), lines_, work);
  now_ += vectors * parts_.driver.slices * parts_.t_read;
}

/// Heat in cells and wires of lines that resist, summed over the tiles, S.
double AnalogArray::heat_of(Direction direction, const DrivenLines& driven) const {
  const bool forward = direction == Direction::to_cols;
  double sum = 0;
  std::size_t number = 0;
  cells_.tiling().each_tile([&](Index i, Index rows, Index j, Index cols) {
    sum += wired_heat(model_.dac, driven.level.middleCols(forward ? i : j, forward ? rows : cols),
                      seen_.input_conductances(direction)[number++]);
  });
  return sum;
}

void AnalogArray::update(const ConstRows& x, const ConstRows& d, double rate) {
  write(x, d, rate, rows());
}

/// One vector per row selects that row alone. No trains are made for the other rows.
void AnalogArray::increment(const ConstRows& change) {
  assert(change.rows() == rows() && change.cols() == cols());
  write(Matrix::Identity(rows(), rows()), change, 1, 1);
}

/// Writes rate x dᵀ; each vector selects at most `selected_rows` rows.
void AnalogArray::write(const ConstRows& x, const ConstRows& d, double rate, Index selected_rows) {
  assert(x.cols() == rows() && d.cols() == cols() && x.rows() == d.rows());
  refresh();
  model_.pulser.visit([&](const auto& pulser) {
    write_by(pulser, x, d, rate / model_.weight_scale, selected_rows);
  });
  ++operation_;
  stale_ = true;
}

/// Moves cells without pulses.
template <>
void AnalogArray::write_by(const ExactPulser&, const ConstRows& x, const ConstRows& d, double rate,
                           Index) {
  cells_.move(x, d, rate, now_);
}

/// Writes by trains of pulses. All pulses act at the end of the update, so that its duration does
/// not age the written cells.
template <class P>
void AnalogArray::write_by(const P& pulser, const ConstRows& x, const ConstRows& d, double rate,
                           Index selected_rows) {
  const PulseTrains trains =
      draw_trains({x, d, rate, model_.device.pulse.granularity()}, pulser, train_stream_, operation_);
  const PulseEvents events(trains, x, d);
  steps_asked_ += trains.asked;
  steps_obtained_ += trains.obtained;
  now_ += trains.total_slots * parts_.t_pulse;
  const PulseCount count =
      cells_.pulse(events, rate < 0 ? -1 : 1, {operation_, now_, pulser.aggregates()});
  post_update(trains, count, selected_rows);
}

void AnalogArray::post_update(const PulseTrains& trains, const PulseCount& count,
                              Index selected_rows) {
  core::VectorD row_pulses = core::VectorD::Zero(rows()), col_pulses = core::VectorD::Zero(cols());
  for (Index b = 0; b < trains.vectors; ++b) {
    for (Index i = 0; i < rows(); ++i) row_pulses[i] += std::popcount(trains.row(b, i));
    for (Index j = 0; j < cols(); ++j) col_pulses[j] += std::popcount(trains.col(b, j));
  }
  const auto vectors = static_cast<double>(trains.vectors);
  cost::post_update(account(), lines_,
                    {.vectors = vectors,
                     .vectors_in_turn = vectors,
                     .slots = trains.total_slots,
                     .slots_in_turn = trains.total_slots,
                     .selected_rows = static_cast<double>(selected_rows),
                     .row_pulses = trains.row_pulses,
                     .col_pulses = trains.col_pulses,
                     .coincidences = count.coincidences,
                     .line_conductances = row_pulses.dot(seen_.row_conductances()) +
                                          col_pulses.dot(seen_.col_conductances()),
                     .cell_conductances = cells_.conductance_sum(count.w_sum, count.coincidences)});
}

/// Programs row after row; each cell is pulsed and read until it is right. The age of a row counts
/// from the end of its own programming.
void AnalogArray::program(const ConstRows& target) {
  assert(target.rows() == rows() && target.cols() == cols());
  const Matrix weights = target / static_cast<float>(model_.weight_scale);
  const double round = parts_.t_pulse + parts_.t_verify;  // s
  const CellPlane::Programmed programmed =
      cells_.program(weights, operation_, now_, model_.verify_pulses * round);
  const double cells = lines_.rows * lines_.cols * parts_.pulsed;
  out_of_reach_ = programmed.out_of_reach / cells;
  ++operation_;
  ++programmings_;
  stale_ = true;
  cost::post_programming(account(), lines_, cells_.conductance_sum(programmed.w_sum, cells),
                         model_.verify_pulses);
  now_ += model_.verify_pulses * lines_.rows * round;
}

void AnalogArray::wait(double seconds) {
  if (!(seconds >= 0 && std::isfinite(seconds)))
    throw core::UserError({}, "seconds", fmt::format("{}", seconds),
                          "expected a finite number from 0");
  now_ += seconds;
  stale_ = true;
}

void AnalogArray::stand_by(Index vectors) {
  now_ += static_cast<double>(vectors) * parts_.driver.slices * parts_.t_read;
}

/// CAUTION: with drift, the seen cells are computed once after each update, at the first read. A
/// state is exact if it is taken before that read.
void AnalogArray::state(core::Archive& archive) {
  archive.item("operation", operation_);
  archive.item("now", now_);
  archive.item("converted", converted_);
  archive.item("clipped", clipped_);
  archive.item("out_of_reach", out_of_reach_);
  archive.item("programmings", programmings_);
  archive.item("highest_float", highest_float_);
  archive.item("inputs", inputs_);
  archive.item("inputs_clipped", inputs_clipped_);
  archive.item("steps_asked", steps_asked_);
  archive.item("steps_obtained", steps_obtained_);
  cells_.state(archive);
  stale_ = true;
}

MatrixD AnalogArray::weights() const {
  return model_.weight_scale *
         (model_.wires.resist()
              ? SeenCells::effective(cells_, model_.wires, model_.sensing, Direction::to_cols, now_)
              : cells_.exact_weights(cells_.states(now_)));
}

MatrixD AnalogArray::effective_weights(Direction direction) const {
  return model_.weight_scale *
         SeenCells::effective(cells_, model_.wires, model_.sensing, direction, now_);
}

std::vector<MatrixD> AnalogArray::conductances() const {
  std::vector<MatrixD> out;
  if (!model_.device.g_min) return out;
  for (const Matrix& states : cells_.states(now_)) out.push_back(cells_.conductances(states));
  for (int fixed = 0; fixed < cells_.fixed_cells(); ++fixed)
    out.emplace_back(MatrixD::Constant(rows(), cols(), model_.device.conductance(0)));
  return out;
}

DecisionLaw AnalogArray::decision_law(Direction direction) const {
  DecisionLaw law{
      model_.comparator.noise, model_.comparator.scale, effective_weights(direction), {}};
  const Matrix variance = cells_.variance(now_);
  if (variance.size() == 0) return law;
  law.variance = model_.dac.noise_gain() * model_.weight_scale * model_.weight_scale *
                 variance.cast<double>().cwiseProduct(
                     SeenCells::gains(cells_, model_.sensing, direction, now_).cwiseAbs2());
  return law;
}

std::vector<Figure> AnalogArray::figures() const {
  const MappedCells::Wear wear = cells_.wear();
  const double cells = lines_.rows * lines_.cols;
  const double programmed = programmings_ * model_.verify_pulses;
  std::vector<Figure> out{
      {"adc_clipped", converted_ > 0 ? clipped_ / converted_ : 0, "1",
       "share of conversions beyond the converter's range", converted_},
      {"inputs_clipped", inputs_ > 0 ? inputs_clipped_ / inputs_ : 0, "1",
       "share of inputs beyond the drivers' full scale, |x| > 1", inputs_},
      {"adc_enob", model_.adc.visit([&](const auto& adc) { return adc.enob(model_.output_noise); }),
       "bit",
       "effective bits of a conversion at full scale, output noise included; 0 without a "
       "converter"},
      {"cells_at_bound", wear.at_bound, "1", "share of cells at the end of their range", cells},
      {"pulses_per_cell", wear.mean_pulses + programmed, "1",
       "mean number of pulses a cell has had, programming included", cells},
      {"pulses_most", wear.most_pulses + programmed, "1",
       "largest number of pulses a cell has had, programming included", cells, Over::largest},
      {"programmed_out_of_reach", out_of_reach_, "1",
       "share of cells whose last programmed target was beyond their range", cells},
  };
  const auto add = [&](Figure figure) { out.push_back(std::move(figure)); };
  model_.device.faults.visit([&](const auto& faults) {
    if (std::remove_cvref_t<decltype(faults)>::any)
      add({"cells_faulty", wear.faulty, "1", "share of cells that are stuck or on an open line",
           cells});
  });
  if (model_.pulser.visit([]<class P>(const P&) { return TrainPulser<P>; })) {
    add({"updates_cut", steps_asked_ > 0 ? std::max(0.0, 1 - steps_obtained_ / steps_asked_) : 0,
         "1", "share of the asked change of weights that trains of desired_bl slots cannot hold",
         steps_asked_});
  }
  add({"step_rounding", model_.device.step_rounding(wear.largest_state), "1",
       "largest error of one mean step by the rounding of the farthest float32 state, as a share "
       "of it",
       cells, Over::largest});
  if (const auto* timed = std::get_if<PulseWidthDac>(&model_.dac.choice);
      timed && model_.device.t_read) {
    add({"shortest_input", *model_.device.t_read / levels_each_side(timed->resolution), "s",
         "length of the shortest pulse that an input can be"});
  }
  if (parts_.floats) {
    add({"highest_float", highest_float_, "1",
         "highest voltage of a line that was read, in read voltages; the noise of cells is "
         "computed as if it were far below 1",
         1, Over::largest});
  }
  if (model_.device.endurance) {
    add({"endurance_used", (wear.most_pulses + programmed) / *model_.device.endurance, "1",
         "share of its endurance that the busiest cell has used", cells, Over::largest});
  }
  if (model_.device.g_min) {
    const double longest = std::max(lines_.tile_rows, lines_.tile_cols);
    add(model_.wires.visit([&](const auto& wires) {
      return wires.figure((*model_.device.g_min + *model_.device.g_max) / 2, longest, seen_.lost());
    }));
  }
  return out;
}

}  // namespace ohmlab::crossbar
