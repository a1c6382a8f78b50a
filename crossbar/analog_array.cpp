#include "analog_array.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>
#include <type_traits>

#include <fmt/format.h>

#include "../core/errors.hpp"
#include "../cost/stages.hpp"

namespace ohmlab::crossbar {

using core::Matrix;
using core::MatrixD;

AnalogArray::AnalogArray(const AnalogArrayModel& model, Index rows, Index cols,
                         const ArrayContext& context)
    : model_(model),
      parts_(model.parts()),
      cells_(model.mapping, model.device, Tiling::of(rows, cols, model.tile_rows, model.tile_cols),
             context, model.path.gains()),
      lines_(parts_, static_cast<double>(rows), static_cast<double>(cols)),
      seen_(model.wires, model.sensing),
      drivers_(model_.dac, context, cells_.tiling()),
      converters_(model_.adc, context, cells_.tiling()),
      read_stream_(core::stream(context.seed, core::StreamId::read_noise, context.place())),
      comparator_stream_(core::stream(context.seed, core::StreamId::comparator, context.place())),
      edge_(*context.tally, cost::Machine::array, parts_.lanes),
      component_(context.tally->component(context.name)),
      groups_(
          {model_, parts_, lines_, cells_, seen_, drivers_, converters_, clock_, edge_, component_},
          context),
      path_(model_.path.make(rows, cols)) {
  calibrate(false);
  if (context.copy > 0) return;
  const auto copies = static_cast<double>(model.copies);
  cost::hold_array({*context.tally, component_, parts_}, lines_, copies);
  edge_.holds(component_, copies * model.path.memory_bits(lines_.rows, lines_.cols));
  context.tally->cannot_price(component_, model.unpriced());
}

void AnalogArray::refresh() {
  if (is_seen()) return;
  cells_.advance(clock_.now);
  seen_.refresh(cells_, clock_.now);
  stale_ = false;
  seen_at_ = clock_.now;
}

/// Weights stand for states times `weight_scale`.
void AnalogArray::update(std::span<const OuterProduct> products) {
  std::vector<OuterProduct> in_states;
  for (const OuterProduct& product : products) {
    assert(product.x.cols() == rows() && product.d.cols() == cols());
    assert(product.x.rows() == product.d.rows());
    in_states.push_back({product.x, product.d, product.rate / model_.weight_scale});
  }
  change({.products = in_states});
}

void AnalogArray::increment(const ConstRows& change) {
  assert(change.rows() == rows() && change.cols() == cols());
  this->change({.matrix = &change, .rate = 1 / model_.weight_scale});
}

void AnalogArray::change(const Change& change) {
  refresh();
  path_->write(change, groups_);
  mark_changed();
  ++changes_;
  if (model_.calibration.visit([&](const auto& entry) { return entry.due(changes_); }))
    calibrate(true);
  refresh_pairs();
}

/// Refreshes pairs of cells that are pulsed one way, from time to time.
void AnalogArray::refresh_pairs() {
  const std::optional<Refresh> refresh = model_.mapping.refresh();
  if (!refresh || !refresh->due(changes_)) return;
  for (std::size_t group = 0; group < cells_.groups(); ++group)
    groups_.refresh_pairs(group, refresh->full);
}

/// Finds the states that count as zero: of all groups before weights are programmed, of hidden
/// groups from time to time.
void AnalogArray::calibrate(bool hidden_groups_alone) {
  if (!model_.calibration.moves()) return;
  if (!hidden_groups_alone) cells_.keep_references();
  const cost::Tally::Stage stage(edge_.tally(),
                                 hidden_groups_alone ? "train: calibration" : cost::start_stage);
  refresh();
  for (std::size_t group = 0; group < cells_.groups(); ++group) {
    if (hidden_groups_alone && cells_.gain(group) != 0) continue;
    model_.calibration.visit([&](const auto& entry) { entry.calibrate(groups_, group); });
  }
  mark_changed();
}

/// Programs row after row; each cell is pulsed and read until it is right. The age of a row counts
/// from the end of its own programming. Groups are programmed at the same time.
void AnalogArray::program(const ConstRows& target) {
  assert(target.rows() == rows() && target.cols() == cols());
  const std::size_t home = model_.path.home();
  const Matrix values = target / static_cast<float>(model_.weight_scale * cells_.gain(home));
  program_group(home, values);
  {
    const cost::Tally::Beside beside(edge_.tally());
    for (std::size_t group = 0; group < cells_.groups(); ++group) {
      if (group != home) program_group(group, Matrix::Zero(rows(), cols()));
    }
  }
  path_->restart(values);
  ++clock_.operation;
  ++programmings_;
  mark_changed();
  clock_.now += model_.verify_pulses * lines_.rows * (parts_.t_pulse + parts_.t_verify);
}

void AnalogArray::program_group(std::size_t group, const Matrix& values) {
  const double round = parts_.t_pulse + parts_.t_verify;  // s
  const CellPlane::Programmed programmed =
      cells_.program(group, values,
                     {.operation = clock_.operation,
                      .start = clock_.now,
                      .seconds_a_row = model_.verify_pulses * round,
                      .pulses = model_.verify_pulses});
  const double cells = lines_.rows * lines_.cols * parts_.pulsed;
  if (group == model_.path.home()) out_of_reach_ = programmed.out_of_reach / cells;
  cost::post_programming(account(), lines_, cells_.conductance_sum(programmed.w_sum, cells),
                         model_.verify_pulses);
}

void AnalogArray::wait(double seconds) {
  if (!(seconds >= 0 && std::isfinite(seconds)))
    throw core::UserError({}, "seconds", fmt::format("{}", seconds),
                          "expected a finite number from 0");
  clock_.now += seconds;
  if (model_.device.diffusion > 0) cells_.advance(clock_.now);
  mark_changed();
}

void AnalogArray::stand_by(Index vectors) {
  clock_.now += static_cast<double>(vectors) * parts_.driver.slices * parts_.t_read;
}

/// CAUTION: with drift, the seen cells are computed once after each update, at the first read. A
/// state is exact if it is taken before that read.
void AnalogArray::state(core::Archive& archive) {
  archive.item("operation", clock_.operation);
  archive.item("now", clock_.now);
  archive.item("converted", converted_);
  archive.item("clipped", clipped_);
  archive.item("out_of_reach", out_of_reach_);
  archive.item("programmings", programmings_);
  archive.item("highest_float", highest_float_);
  archive.item("held", held_);
  archive.item("inputs", inputs_);
  archive.item("inputs_clipped", inputs_clipped_);
  archive.item("changes", changes_);
  if (model_.range.is<CalibratedRange>()) {
    const core::Archive::Part part(archive, "range");
    range_.state(archive);
  }
  if (model_.wires.resist()) {
    const core::Archive::Part part(archive, "wires");
    bool seen = is_seen() || seen_.keeps_way();
    archive.item("seen", seen);
    seen_.state(archive, seen);
  }
  groups_.state(archive);
  cells_.state(archive);
  const core::Archive::Part part(archive, "path");
  path_->state(archive);
  stale_ = true;
}

MatrixD AnalogArray::weights() const {
  if (model_.wires.resist()) return effective_weights(Direction::to_cols);
  return model_.weight_scale * cells_.exact_weights(cells_.states(clock_.now));
}

MatrixD AnalogArray::effective_weights(Direction direction) const {
  return model_.weight_scale * SeenCells::effective(cells_, cells_.states(clock_.now), model_.wires,
                                                    model_.sensing, direction);
}

double AnalogArray::rest_conductance() const {
  const auto refuse = [](const char* key, std::string_view value, const char* expected) {
    throw core::UserError({}, key, fmt::format("\"{}\"", value), expected);
  };
  if (!model_.mapping.is<ReferenceMapping>()) {
    refuse("array.mapping", model_.mapping.kind(),
           "a circuit's node sees single cells: expected \"reference\"");
  }
  if (cells_.groups() > 1) {
    refuse("array.path", model_.path.kind(),
           "a circuit's node sees single cells: expected a path of one group of cells");
  }
  if (parts_.floats) {
    refuse("array.sensing", model_.sensing.kind(),
           "the nodes of a circuit are computed one after the other: expected \"current\"");
  }
  if (!model_.device.g_min) return model_.weight_scale;
  const double low = *model_.device.g_min, high = *model_.device.g_max;
  return model_.weight_scale * (high + low) / (high - low);
}

std::vector<MatrixD> AnalogArray::conductances() const {
  std::vector<MatrixD> out;
  if (!model_.device.g_min) return out;
  for (const Matrix& states : cells_.states(clock_.now)) out.push_back(cells_.conductances(states));
  for (std::size_t group = 0; group < cells_.groups(); ++group) {
    for (int fixed = 0; fixed < cells_.fixed_cells(); ++fixed)
      out.push_back(cells_.conductances(cells_.reference(group)));
  }
  return out;
}

/// Noise that goes on from read to read stands as it was at the last one.
DecisionLaw AnalogArray::decision_law(Direction direction) const {
  const MappedCells::States states = cells_.with_trace(clock_.now);
  DecisionLaw law{model_.comparator.noise,
                  model_.comparator.scale,
                  model_.weight_scale *
                      SeenCells::effective(cells_, states, model_.wires, model_.sensing, direction),
                  {}};
  const Matrix variance = cells_.variance(clock_.now);
  if (variance.size() == 0) return law;
  law.variance = model_.dac.noise_gain() * model_.weight_scale * model_.weight_scale *
                 variance.cast<double>().cwiseProduct(
                     SeenCells::gains(cells_, states, model_.sensing, direction).cwiseAbs2());
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
  const bool wears = model_.device.wear.any();
  if (wears || model_.device.faults.visit([]<class F>(const F&) { return F::any; })) {
    add({"cells_faulty", wear.faulty, "1", "share of cells that are stuck, worn or on an open line",
         cells});
    add({"yield", 1 - wear.faulty, "1", "share of cells that work", cells});
  }
  if (wears) add({"cells_worn", wear.worn, "1", "share of cells that pulses wore out", cells});
  if (model_.device.read_noise.has_trace()) {
    add({"trace_held", held_, "s",
         "longest time for which the vectors of one read saw the same noise of a cell", 1,
         Over::largest});
  }
  if (model_.pulser.visit([]<class P>(const P&) { return TrainPulser<P>; })) {
    add({"updates_cut", groups_.steps_cut(), "1",
         "share of the asked change of weights that trains of desired_bl slots cannot hold",
         groups_.steps_asked()});
  }
  if (model_.calibration.moves()) {
    add({"symmetry_off", cells_.symmetry_off(), "1",
         "root mean square distance of the states that count as zero from the symmetry points of "
         "cells",
         cells});
  }
  if (model_.mapping.refresh()) {
    const double pairs = cells * static_cast<double>(cells_.groups());
    add({"refreshes_per_pair", groups_.pairs_refreshed() / pairs, "1",
         "mean number of times that a pair of one-sided cells was reset and programmed again",
         pairs});
  }
  if (const double bits = model_.path.memory_bits(lines_.rows, lines_.cols); bits > 0) {
    add({"path_memory", bits / cells, "bit", "digital memory of the update path, for each weight",
         cells});
  }
  for (Figure& figure : path_->figures()) add(std::move(figure));
  if (cells_.groups() > 1) {
    add({"home_pulses_per_cell", cells_.mean_pulses(model_.path.home()) + programmed, "1",
         "mean number of pulses on a cell of the group that weights are programmed into", cells});
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
    if (model_.wires.resist()) {
      add({"wire_error", seen_.error(), "1",
           "bound on the errors of the solved currents, the largest of all reads, as a share of "
           "the currents",
           1, Over::largest});
      add({"wire_inputs_alone", seen_.inputs_alone(), "1",
           "number of inputs that were solved one by one; all others were products with a solved "
           "matrix"});
    }
  }
  return out;
}

}  // namespace ohmlab::crossbar
