#include <algorithm>
#include <cassert>

#include "ohmlab/core/math.hpp"
#include "ohmlab/core/parallel.hpp"
#include "ohmlab/cost/sum_bits.hpp"
#include "ohmlab/crossbar/analog_array.hpp"

/// How an analog array is read, and what a read costs.
namespace ohmlab::crossbar {
namespace {

using core::Matrix;

// Fixed: results do not depend on the number of threads. One task reads so many vectors at so many outputs;
// its currents stay in the cache until they are converted.
constexpr Index batch_slice = 64, output_slice = 256;
static_assert(output_slice % PackedMatrix::panel == 0);
constexpr Index drive_slice = 8;

/// What outputs of floating lines add up to.
struct Floated {
  double kept = 0;     ///< S, Σ G u²
  double squares = 0;  ///< Σ u²
  double highest = 0;  ///< of |u|
};

/// Turns what so many lines of a tile would draw, in outputs, into what they show when they float.
/// \param per_output  S, what an output of 1 is worth
void let_float(float* lines, Index width, const double* conductances, const float* gains, double per_output,
               Floated& sums) noexcept {
  for (Index j = 0; j < width; ++j) {
    const double u = static_cast<double>(lines[j]) * per_output / conductances[j];
    sums.kept += conductances[j] * u * u;
    sums.squares += u * u;
    sums.highest = std::max(sums.highest, std::abs(u));
    lines[j] *= gains[j];
  }
}

}  // namespace

void AnalogArray::read(Direction direction, const ConstRows& x, Rows y) { read_lines(direction, x, y, true); }

void AnalogArray::sense(Direction direction, const ConstRows& x, Rows y) {
  read_lines(direction, x, y, false);
}

void AnalogArray::decide(Direction direction, const ConstRows& x, const ConstRows& offset, Rows bits) {
  read_lines(direction, x, bits, false);
  compare(offset, bits);
}

/// Inputs as the lines are driven in one slice, vectors × lines.
struct AnalogArray::Driven {
  Matrix level, noise;       ///< `noise`: shares of each cell's variance; only where reads have any
  core::VectorD conduction;  ///< Σ over the vectors, for each line
  double swings = 0;         ///< Σ over vectors and lines
  double clipped = 0;        ///< number of inputs beyond full scale
};

AnalogArray::Driven AnalogArray::drive(const ConstRows& x, std::int64_t slice) const {
  const Index vectors = x.rows(), lines = x.cols();
  const bool slow = model_.device.read_noise.slow();
  Driven out;
  out.level.resize(vectors, lines);
  if (variance_.size() > 0) out.noise.resize(vectors, lines);
  core::MatrixD conductions(tiles(vectors, drive_slice), lines), swings;
  std::vector<double> clipped(static_cast<std::size_t>(conductions.rows()));
  model_.dac.visit([&](const auto& dac) {
    constexpr bool apart = !std::remove_cvref_t<decltype(dac)>::swings_as_it_conducts;
    constexpr bool clips = std::remove_cvref_t<decltype(dac)>::clips;
    if (apart) swings.setZero(conductions.rows(), lines);
    core::for_slices(vectors, drive_slice, static_cast<double>(4 * lines),
                     [&](Index begin, Index end) noexcept {
      std::int64_t beyond = 0;
      double* conduction = conductions.row(begin / drive_slice).data();
      std::fill(conduction, conduction + lines, 0.0);
      for (Index b = begin; b < end; ++b) {
        const float* from = x.row(b).data();
        float* level = out.level.row(b).data();
        for (Index k = 0; k < lines; ++k) level[k] = dac.level(from[k], slice);
        if constexpr (clips) {
          for (Index k = 0; k < lines; ++k) beyond += std::abs(from[k]) > 1 ? 1 : 0;
        }
        for (Index k = 0; k < lines; ++k) conduction[k] += dac.conduction(static_cast<double>(level[k]));
        if constexpr (apart) {
          double* swing = swings.row(begin / drive_slice).data();
          for (Index k = 0; k < lines; ++k) swing[k] += dac.swing(static_cast<double>(level[k]));
        }
        if (out.noise.size() == 0) continue;
        float* noise = out.noise.row(b).data();
        for (Index k = 0; k < lines; ++k) noise[k] = slow ? level[k] * level[k] : dac.conduction(level[k]);
      }
      clipped[static_cast<std::size_t>(begin / drive_slice)] = static_cast<double>(beyond);
    });
  });
  out.conduction = conductions.colwise().sum();
  out.swings = swings.size() > 0 ? swings.sum() : out.conduction.sum();
  for (const double count : clipped) out.clipped += count;
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

/// Reads slice after slice of the inputs, and adds up what each is worth.
void AnalogArray::read_lines(Direction direction, const ConstRows& x, Rows y, bool convert) {
  assert(x.cols() == (direction == Direction::to_cols ? rows_ : cols_));
  assert(y.cols() == (direction == Direction::to_cols ? cols_ : rows_) && x.rows() == y.rows());
  refresh();
  pack(direction);
  Lines lines;
  lines.conduction.setZero(x.cols());
  for (std::int64_t slice = 0; slice < model_.dac.slices(); ++slice) {
    const Driven driven = drive(x, slice);
    if (slice == 0) inputs_clipped_ += driven.clipped;
    read_slice(direction, driven, slice, y, convert, lines);
    lines.conduction += driven.conduction;
    lines.swings += driven.swings;
  }
  inputs_ += static_cast<double>(x.size());
  post_read(direction, x.rows(), lines, convert);
}

double AnalogArray::converter_bits() const {
  return model_.adc.visit([&](const auto& adc) { return adc.priced_bits(model_.output_noise); });
}

/// Drives the lines of one side tile by tile and reads the other: with converters, whose numbers are added up
/// over the tiles, or as currents, which add up by themselves; samples of lines that float share their
/// charge.
void AnalogArray::read_slice(Direction direction, const Driven& driven, std::int64_t slice, Rows& y,
                             bool convert, Lines& lines) {
  const Index vectors_all = y.rows(), inputs = driven.level.cols(), outputs = y.cols();
  const Index tile = direction == Direction::to_cols ? tile_rows_ : tile_cols_;
  const auto at = static_cast<std::size_t>(direction);
  const PackedMatrix& seen = packed_seen_[at];
  const PackedMatrix& variances = packed_variance_[at];
  const bool floats = model_.sensing.floats();
  const Matrix& gains = line_gain_[at];
  const core::MatrixD& conductances = line_conductance_[at];
  // S, of an output of 1: cells of a pair move by half of it each, against each other.
  const double per_output =
      floats ? (*model_.device.g_max - *model_.device.g_min) * static_cast<double>(planes_.size()) / 2 : 0;
  const bool noisy_cells = variance_.size() > 0;
  const float scale = static_cast<float>(model_.weight_scale) *
                      model_.dac.visit([&](const auto& dac) { return dac.share(slice); });
  const auto output_variance = static_cast<float>(convert ? model_.output_noise * model_.output_noise : 0.0);

  const Index batch_tasks = tiles(vectors_all, batch_slice);
  const Index tasks = batch_tasks * tiles(outputs, output_slice);
  std::vector<double> clips(static_cast<std::size_t>(tasks));
  std::vector<Floated> floated(floats ? static_cast<std::size_t>(tasks) : 0);
  const double work =
      static_cast<double>(std::min(batch_slice, vectors_all) * inputs * std::min(output_slice, outputs)) / 8;
  core::for_slices(tasks, 1, work, [&](Index task, Index) noexcept {
    const Index begin = task % batch_tasks * batch_slice, col = task / batch_tasks * output_slice;
    const Index vectors = std::min(batch_slice, vectors_all - begin),
                width = std::min(output_slice, outputs - col);
    Matrix current(vectors, output_slice), variance, noise(1, output_slice);
    if (noisy_cells) variance.resize(vectors, output_slice);
    for (Index first = 0, number = 0; first < inputs; first += tile, ++number) {
      const Index count = std::min(tile, inputs - first);
      seen.multiply(&driven.level(begin, first), inputs, vectors, first, count, col, width, current.data(),
                    output_slice);
      if (variance_.size() > 1) {
        variances.multiply(&driven.noise(begin, first), inputs, vectors, first, count, col, width,
                           variance.data(), output_slice);
      } else if (noisy_cells) {
        for (Index b = 0; b < vectors; ++b) {
          variance.row(b).setConstant(variance_(0, 0) *
                                      driven.noise.row(begin + b).segment(first, count).sum());
        }
      }
      for (Index b = 0; b < vectors; ++b) {
        auto line = current.row(b).head(width).array();
        if (floats) {
          let_float(line.data(), width, &conductances(number, col), &gains(number, col), per_output,
                    floated[static_cast<std::size_t>(task)]);
          if (noisy_cells)
            variance.row(b).head(width).array() *= gains.row(number).segment(col, width).array().square();
        }
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
        if (number == 0 && slice == 0) {
          out = scale * line;
        } else {
          out += scale * line;
        }
      }
    }
  });
  operation_ += static_cast<std::uint64_t>(tiles(inputs, tile));
  for (const double count : clips) clipped_ += count;
  for (const Floated& sums : floated) {
    lines.kept += sums.kept;
    lines.floated += sums.squares;
    highest_float_ = std::max(highest_float_, sums.highest);
  }
  if (convert) converted_ += static_cast<double>(y.size() * tiles(inputs, tile));
}

/// Turns currents into decisions. offset: 1 or B × lines
void AnalogArray::compare(const ConstRows& offset, Rows values) {
  assert(offset.rows() == 1 || offset.rows() == values.rows());
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
        const float field = values(row, j) + offset(offset.rows() > 1 ? row : 0, j);
        const bool on = gaussian ? field + size * noise[j] > 0 : noise[j] < core::logistic(field / size);
        values(row, j) = on ? 1.0F : 0.0F;
      }
    }
  });
  ++operation_;
  const auto decisions = static_cast<double>(values.size());
  const auto vectors = static_cast<double>(values.rows());
  post_stage(cost::Action::comparator_decision, vectors, {.count = decisions, .serial = vectors});
  // The bias reaches the comparator as an analog offset, made as an input is, one a unit and decision.
  model_.dac.visit([&](const auto& dac) {
    edge_.tally().post(
        component_, dac.action,
        {.count = decisions * static_cast<double>(dac.slices()), .parameter = dac.drive_bits()});
  });
}

