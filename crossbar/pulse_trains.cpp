#include "pulse_trains.hpp"

#include <algorithm>
#include <bit>
#include <cmath>

#include "../core/parallel.hpp"

namespace ohmlab::crossbar {
namespace {

using core::I16;
using core::Index;
using core::U16;

constexpr std::uint32_t blocks_per_vector = 16;  // 64 slots of one word each, four words a block
constexpr Index lanes = 16;

enum class Side { rows, cols };

/// Lines of one side of a vector, and the masks to make for them. A slot of a line is on with
/// probability gain · |value|.
struct Lines {
  const float* values;
  std::uint64_t* masks;
  Index count;
  double gain;
  Index slots;
  Side side;
  std::uint32_t vector;  ///< number of the vector
};

/// Makes the masks of up to sixteen lines, of which the first has number `line`: a slot is on if
/// its word is below the probability's share of 2^32.
OHMLAB_INLINE void draw_lines(const Lines& lines, std::uint32_t line, const core::Stream& stream,
                              std::uint64_t operation) noexcept {
  const Index count = lines.count, slots = lines.slots;
  const std::uint64_t all = slots == 64 ? ~std::uint64_t{0} : (std::uint64_t{1} << slots) - 1;
  core::Lanes<U16> threshold{};
  std::uint64_t certain[lanes] = {};
  bool any = false;
  for (Index l = 0; l < count; ++l) {
    const double of_words =
        lines.gain * static_cast<double>(__builtin_fabsf(lines.values[l])) * 0x1p32;
    certain[l] = of_words > 0xffffffffp0 ? all : 0;
    threshold.lane[l] =
        of_words > 0 && certain[l] == 0 ? static_cast<std::uint32_t>(__builtin_ceil(of_words)) : 0;
    any = any || threshold.lane[l] != 0;
  }
  U16 low{}, high{};
  for (Index s = 0; any && s < slots; s += 4) {
    const std::uint32_t block =
        lines.vector * blocks_per_vector + static_cast<std::uint32_t>(s / 4);
    const auto words = core::random_block<U16>(stream, core::lane_index<U16>() + line, operation,
                                               core::splat<U16>(block));
    for (int k = 0; k < 4; ++k) {
      const U16 on = core::bits_as<U16>(core::less(words[k], threshold.pack()));
      const U16 slot = core::splat<U16>(std::uint32_t{1} << ((s + k) % 32));
      if (s < 32) {
        low |= on & slot;
      } else {
        high |= on & slot;
      }
    }
  }
  for (Index l = 0; l < count; ++l) {
    lines.masks[l] = ((std::uint64_t{high[l]} << 32 | low[l]) & all) | certain[l];
  }
}

/// The same for any number of lines. Returns the number of slots that are on.
OHMLAB_MULTIVERSION double draw_side(const Lines& lines, std::uint32_t first_line,
                                     const core::Stream& stream, std::uint64_t operation) noexcept {
  for (Index l = 0; l < lines.count; l += lanes) {
    Lines some = lines;
    some.values += l;
    some.masks += l;
    some.count = std::min(lanes, lines.count - l);
    draw_lines(some, first_line + static_cast<std::uint32_t>(l), stream, operation);
  }
  std::int64_t pulses = 0;
  for (Index l = 0; l < lines.count; ++l) pulses += __builtin_popcountll(lines.masks[l]);
  return static_cast<double>(pulses);
}

template <class Row>
double size_of(const Row& values) {
  return values.template cast<double>().cwiseAbs().sum();
}

/// Σ min(1, gain |value|): mean number of lines that are on in a slot.
template <class Row>
double sum_of_probabilities(const Row& values, double gain) {
  return (gain * values.template cast<double>().array().abs()).min(1.0).sum();
}

/// Draws all trains. draw(lines) makes those of one side of one vector and returns the number of
/// slots that are on.
template <class Draw>
PulseTrains trains_of(const Outer& update, const PulseTrainLength& length, const Draw& draw) {
  const auto& [x, d, rate, dw_min] = update;
  PulseTrains out;
  out.vectors = x.rows();
  out.rows = x.cols();
  out.cols = d.cols();
  out.row_bits.resize(static_cast<std::size_t>(out.vectors * out.rows));
  out.col_bits.resize(static_cast<std::size_t>(out.vectors * out.cols));
  out.slots.resize(static_cast<std::size_t>(out.vectors));
  std::vector<double> row_counts(out.slots.size()), col_counts(out.slots.size()),
      asked(out.slots.size()), obtained(out.slots.size());

  core::for_slices(out.vectors, 1, static_cast<double>(8 * (out.rows + out.cols)),
                   [&](Index b, Index) noexcept {
    const double x_max = static_cast<double>(x.row(b).cwiseAbs().maxCoeff());
    const double d_max = static_cast<double>(d.row(b).cwiseAbs().maxCoeff());
    const double steps = std::abs(rate) * x_max * d_max / dw_min;
    if (!(steps > 0)) return;
    // Clamped before the conversion: the steps may exceed any integer.
    const auto longest = static_cast<double>(length.desired_bl);
    const std::int64_t slots =
        length.bl_management ? static_cast<std::int64_t>(std::ceil(std::clamp(steps, 1.0, longest)))
                             : length.desired_bl;
    const double gain = std::sqrt(std::abs(rate) / (dw_min * static_cast<double>(slots)));
    const double balance = length.update_management ? std::sqrt(d_max / x_max) : 1;
    const auto at = static_cast<std::size_t>(b);
    const auto vector = static_cast<std::uint32_t>(b);
    out.slots[at] = slots;
    row_counts[at] = draw(Lines{x.row(b).data(), out.row_bits.data() + b * out.rows, out.rows,
                                gain * balance, slots, Side::rows, vector});
    col_counts[at] = draw(Lines{d.row(b).data(), out.col_bits.data() + b * out.cols, out.cols,
                                gain / balance, slots, Side::cols, vector});
    asked[at] = std::abs(rate) / dw_min * size_of(x.row(b)) * size_of(d.row(b));
    const bool is_cut = gain * balance * x_max > 1 || gain / balance * d_max > 1;
    obtained[at] = is_cut ? static_cast<double>(slots) *
                                sum_of_probabilities(x.row(b), gain * balance) *
                                sum_of_probabilities(d.row(b), gain / balance)
                          : asked[at];
  });
  for (std::size_t b = 0; b < out.slots.size(); ++b) {
    out.total_slots += static_cast<double>(out.slots[b]);
    out.row_pulses += row_counts[b];
    out.col_pulses += col_counts[b];
    out.asked += asked[b];
    out.obtained += obtained[b];
  }
  return out;
}

/// The points of one vector, as shares of 2^32, on one side of the square.
struct Points {
  std::uint32_t shift, slots;

