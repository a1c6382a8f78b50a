#pragma once

#include <algorithm>
#include <concepts>
#include <cstdint>

#include "pulse_steps.hpp"

/// Aggregated pulses: cells that cannot meet a bound take all their pulses at once.
// CAUTION: all functions that a kernel calls are always inlined, and no kernel contains a lambda;
// see OHMLAB_MULTIVERSION.
namespace ohmlab::crossbar::detail {

/// A response whose pulses can be applied together.
template <class P>
concept Walker = requires(const P& p, const devices::Columns<F16, P::columns>& cell, F16 x) {
  { p.template walk<F16>(cell, x, x, x, x) } -> std::same_as<F16>;
  { p.template walks_freely<F16>(cell, x, x, x) } -> std::same_as<I16>;
};

/// Moves the cells of one row of a tile that walk freely, and marks cells without more pulses as
/// settled.
template <Walker P>
OHMLAB_INLINE void walk_row(const P& response, const PulsedCells& cells, const Place& place,
                            Index row, const Moves& moves, Tile& tile, Sums& sums) noexcept {
  alignas(64) float noise[side] = {};
  const Index start = (place.row + row) * cells.w.cols() + place.col;
  const std::uint32_t first_cell = cells.first_cell + static_cast<std::uint32_t>(start);
  if (response.cycle_noise() > 0) {
    core::fill_normal(cells.noise_sum, cells.operation, first_cell,
                      {noise, static_cast<std::size_t>(place.cols)});
  }
  for (Index col = 0; col < place.cols; col += lanes) {
    const U16 up = core::load<U16>(moves.up + row * stride + col);
    const U16 down = core::load<U16>(moves.down + row * stride + col);
    const Index first = start + col, columns = std::min<Index>(lanes, place.cols - col);
    devices::Columns<F16, P::columns> own;
    for (int c = 0; c < P::columns; ++c) {
      own[c] = load_some(cells.parameters[static_cast<std::size_t>(c)].data() + first, columns);
    }
    const F16 w = load_some(cells.w.data() + first, columns);
    const F16 ups = core::to_float(core::bits_as<I16>(up)),
              downs = core::to_float(core::bits_as<I16>(down));
    const I16 free = response.template walks_freely<F16>(own, w, ups, downs);
    const F16 walked =
        response.template walk<F16>(own, w, ups, downs, core::load<F16>(noise + col));
    const F16 after = core::select(free, walked, w);
    store_some(cells.w.data() + first, columns, after);
    const U16 total = (up + down) & core::bits_as<U16>(free);
    const F16 met = (w + after) * 0.5F * core::to_float(core::bits_as<I16>(total));
    sums.w += __builtin_convertvector(core::select(free, met, F16{}), D16);
    sums.pulses += __builtin_convertvector(total, L16);
    const U16 cell = core::lane_index<U16>() + (first_cell + static_cast<std::uint32_t>(col));
    finish(response, cells, first, columns, cell, after, total);
    std::uint32_t waits[lanes];
    core::store(waits, U16((up + down) & ~core::bits_as<U16>(free)));
    for (int l = 0; l < lanes; ++l) {
      tile.settled[row] |= std::uint64_t{waits[l] == 0} << (col + l);
    }
  }
}

}  // namespace ohmlab::crossbar::detail
