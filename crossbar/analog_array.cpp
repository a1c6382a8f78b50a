#include "ohmlab/crossbar/analog_array.hpp"

#include <algorithm>
#include <bit>
#include <cassert>
#include <cmath>

#include <fmt/format.h>

#include "ohmlab/core/math.hpp"
#include "ohmlab/core/parallel.hpp"

namespace ohmlab::crossbar {
namespace {

using core::Matrix;

// Fixed: results do not depend on the number of threads. One task reads so many vectors at so many outputs;
// its currents stay in the cache until they are converted.
constexpr Index batch_slice = 64, output_slice = 256;
static_assert(output_slice % PackedMatrix::panel == 0);
constexpr Index drive_slice = 8;

Index tiles(Index size, Index tile) { return (size + tile - 1) / tile; }

}  // namespace

std::unique_ptr<Array> AnalogArrayModel::make(Index rows, Index cols, const ArrayContext& context) const {
  return std::make_unique<AnalogArray>(*this, rows, cols, context);
}

AnalogArray::AnalogArray(const AnalogArrayModel& model, Index rows, Index cols, const ArrayContext& context)
    : model_(model),
      rows_(rows),
      cols_(cols),
      tile_rows_(model.tile_rows > 0 ? std::min<Index>(model.tile_rows, rows) : rows),
      tile_cols_(model.tile_cols > 0 ? std::min<Index>(model.tile_cols, cols) : cols),
      read_stream_(core::stream(context.seed, core::StreamId::read_noise, context.layer)),
      comparator_stream_(core::stream(context.seed, core::StreamId::comparator, context.layer)),
      train_stream_(core::stream(context.seed, core::StreamId::pulse_train, context.layer)),
      edge_(*context.tally, cost::Edge::Place::array, static_cast<double>(model.edge_lanes)),
      component_(context.tally->component(context.name)) {
  for (int plane = 0; plane < model_.mapping.pulsed_cells(); ++plane) {
    planes_.emplace_back(rows, cols, model_.device, context.seed, context.layer,
                         static_cast<std::uint32_t>(plane));
  }
  const auto all = static_cast<double>(rows * cols);
  const auto row_lines = static_cast<double>(rows * tiles(cols, tile_cols_));
  const auto col_lines = static_cast<double>(cols * tiles(rows, tile_rows_));
  cost::Tally& tally = *context.tally;
  tally.hold(component_, cost::Part::cell,
             all * (model_.mapping.pulsed_cells() + model_.mapping.fixed_cells()));
  tally.hold(component_, cost::Part::line_driver, row_lines + col_lines);
  model_.dac.visit(
      [&](const auto& dac) { tally.hold(component_, cost::Part::dac, row_lines + col_lines, dac.bits()); });
  model_.adc.visit([&](const auto& adc) {
    tally.hold(component_, cost::Part::adc, std::ceil((row_lines + col_lines) / adc.lines_each()),
               adc.bits());
  });
  tally.hold(component_, cost::Part::comparator, row_lines + col_lines);
  tally.hold(component_, cost::Part::edge_lane, static_cast<double>(model_.edge_lanes));
}

void AnalogArray::refresh() {
  if (!stale_) return;
  seen_ = planes_[0].seen(now_);
  variance_ = planes_[0].read_variance(now_);
  const auto row_sums = [&](const Matrix& w) { return core::VectorD(w.cast<double>().rowwise().sum()); };
  const auto col_sums = [&](const Matrix& w) { return core::VectorD(w.cast<double>().colwise().sum()); };
  row_conductance_ = row_sums(seen_);
  col_conductance_ = col_sums(seen_);
  if (planes_.size() == 2) {
    const Matrix minus = planes_[1].seen(now_);
    row_conductance_ += row_sums(minus);
    col_conductance_ += col_sums(minus);
    seen_ = (seen_ - minus) / 2;
    const Matrix more = planes_[1].read_variance(now_);
    if (variance_.size() > 0) variance_ = (variance_ + more) / 4;
  }
  const double cells_each =
      model_.mapping.pulsed_cells() + model_.mapping.fixed_cells();  // a fixed cell rests at w = 0
  const auto of_line = [&](double w_sum, Index cells) {
    return conductance_sum(w_sum, static_cast<double>(cells) * cells_each);
  };
  row_conductance_ = row_conductance_.unaryExpr([&](double w) { return of_line(w, cols_); }).eval();
  col_conductance_ = col_conductance_.unaryExpr([&](double w) { return of_line(w, rows_); }).eval();
  if (variance_.size() > 1 && variance_.minCoeff() == variance_.maxCoeff()) {
    variance_ = variance_.topLeftCorner(1, 1).eval();
  }
  for (PackedMatrix& packed : packed_seen_) packed.clear();
  for (PackedMatrix& packed : packed_variance_) packed.clear();
  stale_ = false;
}

/// Σ g of so many cells whose states add up to w_sum, S; nothing for a device without conductances.
double AnalogArray::conductance_sum(double w_sum, double cells) const {
  const devices::Device& device = model_.device;
  if (!device.g_min) return 0;
  return cells * *device.g_min + (w_sum + cells) / 2 * (*device.g_max - *device.g_min);
}

void AnalogArray::mvm(const ConstRows& x, Rows y) { read(Direction::to_cols, x, y, true); }
void AnalogArray::mvm_transposed(const ConstRows& x, Rows y) { read(Direction::to_rows, x, y, true); }

void AnalogArray::compare(const ConstRows& x, const ConstVector& offset, Rows bits) {
  read(Direction::to_cols, x, bits, false);
  decide(offset, bits);
}

void AnalogArray::compare_transposed(const ConstRows& x, const ConstVector& offset, Rows bits) {
  read(Direction::to_rows, x, bits, false);
  decide(offset, bits);
}

/// Inputs as the lines are driven, vectors × lines.
struct AnalogArray::Driven {
  Matrix value, square;  ///< squares only where reads have noise
  core::VectorD power;   ///< Σ of the squares over the vectors, for each line
};

AnalogArray::Driven AnalogArray::drive(const ConstRows& x) const {
  const Index vectors = x.rows(), lines = x.cols();
  Driven out;
  out.value.resize(vectors, lines);
  if (variance_.size() > 0) out.square.resize(vectors, lines);
  core::MatrixD powers(tiles(vectors, drive_slice), lines);
  model_.dac.visit([&](const auto& dac) {
    core::for_slices(vectors, drive_slice, static_cast<double>(4 * lines),
                     [&](Index begin, Index end) noexcept {
      double* power = powers.row(begin / drive_slice).data();
      std::fill(power, power + lines, 0.0);
      for (Index b = begin; b < end; ++b) {
        const float* from = x.row(b).data();
        float* value = out.value.row(b).data();
        for (Index k = 0; k < lines; ++k) value[k] = dac.convert(from[k]);
        for (Index k = 0; k < lines; ++k) {
          power[k] += static_cast<double>(value[k]) * static_cast<double>(value[k]);
        }
        if (out.square.size() > 0) out.square.row(b) = out.value.row(b).array().square();
      }
    });
  });
  out.power = powers.colwise().sum();
  return out;
}

/// Makes the packed forms that reads of one direction multiply with.
void AnalogArray::pack(Direction direction) {
  const auto at = static_cast<std::size_t>(direction);
  if (!packed_seen_[at].empty()) return;
  const auto fill = [&](PackedMatrix& packed, const Matrix& from) {
    if (direction == Direction::to_cols) {
      packed.pack(from);
    } else {
      packed.pack_transposed(from);
    }
  };
  fill(packed_seen_[at], seen_);
  if (variance_.size() > 1) fill(packed_variance_[at], variance_);
}

/// Drives the lines of one side tile by tile and reads the other: with converters, whose numbers are added up
/// over the tiles, or as currents, which add up by themselves.
void AnalogArray::read(Direction direction, const ConstRows& x, Rows y, bool convert) {
  const bool forward = direction == Direction::to_cols;
  const Index inputs = forward ? rows_ : cols_, outputs = forward ? cols_ : rows_;
  const Index tile = forward ? tile_rows_ : tile_cols_;
  assert(x.cols() == inputs && y.cols() == outputs && x.rows() == y.rows());
  refresh();
  pack(direction);
  const Driven driven = drive(x);
  const PackedMatrix& seen = packed_seen_[static_cast<std::size_t>(direction)];
  const PackedMatrix& variances = packed_variance_[static_cast<std::size_t>(direction)];
  const bool noisy_cells = variance_.size() > 0;
  const auto scale = static_cast<float>(model_.weight_scale);
  const auto output_variance = static_cast<float>(convert ? model_.output_noise * model_.output_noise : 0.0);

  const Index batch_tasks = tiles(x.rows(), batch_slice);
  const Index tasks = batch_tasks * tiles(outputs, output_slice);
  std::vector<double> clips(static_cast<std::size_t>(tasks));
  const double work =
      static_cast<double>(std::min(batch_slice, x.rows()) * inputs * std::min(output_slice, outputs)) / 8;
  core::for_slices(tasks, 1, work, [&](Index task, Index) noexcept {
    const Index begin = task % batch_tasks * batch_slice, col = task / batch_tasks * output_slice;
    const Index vectors = std::min(batch_slice, x.rows() - begin),
                width = std::min(output_slice, outputs - col);
    Matrix current(vectors, output_slice), variance, noise(1, output_slice);
    if (noisy_cells) variance.resize(vectors, output_slice);
    for (Index first = 0, number = 0; first < inputs; first += tile, ++number) {
      const Index count = std::min(tile, inputs - first);
      seen.multiply(&driven.value(begin, first), inputs, vectors, first, count, col, width, current.data(),
                    output_slice);
      if (variance_.size() > 1) {
        variances.multiply(&driven.square(begin, first), inputs, vectors, first, count, col, width,
                           variance.data(), output_slice);
      } else if (noisy_cells) {
        for (Index b = 0; b < vectors; ++b) {
          variance.row(b).setConstant(variance_(0, 0) *
                                      driven.square.row(begin + b).segment(first, count).sum());
        }
      }
      for (Index b = 0; b < vectors; ++b) {
        auto line = current.row(b).head(width).array();
        if (noisy_cells || output_variance > 0) {
          auto xi = noise.row(0).head(width).array();
          core::fill_normal(read_stream_, operation_ + static_cast<std::uint64_t>(number),
                            static_cast<std::uint64_t>((begin + b) * outputs + col),
                            {noise.data(), static_cast<std::size_t>(width)});
          if (noisy_cells) {
            line += (variance.row(b).head(width).array() + output_variance).sqrt() * xi;
          } else {
            line += std::sqrt(output_variance) * xi;
          }
        }
        if (convert) {
          model_.adc.visit([&](const auto& adc) {
            float* values = current.row(b).data();
            std::int32_t clipped = 0;
            for (Index j = 0; j < width; ++j) clipped += adc.clips(values[j]) ? 1 : 0;
            for (Index j = 0; j < width; ++j) values[j] = adc.convert(values[j]);
            clips[static_cast<std::size_t>(task)] += clipped;
          });
        }
        auto out = y.row(begin + b).segment(col, width).array();
        if (number == 0) {
          out = scale * line;
        } else {
          out += scale * line;
        }
      }
    }
  });
  operation_ += static_cast<std::uint64_t>(tiles(inputs, tile));
  for (const double count : clips) clipped_ += count;
  if (convert) converted_ += static_cast<double>(y.size() * tiles(inputs, tile));
  post_read(direction, x.rows(), driven.power, convert);
}

void AnalogArray::decide(const ConstVector& offset, Rows values) {
  const Index width = values.cols();
  const auto size = static_cast<float>(model_.comparator.scale);
  const bool gaussian = model_.comparator.noise == ComparatorNoise::gaussian;
  core::for_slices(values.rows(), batch_slice, static_cast<double>(10 * width),
                   [&](Index begin, Index end) noexcept {
    core::Vector noise(width);
    const std::span<float> draws(noise.data(), static_cast<std::size_t>(width));
    for (Index row = begin; row < end; ++row) {
      const auto first = static_cast<std::uint64_t>(row * width);
      if (gaussian) {
        core::fill_normal(comparator_stream_, operation_, first, draws);
      } else {
        core::fill_uniform(comparator_stream_, operation_, first, draws);
      }
      for (Index j = 0; j < width; ++j) {
        const float field = values(row, j) + offset[j];
        const bool on = gaussian ? field + size * noise[j] > 0 : noise[j] < core::logistic(field / size);
        values(row, j) = on ? 1.0F : 0.0F;
      }
    }
  });
  ++operation_;
  const auto decisions = static_cast<double>(values.size());
  edge_.tally().post(component_, cost::Action::comparator_decision,
                     {.count = decisions, .serial = static_cast<double>(values.rows())});
  // The bias reaches the comparator as an analog offset, one conversion a unit and decision.
  model_.dac.visit([&](const auto& dac) {
    edge_.tally().post(component_, cost::Action::dac_drive, {.count = decisions, .parameter = dac.bits()});
  });
}

void AnalogArray::post_read(Direction direction, Index count, const core::VectorD& power, bool convert) {
  const bool forward = direction == Direction::to_cols;
  const Index inputs = forward ? rows_ : cols_, outputs = forward ? cols_ : rows_;
  const auto input_tiles = static_cast<double>(tiles(inputs, forward ? tile_rows_ : tile_cols_));
  const auto output_tiles = static_cast<double>(tiles(outputs, forward ? tile_cols_ : tile_rows_));
  const auto vectors = static_cast<double>(count);
  const auto conversions = vectors * static_cast<double>(outputs) * input_tiles;
  const devices::Device& device = model_.device;
  const double volts = device.v_read.value_or(0), seconds = device.t_read.value_or(0);
  const core::VectorD& line_conductance = forward ? row_conductance_ : col_conductance_;

  cost::Tally& tally = edge_.tally();
  tally.post(component_, cost::Action::array_read,
             {.count = vectors,
              .serial = vectors,
              .joules = volts * volts * seconds * power.dot(line_conductance),
              .seconds = vectors * seconds});
  tally.post(component_, cost::Action::line_charge,
             {.count = volts * volts * power.sum() * output_tiles,
              .parameter = static_cast<double>(forward ? tile_cols_ : tile_rows_)});
  model_.dac.visit([&](const auto& dac) {
    tally.post(component_, cost::Action::dac_drive,
               {.count = vectors * static_cast<double>(inputs) * output_tiles,
                .serial = vectors,
                .parameter = dac.bits()});
  });
  now_ += vectors * seconds;
  if (!convert) return;
  model_.adc.visit([&](const auto& adc) {
    tally.post(component_, cost::Action::adc_convert,
               {.count = conversions, .serial = vectors * adc.lines_each(), .parameter = adc.bits()});
  });
  if (input_tiles > 1) edge_.adds(component_, vectors * static_cast<double>(outputs) * (input_tiles - 1), 16);
  edge_.multiplies(component_, vectors * static_cast<double>(outputs), 16);  // by the weight scale
}

void AnalogArray::update(const ConstRows& x, const ConstRows& d, double rate) {
  assert(x.cols() == rows_ && d.cols() == cols_ && x.rows() == d.rows());
  refresh();
  const double in_states = rate / model_.weight_scale;
  model_.pulser.visit([&](const auto& pulser) {
    if constexpr (std::same_as<std::remove_cvref_t<decltype(pulser)>, StochasticPulser>) {
      double coincidences = 0, w_sum = 0, direction = rate < 0 ? -1 : 1;
      const PulseTrains trains =
          draw_trains(x, d, in_states, model_.device.pulse.dw_min(), pulser, train_stream_, operation_);
      const PulseEvents events(trains, x, d);
      for (CellPlane& plane : planes_) {
        const PulseCount count = plane.pulse(events, direction, operation_, now_, pulser.aggregate);
        coincidences += count.coincidences;
        w_sum += count.w_sum;
        direction = -direction;
      }
      post_update(trains, coincidences, w_sum);
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
void AnalogArray::post_update(const PulseTrains& trains, double coincidences, double w_sum) {
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
  const double planes = static_cast<double>(planes_.size());

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
             {.count = trains.total_slots * static_cast<double>(rows_ + cols_)});
  // Update management: the largest element of each side, and the probabilities' scale.
  const auto elements = static_cast<double>(trains.vectors * (rows_ + cols_));
  edge_.adds(component_, elements, 8);
  edge_.multiplies(component_, elements, 8);
  now_ += trains.total_slots * seconds;
}

/// One vector a row, with nothing but its own row on. Billed as any update: random bits for idle rows
/// included.
void AnalogArray::increment(const ConstRows& change) {
  assert(change.rows() == rows_ && change.cols() == cols_);
  update(Matrix::Identity(rows_, rows_), change, 1);
}

void AnalogArray::program(const ConstRows& target) {
  assert(target.rows() == rows_ && target.cols() == cols_);
  const Matrix states = target / static_cast<float>(model_.weight_scale);
  double sign = 1;
  double missed = 0;
  for (CellPlane& plane : planes_) {
    missed += plane.program(static_cast<float>(sign) * states, operation_, now_);
    sign = -sign;
  }
  out_of_reach_ = missed / static_cast<double>(states.size() * static_cast<Index>(planes_.size()));
  ++operation_;
  ++programmings_;
  stale_ = true;

  // Row after row, each cell pulsed and read until it is right.
  const devices::Device& device = model_.device;
  const double volts = device.v_write.value_or(0), seconds = device.t_pulse.value_or(0),
               reading = device.t_read.value_or(0);
  const auto cells = static_cast<double>(states.size() * static_cast<Index>(planes_.size()));
  const double rounds = model_.verify_pulses * static_cast<double>(rows_);
  // Each target is taken to be near its end value while it is pulsed and read; planes of a pair have opposite
  // ones.
  const double w_sum = planes_.size() == 2 ? 0 : states.cast<double>().sum();
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
    tally.post(component_, cost::Action::dac_drive,
               {.count = drives, .serial = rounds, .parameter = dac.bits()});
  });
  model_.adc.visit([&](const auto& adc) {
    tally.post(component_, cost::Action::adc_convert,
               {.count = cells * model_.verify_pulses,
                .serial = rounds * adc.lines_each(),
                .parameter = adc.bits()});
  });
  edge_.adds(component_, cells * model_.verify_pulses, 8);
  constexpr double target_bits = 16;
  edge_.fetches(component_, target_bits * static_cast<double>(target.size()));
  now_ += rounds * (seconds + reading);
}

void AnalogArray::wait(double seconds) {
  now_ += seconds;
  stale_ = true;
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
    const double share = std::pow(model_.weight_scale / static_cast<double>(planes_.size()), 2);
    if (variance.size() == 0) variance.setZero(rows_, cols_);
    variance += share * of_plane.cast<double>();
  }
  return {model_.comparator.noise, model_.comparator.scale, variance};
}

std::vector<Figure> AnalogArray::figures() const {
  double at_bound = 0, mean = 0, most = 0;
  for (const CellPlane& plane : planes_) {
    at_bound += plane.share_at_bound() / static_cast<double>(planes_.size());
    mean += plane.mean_pulses() / static_cast<double>(planes_.size());
    most = std::max(most, plane.most_pulses());
  }
  mean += programmings_ * model_.verify_pulses;
  most += programmings_ * model_.verify_pulses;
  std::vector<Figure> out{
      {"adc_clipped", converted_ > 0 ? clipped_ / converted_ : 0, "1",
       "share of conversions beyond the converter's range"},
      {"cells_at_bound", at_bound, "1", "share of cells at the end of their range"},
      {"pulses_per_cell", mean, "1", "mean number of pulses a cell has had, programming included"},
      {"pulses_most", most, "1", "largest number of pulses a cell has had, programming included"},
      {"programmed_out_of_reach", out_of_reach_, "1",
       "share of cells whose last programmed target was beyond their range"},
  };
  if (model_.device.endurance) {
    out.push_back({"endurance_used", most / *model_.device.endurance, "1",
                   "share of its endurance that the busiest cell has used"});
  }
  if (model_.device.g_min) {
    const double longest = static_cast<double>(std::max(tile_rows_, tile_cols_));
    model_.wires.visit([&](const auto& wires) {
      const double drop = wires.drop((*model_.device.g_min + *model_.device.g_max) / 2, longest);
      const std::string warning =
          drop > wires.worth_warning ? "WARNING, above 5 %: these results are too good; " : "";
      out.push_back({"ir_drop_estimate", drop, "1",
                     warning + "first-order voltage drop at the far cell with all lines driven"});
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