  [[nodiscard]] std::uint32_t at(std::uint32_t slot, Side side) const noexcept {
    if (side == Side::rows)  // middle of the slot's part of the range
      return static_cast<std::uint32_t>((std::uint64_t{2 * slot + 1} << 31U) / slots) + shift;
    std::uint32_t reversed = 0;
    for (int bit = 0; bit < 32; ++bit) reversed |= (slot >> bit & 1U) << (31 - bit);
    return reversed + shift;
  }
};

/// Returns the number of slots that are on.
/// \param apart  shift of the points of a line from those of the line before
double mark_side(const Lines& lines, Points points, std::uint32_t apart) noexcept {
  std::int64_t pulses = 0;
  for (Index l = 0; l < lines.count; ++l, points.shift += apart) {
    const double share = lines.gain * static_cast<double>(std::abs(lines.values[l])) * 0x1p32;
    std::uint64_t mask = 0;
    for (std::uint32_t slot = 0; slot < points.slots; ++slot) {
      if (static_cast<double>(points.at(slot, lines.side)) < share)
        mask |= std::uint64_t{1} << slot;
    }
    lines.masks[l] = mask;
    pulses += std::popcount(mask);
  }
  return static_cast<double>(pulses);
}

}  // namespace

PulseTrains draw_trains(const Outer& update, const StochasticPulser& pulser,
                        const core::Stream& stream, std::uint64_t operation) {
  const auto first_col = static_cast<std::uint32_t>(update.x.cols());
  return trains_of(update, pulser, [&](const Lines& lines) noexcept {
    return draw_side(lines, lines.side == Side::rows ? 0 : first_col, stream, operation);
  });
}

PulseTrains draw_trains(const Outer& update, const DeterministicPulser& pulser, const core::Stream&,
                        std::uint64_t operation) {
  // 2^32 over the plastic number 1.3247 and over its square, odd: Roberts, "The unreasonable
  // effectiveness of quasirandom sequences" (2018).
  constexpr std::uint32_t row_step = 0xc13fa9a9U, col_step = 0x91e10da5U;
  // 2^32 over the golden ratio, and the fraction of the square root of two.
  constexpr std::uint32_t rows_apart = 0x9e3779b9U, cols_apart = 0x6a09e667U;
  return trains_of(update, pulser, [&](const Lines& lines) noexcept {
    const auto t = static_cast<std::uint32_t>(operation + lines.vector);
    const bool rows = lines.side == Side::rows;
    const Points points{t * (rows ? row_step : col_step), static_cast<std::uint32_t>(lines.slots)};
    return mark_side(lines, points, rows ? rows_apart : cols_apart);
  });
}

}  // namespace ohmlab::crossbar
