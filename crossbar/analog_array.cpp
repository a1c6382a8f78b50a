#include "ohmlab/crossbar/analog_array.hpp"

#include <algorithm>
#include <cmath>

#include <fmt/format.h>

#include "ohmlab/core/errors.hpp"
#include "ohmlab/crossbar/copied_array.hpp"

namespace ohmlab::crossbar {

using core::Matrix;

std::unique_ptr<Array> AnalogArrayModel::make(Index rows, Index cols, const ArrayContext& context) const {
  if (context.edges) {
    throw core::UserError(
        {}, "array", "\"analog\"",
        "has a cell at every crossing, and this model couples neighbours only: expected array "
        "= \"ideal\"");
  }
  if (copies > 1) return std::make_unique<CopiedArray>(*this, rows, cols, context);
  return std::make_unique<AnalogArray>(*this, rows, cols, context);
}

std::string AnalogArrayModel::problem() const {
  if (!sensing.floats()) return "";
  if (dac.is<PulseWidthDac>())
    return R"(sensing "voltage" sees voltages, not how long they last: expected dac "uniform", "bit_serial" or "none")";
  if (!device.g_min)
    return R"(sensing "voltage" weighs voltages by conductances: expected device.g_min and g_max)";
  return "";
}

double AnalogArrayModel::turns() const {
  return adc.visit([](const auto& converter) { return converter.lines_each(); });
}

bool AnalogArrayModel::holds_readings() const { return sensing.floats() || dac.slices() > 1 || turns() > 1; }

AnalogArray::AnalogArray(const AnalogArrayModel& model, Index rows, Index cols, const ArrayContext& context)
    : model_(model),
      rows_(rows),
      cols_(cols),
      tile_rows_(model.tile_rows > 0 ? std::min<Index>(model.tile_rows, rows) : rows),
      tile_cols_(model.tile_cols > 0 ? std::min<Index>(model.tile_cols, cols) : cols),
      read_stream_(core::stream(context.seed, core::StreamId::read_noise, context.place())),
      comparator_stream_(core::stream(context.seed, core::StreamId::comparator, context.place())),
      train_stream_(core::stream(context.seed, core::StreamId::pulse_train, context.place())),
      edge_(*context.tally, cost::Edge::Place::array, static_cast<double>(model.edge_lanes)),
      component_(context.tally->component(context.name)) {
  for (int plane = 0; plane < model_.mapping.pulsed_cells(); ++plane) {
    planes_.emplace_back(rows, cols, model_.device, context.seed, context.place(),
                         static_cast<std::uint32_t>(plane));
  }
  if (context.copy == 0) declare(static_cast<double>(model.copies));
}

/// Says what so many copies are made of.
void AnalogArray::declare(double copies) {
  const auto all = static_cast<double>(rows_ * cols_) * copies;
  const auto row_lines = static_cast<double>(rows_ * tiles(cols_, tile_cols_));
  const auto col_lines = static_cast<double>(cols_ * tiles(rows_, tile_rows_));
  const double lines = row_lines + col_lines;
  cost::Tally& tally = edge_.tally();
  tally.hold(component_, cost::Part::cell, all * model_.mapping.pulsed_cells(),
             model_.device.endurance.value_or(0));
  if (const double fixed = model_.mapping.fixed_cells(); fixed > 0)
    tally.hold(component_, cost::Part::cell, all * fixed);
  tally.hold(component_, cost::Part::line_driver, copies * lines);
  model_.dac.visit(
      [&](const auto& dac) { tally.hold(component_, dac.part, copies * lines, dac.drive_bits()); });
  model_.adc.visit([&](const auto& adc) {
    tally.hold(component_, cost::Part::adc, copies * std::ceil(lines / adc.lines_each()), converter_bits());
  });
  if (model_.holds_readings()) tally.hold(component_, cost::Part::hold_capacitor, copies * lines);
  const auto all_tiles = static_cast<double>(tiles(rows_, tile_rows_) * tiles(cols_, tile_cols_));
  if (all_tiles > 1) tally.hold(component_, cost::Part::router, copies * all_tiles);
  tally.hold(component_, cost::Part::comparator, copies * lines);
  tally.hold(component_, cost::Part::edge_lane, copies * static_cast<double>(model_.edge_lanes));
  tally.cannot_price(component_, AnalogArray::unpriced());
}

void AnalogArray::refresh() {
  if (!stale_) return;
  seen_ = planes_[0].seen(now_);
  variance_ = planes_[0].read_variance(now_);
  const auto row_sums = [&](const Matrix& w) { return core::VectorD(w.cast<double>().rowwise().sum()); };
  const auto col_sums = [&](const Matrix& w) { return core::VectorD(w.cast<double>().colwise().sum()); };
  row_conductance_ = row_sums(seen_);
  col_conductance_ = col_sums(seen_);
  if (model_.sensing.floats()) {
    const Matrix sums = state_sums();
    for (const Direction direction : {Direction::to_cols, Direction::to_rows}) {
      const auto at = static_cast<std::size_t>(direction);
      line_conductance_[at] = tile_conductances(direction, sums);
      line_gain_[at] = float_gains(direction, line_conductance_[at]).cast<float>();
    }
  }
  if (planes_.size() == 2) {
    const Matrix minus = planes_[1].seen(now_);
    row_conductance_ += row_sums(minus);
    col_conductance_ += col_sums(minus);
    seen_ = (seen_ - minus) / 2;
    const Matrix more = planes_[1].read_variance(now_);
    if (variance_.size() > 0) variance_ = (variance_ + more) / 4;
  }
  // A fixed cell rests at w = 0.
  const auto of_line = [&](double w_sum, Index weights) { return conductance_sum(w_sum, cells_of(weights)); };
  row_conductance_ = row_conductance_.unaryExpr([&](double w) { return of_line(w, cols_); }).eval();
  col_conductance_ = col_conductance_.unaryExpr([&](double w) { return of_line(w, rows_); }).eval();
  if (variance_.size() > 1 && variance_.minCoeff() == variance_.maxCoeff()) {
    variance_ = variance_.topLeftCorner(1, 1).eval();
  }
  for (PackedMatrix& packed : packed_seen_) packed.clear();
  for (PackedMatrix& packed : packed_variance_) packed.clear();
  stale_ = false;
}

/// Sum of the states of both cells of each weight, of which a fixed one rests at 0.
Matrix AnalogArray::state_sums() const {
  Matrix sum = planes_[0].seen(now_);
  if (planes_.size() == 2) sum += planes_[1].seen(now_);
  return sum;
}

/// Conductances of the lines of one side within each tile, tile by line, S.
core::MatrixD AnalogArray::tile_conductances(Direction direction, const Matrix& state_sums) const {
  const bool forward = direction == Direction::to_cols;
  const Index inputs = forward ? rows_ : cols_, outputs = forward ? cols_ : rows_;
  const Index tile = forward ? tile_rows_ : tile_cols_;
  core::MatrixD out(tiles(inputs, tile), outputs);
  for (Index number = 0; number < out.rows(); ++number) {
    const Index first = number * tile, count = std::min(tile, inputs - first);
    for (Index j = 0; j < outputs; ++j) {
      const double w_sum = forward ? state_sums.col(j).segment(first, count).cast<double>().sum()
                                   : state_sums.row(j).segment(first, count).cast<double>().sum();
      // A line whose cells are all off has no voltage of its own: it is given a millionth of what it has at
      // rest.
      out(number, j) =
          std::max(conductance_sum(w_sum, cells_of(count)), 1e-6 * conductance_sum(0, cells_of(count)));
    }
  }
  return out;
}

/// What lines of these conductances show when they float, over what they show at rest.
core::MatrixD AnalogArray::float_gains(Direction direction, const core::MatrixD& conductances) const {
  const bool forward = direction == Direction::to_cols;
  const Index inputs = forward ? rows_ : cols_, tile = forward ? tile_rows_ : tile_cols_;
  core::MatrixD out = conductances.cwiseInverse();
  for (Index number = 0; number < out.rows(); ++number)
    out.row(number) *= conductance_sum(0, cells_of(std::min(tile, inputs - number * tile)));
  return out;
}

/// How much each weight counts in reads of one direction, rows × cols.
core::MatrixD AnalogArray::counts(Direction direction) const {
  const bool forward = direction == Direction::to_cols;
  const core::MatrixD gain = float_gains(direction, tile_conductances(direction, state_sums()));
  core::MatrixD out(rows_, cols_);
  for (Index i = 0; i < rows_; ++i) {
    for (Index j = 0; j < cols_; ++j) out(i, j) = forward ? gain(i / tile_rows_, j) : gain(j / tile_cols_, i);
  }
  return out;
}

/// How many cells so many weights are made of.
double AnalogArray::cells_of(Index weights) const {
  return static_cast<double>(weights * (model_.mapping.pulsed_cells() + model_.mapping.fixed_cells()));
}

/// Σ g of so many cells whose states add up to w_sum, S; nothing for a device without conductances. Cells at
/// no conductance may add up to less than nothing by rounding.
double AnalogArray::conductance_sum(double w_sum, double cells) const {
  const devices::Device& device = model_.device;
  if (!device.g_min) return 0;
  return std::max(0.0, cells * *device.g_min + (w_sum + cells) / 2 * (*device.g_max - *device.g_min));
}

void AnalogArray::wait(double seconds) {
  if (!(seconds >= 0 && std::isfinite(seconds))) {
    throw core::UserError({}, "seconds", fmt::format("{}", seconds), "expected a finite number from 0");
  }
  now_ += seconds;
  stale_ = true;
}

void AnalogArray::stand_by(Index vectors) {
  now_ += static_cast<double>(vectors * model_.dac.slices()) *
          model_.sensing.seconds(model_.device.t_read.value_or(0));
}

/// CAUTION: with drift, cells are looked at once after each update; a state taken before their first read is
/// exact.
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
  for (std::size_t plane = 0; plane < planes_.size(); ++plane) {
    const core::Archive::Part part(archive, fmt::format("plane{}", plane));
    planes_[plane].state(archive);
  }
  stale_ = true;
}

