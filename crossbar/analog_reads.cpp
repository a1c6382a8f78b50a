// Reads of the simulated array: drive, cells, readout, cost.
#include <algorithm>
#include <cassert>
#include <cmath>
#include <numeric>
#include <utility>

#include <fmt/format.h>

#include "../core/errors.hpp"
#include "analog_array.hpp"
#include "wires/nonlinear_tile.hpp"

namespace ohmlab::crossbar {

using core::Matrix;

void AnalogArray::read(Direction direction, const ConstRows& x, Rows y, const Outputs& outputs) {
  if (const auto* range = std::get_if<MaximumRange>(&model_.range.choice)) {
    read_by_maximum(*range, direction, x, y, outputs);
  } else {
    read_lines(direction, x, y, outputs, true);
  }
}

/// Divides each vector by its largest input, and reads those again that clip.
void AnalogArray::read_by_maximum(const MaximumRange& range, Direction direction,
                                  const ConstRows& x, Rows y, const Outputs& outputs) {
  constexpr double word_bits = 16;  // bits of numbers at the edge, as in cost/array_work
  core::Vector factors = x.cwiseAbs().rowwise().maxCoeff().transpose();
  factors = (factors.array() > 0).select(factors, 1.0F);
  Matrix scaled = x.array().colwise() / factors.transpose().array();
  std::vector<Index> vectors(static_cast<std::size_t>(x.rows()));
  std::iota(vectors.begin(), vectors.end(), Index{0});
  edge_.adds(component_, static_cast<double>(x.size()), word_bits);  // comparisons
  for (std::int64_t repeat = 0;; ++repeat) {
    Matrix read(scaled.rows(), y.cols());
    std::vector<bool> clipped;
    read_lines(direction, scaled, read, outputs, true, &clipped);
    edge_.multiplies(component_, static_cast<double>(scaled.size() + read.size()), word_bits);
    std::vector<Index> again, rows;
    for (Index b = 0; b < read.rows(); ++b) {
      const Index vector = vectors[static_cast<std::size_t>(b)];
      y.row(vector) = factors[vector] * read.row(b);
      if (!clipped[static_cast<std::size_t>(b)] || repeat == range.repeats) continue;
      factors[vector] *= 2;
      again.push_back(vector);
      rows.push_back(b);
    }
    if (again.empty()) return;
    scaled = Matrix(scaled(rows, Eigen::all) / 2);
    vectors = std::move(again);
  }
}

void AnalogArray::sense(Direction direction, const ConstRows& x, Rows y) {
  read_lines(direction, x, y, {0, cells_.tiling().outputs(direction)}, false);
}

void AnalogArray::decide(Direction direction, const ConstRows& x, const ConstRows& offset,
                         Rows bits) {
  sense(direction, x, bits);
  model_.comparator.decide(comparator_stream_, clock_.operation++, offset, bits);
  cost::post_decisions(account(), static_cast<double>(bits.rows()),
                       static_cast<double>(bits.size()));
}

/// Outputs that the same drivers serve: those of one tile, or all if drivers have no errors.
std::vector<AnalogArray::OutputTile> AnalogArray::output_tiles(Direction direction,
                                                               const Outputs& outputs) const {
  if (drivers_.exact()) return {{outputs, 0}};
  const Tiling& tiling = cells_.tiling();
  const bool forward = direction == Direction::to_cols;
  const Direction side = forward ? Direction::to_rows : Direction::to_cols;
  const Index tile = forward ? tiling.tile_cols : tiling.tile_rows,
              end = outputs.first + outputs.count;
  std::vector<OutputTile> out;
  for (Index number = outputs.first / tile; number * tile < end; ++number) {
    const Index first = std::max(outputs.first, number * tile);
    out.push_back(
        {{first, std::min(end, (number + 1) * tile) - first}, tiling.end(side, number, 0)});
  }
  return out;
}

/// Reads the slices of the inputs one after another, and adds up their weighted outputs.
void AnalogArray::read_lines(Direction direction, const ConstRows& x, Rows y,
                             const Outputs& outputs, bool convert, std::vector<bool>* clipped) {
  const Tiling& tiling = cells_.tiling();
  assert(x.cols() == tiling.inputs(direction) && y.cols() == outputs.count && x.rows() == y.rows());
  assert(outputs.first >= 0 && outputs.first + outputs.count <= tiling.outputs(direction));
  refresh();
  const std::vector<OutputTile> parts = output_tiles(direction, outputs);
  const CellLaw law = law_of(model_.device);
  const bool alone = model_.wires.resist() &&
                     (law || seen_.reads_alone(static_cast<double>(x.rows() * model_.dac.slices()) *
                                                   static_cast<double>(parts.size()),
                                               model_.dac.holds()));
  if (alone) {
    seen_.pack_variance(direction);
  } else {
    seen_.pack(direction);
  }
  const auto vectors = static_cast<double>(x.rows());
  cost::ReadWork work{.to_rows = direction == Direction::to_rows,
                      .vectors = vectors,
                      .in_turn = vectors,
                      .converted = convert,
                      .outputs = static_cast<double>(outputs.count)};
  core::VectorD heat = core::VectorD::Zero(x.cols());
  double kept = 0, wired = 0;
  std::vector<double> sizes;
  const double share_of_part = 1 / static_cast<double>(parts.size());
  const bool calibrates = convert && range_.calibrates(model_.range, direction);
  if (clipped) clipped->assign(static_cast<std::size_t>(x.rows()), false);
  for (std::int64_t slice = 0; slice < model_.dac.slices(); ++slice) {
    const float share = model_.dac.visit([&](const auto& dac) { return dac.share(slice); });
    Readout readout{
        .converters = converters_,
        .convert = convert,
        .floats = parts_.floats,
        .conductance = cells_.conductance_of_one(),
        .scale = static_cast<float>(model_.weight_scale) * share,
        .variance = static_cast<float>(convert ? model_.output_noise * model_.output_noise : 0.0),
        .range = static_cast<float>(calibrates ? 1 : range_.range(direction)),
        .sizes = calibrates,
        .vectors = clipped != nullptr,
        .stream = read_stream_,
        .operation = clock_.operation};
    for (const OutputTile& part : parts) {
      const DrivenLines driven = drive(model_.dac, model_.device.conduction,
                                       {.noisy = seen_.noisy(),
                                        .slow_noise = model_.device.read_noise.slow(),
                                        .wired = model_.wires.resist(),
                                        .v_read = parts_.v_read,
                                        .drivers = &drivers_,
                                        .end = part.end,
                                        .operation = clock_.operation},
                                       x, slice);
      WiredCells::Reading solved;
      if (alone) {
        solved = seen_.read_alone(direction, driven.level, law);
        if (!std::isfinite(solved.error)) refuse_restless();
        readout.currents = solved.currents;
      }
      ReadoutCount count =
          read_out(seen_, tiling, direction, driven, readout, part.outputs, slice == 0,
                   y.middleCols(part.outputs.first - outputs.first, part.outputs.count));
      if (slice == 0) inputs_clipped_ += share_of_part * driven.clipped;
      clipped_ += count.clipped;
      highest_float_ = std::max(highest_float_, count.highest_float);
      kept += count.kept;
      work.floated += count.floated;
      work.swings += share_of_part * driven.swings;
      heat += share_of_part * driven.heat;
      if (model_.wires.resist()) {
        wired += share_of_part * (alone ? solved.heat : heat_of(direction, driven));
      }
      for (std::size_t b = 0; b < count.beyond.size(); ++b)
        (*clipped)[b] = (*clipped)[b] || count.beyond[b];
      if (sizes.empty()) {
        sizes = std::move(count.sizes);
      } else {
        for (std::size_t bin = 0; bin < sizes.size(); ++bin) sizes[bin] += count.sizes[bin];
      }
    }
    clock_.operation += static_cast<std::uint64_t>(tiling.input_tiles(direction));
    if (convert) converted_ += static_cast<double>(y.size() * tiling.input_tiles(direction));
  }
  if (calibrates) {
    range_.count(std::get<CalibratedRange>(model_.range.choice), direction, vectors, sizes);
    constexpr double counter_bits = 16;
    edge_.adds(component_, std::accumulate(sizes.begin(), sizes.end(), 0.0), counter_bits);
  }
  inputs_ += static_cast<double>(x.size());
  const core::VectorD& conductances =
      work.to_rows ? seen_.col_conductances() : seen_.row_conductances();
  work.heat = model_.wires.resist() ? wired : std::max(0.0, heat.dot(conductances) - kept);
  cost::post_read(account(), lines_, work);
  const double seconds = vectors * parts_.driver.slices * parts_.t_read;
  held_ = std::max(held_, seconds);
  clock_.now += seconds;
}

void AnalogArray::refuse_restless() const {
  throw core::UserError({}, "array.wires", fmt::format("\"{}\"", model_.wires.kind()),
                        fmt::format("the voltages behind wires did not come to rest in {} steps: "
                                    "expected lower resistances, a lower device.v_read or "
                                    "device.conduction \"ohmic\"",
                                    most_newton_steps));
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

}  // namespace ohmlab::crossbar