/// One stage of so many reads. In a pipeline the first passes all stages; the others follow
/// at the pace of the slowest, which prices decide.
void AnalogArray::post_stage(cost::Action action, double reads, const cost::Posting& posting) {
  cost::Posting all = posting;
  if (model_.pipelined && reads > 1) {
    const double later = (reads - 1) / reads;
    edge_.tally().post(component_, action,
                       {.serial = posting.serial * later,
                        .parameter = posting.parameter,
                        .seconds = posting.seconds * later,
                        .overlapped = true});
    all.serial /= reads;
    all.seconds /= reads;
  }
  edge_.tally().post(component_, action, all);
}

/// Numbers on their way between tiles, which a pipeline carries while others are read.
void AnalogArray::post_carried(const cost::Mesh::Carried& carried, double vectors) {
  if (carried.hops.count > 0) post_stage(cost::Action::network_hop, vectors, carried.hops);
  if (carried.links.count > 0) post_stage(cost::Action::chip_link, vectors, carried.links);
}

/// Slices of an input follow one another; their sum is formed where they are read, so that what passes
/// between tiles is passed once.
void AnalogArray::post_read(Direction direction, Index count, const Lines& lines, bool convert) {
  const bool forward = direction == Direction::to_cols;
  const Index inputs = forward ? rows_ : cols_, outputs = forward ? cols_ : rows_;
  const auto input_tiles = static_cast<double>(tiles(inputs, forward ? tile_rows_ : tile_cols_));
  const auto output_tiles = static_cast<double>(tiles(outputs, forward ? tile_cols_ : tile_rows_));
  const auto vectors = static_cast<double>(count), slices = static_cast<double>(model_.dac.slices()),
             reads = vectors * slices;
  const auto conversions = reads * static_cast<double>(outputs) * input_tiles;
  const devices::Device& device = model_.device;
  const double volts = device.v_read.value_or(0), seconds = model_.sensing.seconds(device.t_read.value_or(0));
  const core::VectorD& line_conductance = forward ? row_conductance_ : col_conductance_;

  cost::Tally& tally = edge_.tally();
  post_stage(
      cost::Action::array_read, reads,
      {.count = reads,
       .serial = reads,
       .joules = volts * volts * seconds * std::max(0.0, lines.conduction.dot(line_conductance) - lines.kept),
       .seconds = reads * seconds});
  tally.post(component_, cost::Action::line_charge,
             {.count = volts * volts * lines.swings * output_tiles,
              .parameter = static_cast<double>(forward ? tile_cols_ : tile_rows_)});
  if (lines.floated > 0) {
    tally.post(component_, cost::Action::line_charge,
               {.count = volts * volts * lines.floated,
                .parameter = static_cast<double>(forward ? tile_rows_ : tile_cols_)});
  }
  model_.dac.visit([&](const auto& dac) {
    post_stage(dac.action, reads,
               {.count = reads * static_cast<double>(inputs) * output_tiles,
                .serial = reads,
                .parameter = dac.drive_bits()});
    // The slice of the inputs that a tile takes passes on to the next tile that reads it.
    post_carried(model_.mesh.carried(vectors * static_cast<double>(inputs) * dac.bits(),
                                     model_.mesh.along(output_tiles), vectors,
                                     static_cast<double>(forward ? tile_rows_ : tile_cols_) * dac.bits()),
                 vectors);
  });
  now_ += reads * seconds;
  const bool floats = model_.sensing.floats();
  if (floats || (convert ? model_.turns() : slices) > 1) {
    // Currents of tiles run together before they are held for comparators; voltages are held tile by tile.
    const bool together = !convert && !floats;
    tally.post(component_, cost::Action::sample_hold,
               {.count = together ? reads * static_cast<double>(outputs) : conversions, .serial = reads});
  }
  if (!convert) return;
  model_.adc.visit([&](const auto& adc) {
    post_stage(cost::Action::adc_convert, reads,
               {.count = conversions, .serial = reads * adc.lines_each(), .parameter = converter_bits()});
  });
  const double sum_bits = cost::sum_bits(converter_bits(), input_tiles, slices);
  if (slices * input_tiles > 1) {
    edge_.adds(component_, vectors * static_cast<double>(outputs) * (slices * input_tiles - 1), sum_bits);
  }
  if (input_tiles > 1) {
    post_carried(
        model_.mesh.carried(vectors * static_cast<double>(outputs) * sum_bits, model_.mesh.along(input_tiles),
                            vectors, static_cast<double>(forward ? tile_cols_ : tile_rows_) * sum_bits),
        vectors);
  }
  edge_.multiplies(component_, vectors * static_cast<double>(outputs), 16);  // by the weight scale
}

}  // namespace ohmlab::crossbar
