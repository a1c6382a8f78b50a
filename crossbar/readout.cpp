#include "readout.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "../core/parallel.hpp"
#include "../core/rng.hpp"
#include "ranges.hpp"

namespace ohmlab::crossbar {
namespace {

using core::Matrix;

// Fixed: results do not depend on the number of threads. One task reads so many vectors at so many
// outputs; its currents stay in the cache until they are converted.
constexpr Index batch_slice = 64, output_slice = 256;
static_assert(output_slice % PackedMatrix::panel == 0);

/// Vectors and outputs of one task.
struct Block {
  Index begin, vectors, col, width;
};

/// Turns the currents of lines of a tile held at zero volts, in outputs, into the readings of
/// floating lines.
/// \param per_output  conductance for an output of 1, S
void let_float(float* lines, Index width, const double* conductances, const float* gains,
               double per_output, ReadoutCount& sums) noexcept {
  for (Index j = 0; j < width; ++j) {
    const double u = static_cast<double>(lines[j]) * per_output / conductances[j];
    sums.kept += conductances[j] * u * u;
    sums.floated += u * u;
    sums.highest_float = std::max(sums.highest_float, std::abs(u));
    lines[j] *= gains[j];
  }
}

/// Variances of the outputs of one tile from the noise of its cells, vectors × outputs.
void cell_variances(const SeenCells& cells, Direction direction, const DrivenLines& driven,
                    const Block& block, Index first, Index count, Matrix& out) noexcept {
  if (cells.evenly_noisy()) {
    for (Index b = 0; b < block.vectors; ++b) {
      out.row(b).setConstant(cells.variance() *
                             driven.noise.row(block.begin + b).segment(first, count).sum());
    }
    return;
  }
  cells.packed_variance(direction).multiply(&driven.noise(block.begin, first), driven.noise.cols(),
                                            block.vectors, first, count, block.col, block.width,
                                            out.data(), output_slice);
}

/// Adds noise of cells and periphery to one vector's outputs.
template <class Line>
void add_noise(Line& line, const float* variances, float of_periphery, const float* xi) noexcept {
  const Eigen::Map<const Eigen::Array<float, 1, Eigen::Dynamic>> draws(xi, line.size());
  if (variances == nullptr) {
    line += std::sqrt(of_periphery) * draws;
    return;
  }
  const Eigen::Map<const Eigen::Array<float, 1, Eigen::Dynamic>> of_cells(variances, line.size());
  line += (of_cells + of_periphery).sqrt() * draws;
}

/// Counts readings by their size.
void add_sizes(const float* values, Index width, float bound, std::vector<double>& sizes) noexcept {
  const auto bins = static_cast<Index>(sizes.size());
  for (Index j = 0; j < width; ++j) {
    const auto bin = static_cast<Index>(std::abs(values[j]) / bound * static_cast<float>(bins));
    ++sizes[static_cast<std::size_t>(std::min(bin, bins - 1))];
  }
}

}  // namespace

ReadoutCount read_out(const SeenCells& cells, const Tiling& tiling, Direction direction,
                      const DrivenLines& driven, const Readout& readout, const Outputs& outputs,
                      bool first_slice, Rows y) {
  const Index inputs = tiling.inputs(direction), all = tiling.outputs(direction),
              tile = tiling.input_tile(direction);
  // Products begin at a panel; outputs before the first one are ignored.
  const Index from = outputs.first / PackedMatrix::panel * PackedMatrix::panel,
              end = outputs.first + outputs.count;
  const Index batch_tasks = (y.rows() + batch_slice - 1) / batch_slice;
  const Index tasks = batch_tasks * ((end - from + output_slice - 1) / output_slice);
  const bool noisy_cells = cells.noisy();
  const auto bound = static_cast<float>(readout.converters.bound());
  std::vector<ReadoutCount> counts(static_cast<std::size_t>(tasks));
  const double work = static_cast<double>(std::min(batch_slice, y.rows()) * inputs *
                                          std::min(output_slice, end - from)) /
                      8;
  core::for_slices(tasks, 1, work, [&](Index task, Index) noexcept {
    const Index begin = task % batch_tasks * batch_slice,
                col = from + task / batch_tasks * output_slice;
    const Block block{begin, std::min(batch_slice, y.rows() - begin), col,
                      std::min(output_slice, end - col)};
    const Index skipped = std::max(Index{0}, outputs.first - col), width = block.width - skipped,
                first_read = col + skipped;
    ReadoutCount& count = counts[static_cast<std::size_t>(task)];
    if (readout.vectors) count.beyond.resize(static_cast<std::size_t>(block.vectors));
    if (readout.sizes) count.sizes.resize(CalibratedRange::bins);
    Matrix current(block.vectors, output_slice), variance, noise(1, output_slice);
    if (noisy_cells) variance.resize(block.vectors, output_slice);
    for (Index first = 0, number = 0; first < inputs; first += tile, ++number) {
      const Index lines = std::min(tile, inputs - first);
      if (readout.currents.empty()) {
        cells.packed(direction).multiply(&driven.product(begin, first), inputs, block.vectors,
                                         first, lines, col, block.width, current.data(),
                                         output_slice);
      } else {
        current.leftCols(block.width) = readout.currents[static_cast<std::size_t>(number)].block(
            begin, col, block.vectors, block.width);
      }
      if (noisy_cells) cell_variances(cells, direction, driven, block, first, lines, variance);
      for (Index b = 0; b < block.vectors; ++b) {
        auto line = current.row(b).segment(skipped, width).array();
        if (readout.floats) {
          const Matrix& gains = cells.line_gains(direction);
          let_float(line.data(), width, &cells.line_conductances(direction)(number, first_read),
                    &gains(number, first_read), readout.conductance, count);
          if (noisy_cells) {
            variance.row(b).segment(skipped, width).array() *=
                gains.row(number).segment(first_read, width).array().square();
          }
        }
        if (noisy_cells || readout.variance > 0) {
          core::fill_normal(readout.stream, readout.operation + static_cast<std::uint64_t>(number),
                            static_cast<std::uint64_t>((begin + b) * all + first_read),
                            {noise.data(), static_cast<std::size_t>(width)});
          add_noise(line, noisy_cells ? variance.row(b).data() + skipped : nullptr,
                    readout.variance, noise.data());
        }
        if (readout.convert) {
          if (readout.range != 1) line *= 1 / readout.range;
          const double clipped = readout.converters.convert(
              {.end = tiling.end(direction, number, first_read),
               .operation = readout.operation + static_cast<std::uint64_t>(number),
               .first = static_cast<std::uint64_t>((begin + b) * all + first_read)},
              line.data(), width);
          count.clipped += clipped;
          if (readout.vectors && clipped > 0) count.beyond[static_cast<std::size_t>(b)] = true;
          if (readout.sizes) add_sizes(line.data(), width, bound, count.sizes);
          if (readout.range != 1) line *= readout.range;
        }
        auto out = y.row(begin + b).segment(first_read - outputs.first, width).array();
        if (number == 0 && first_slice) {
          out = readout.scale * line;
        } else {
          out += readout.scale * line;
        }
      }
    }
  });
  ReadoutCount sum;
  if (readout.vectors) sum.beyond.resize(static_cast<std::size_t>(y.rows()));
  if (readout.sizes) sum.sizes.resize(CalibratedRange::bins);
  for (std::size_t task = 0; task < counts.size(); ++task) {
    const ReadoutCount& count = counts[task];
    const std::size_t begin =
        task % static_cast<std::size_t>(batch_tasks) * static_cast<std::size_t>(batch_slice);
    for (std::size_t b = 0; b < count.beyond.size(); ++b)
      sum.beyond[begin + b] = sum.beyond[begin + b] || count.beyond[b];
    for (std::size_t bin = 0; bin < count.sizes.size(); ++bin) sum.sizes[bin] += count.sizes[bin];
    sum.clipped += count.clipped;
    sum.kept += count.kept;
    sum.floated += count.floated;
    sum.highest_float = std::max(sum.highest_float, count.highest_float);
  }
  return sum;
}

}  // namespace ohmlab::crossbar