core::MatrixD AnalogArray::weights() const {
  core::MatrixD states = planes_[0].seen(now_).cast<double>();
  if (planes_.size() == 2) states = (states - planes_[1].seen(now_).cast<double>()) / 2;
  return model_.weight_scale * states;
}

DecisionLaw AnalogArray::decision_law() const {
  core::MatrixD variance;
  for (const CellPlane& plane : planes_) {
    const Matrix of_plane = plane.read_variance(now_);
    if (of_plane.size() == 0) break;
    const double share =
        model_.dac.noise_gain() * std::pow(model_.weight_scale / static_cast<double>(planes_.size()), 2);
    if (variance.size() == 0) variance.setZero(rows_, cols_);
    variance += share * of_plane.cast<double>();
  }
  DecisionLaw law{model_.comparator.noise, model_.comparator.scale, variance, {}, {}};
  if (model_.sensing.floats()) {
    law.to_cols = counts(Direction::to_cols);
    law.to_rows = counts(Direction::to_rows);
  }
  return law;
}

std::vector<Figure> AnalogArray::figures() const {
  double at_bound = 0, mean = 0, most = 0, farthest = 0;
  const auto cells = static_cast<double>(rows_ * cols_);
  for (const CellPlane& plane : planes_) {
    at_bound += plane.share_at_bound() / static_cast<double>(planes_.size());
    mean += plane.mean_pulses() / static_cast<double>(planes_.size());
    most = std::max(most, plane.most_pulses());
    farthest = std::max(farthest, plane.largest_state());
  }
  mean += programmings_ * model_.verify_pulses;
  most += programmings_ * model_.verify_pulses;
  std::vector<Figure> out{
      {"adc_clipped", converted_ > 0 ? clipped_ / converted_ : 0, "1",
       "share of conversions beyond the converter's range", converted_},
      {"inputs_clipped", inputs_ > 0 ? inputs_clipped_ / inputs_ : 0, "1",
       "share of inputs beyond the drivers' full scale, |x| > 1", inputs_},
      {"adc_enob", model_.adc.visit([&](const auto& adc) { return adc.enob(model_.output_noise); }), "bit",
       "effective bits of a conversion at full scale, output noise included; 0 without a converter"},
      {"cells_at_bound", at_bound, "1", "share of cells at the end of their range", cells},
      {"pulses_per_cell", mean, "1", "mean number of pulses a cell has had, programming included", cells},
      {"pulses_most", most, "1", "largest number of pulses a cell has had, programming included", cells,
       Over::largest},
      {"programmed_out_of_reach", out_of_reach_, "1",
       "share of cells whose last programmed target was beyond their range", cells},
  };
  if (model_.pulser.is<StochasticPulser>()) {
    const double lost = steps_asked_ > 0 ? std::max(0.0, 1 - steps_obtained_ / steps_asked_) : 0;
    out.push_back({"updates_cut", lost, "1",
                   "share of the asked change of weights that trains of desired_bl slots cannot hold",
                   steps_asked_});
  }
  out.push_back(
      {"step_rounding", model_.device.step_rounding(farthest), "1",
       "largest error of one mean step by the rounding of the farthest float32 state, as a share of it",
       cells, Over::largest});
  if (const auto* timed = std::get_if<PulseWidthDac>(&model_.dac.choice); timed && model_.device.t_read) {
    out.push_back({"shortest_input", *model_.device.t_read / levels_each_side(timed->resolution), "s",
                   "length of the shortest pulse that an input can be"});
  }
  if (model_.sensing.floats()) {
    out.push_back(
        {"highest_float", highest_float_, "1",
         "highest voltage of a line that was read, in read voltages; the noise of cells is computed as if "
         "it were far below 1",
         1, Over::largest});
  }
  if (model_.device.endurance) {
    out.push_back({"endurance_used", most / *model_.device.endurance, "1",
                   "share of its endurance that the busiest cell has used", cells, Over::largest});
  }
  if (model_.device.g_min) {
    const auto longest = static_cast<double>(std::max(tile_rows_, tile_cols_));
    model_.wires.visit([&](const auto& wires) {
      const double drop = wires.drop((*model_.device.g_min + *model_.device.g_max) / 2, longest);
      out.push_back({"ir_drop_estimate", drop, "1",
                     "first-order voltage drop at the far cell with all lines driven", 1, Over::largest});
    });
  }
  return out;
}

std::string AnalogArray::unpriced() const {
  std::string out;
  for (const std::string_view name : model_.device.uncited())
    out += fmt::format("{}device.{}", out.empty() ? "" : ", ", name);
  const auto add = [&](bool priced, const char* name) {
    if (!priced) out += fmt::format("{}{}", out.empty() ? "" : ", ", name);
  };
  model_.dac.visit([&](const auto& dac) { add(std::remove_cvref_t<decltype(dac)>::priced, "a real dac"); });
  model_.adc.visit([&](const auto& adc) { add(std::remove_cvref_t<decltype(adc)>::priced, "a real adc"); });
  add(model_.pulser.is<StochasticPulser>(), "a real pulser");
  return out;
}

}  // namespace ohmlab::crossbar
