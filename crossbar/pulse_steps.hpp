#pragma once

#include <algorithm>
#include <cstdint>

#include "../core/rng.hpp"
#include "../devices/columns.hpp"
#include "pulse_tile.hpp"
#include "pulsed_cells.hpp"

/// Second phase of the pulse kernel: sixteen cells at a time take the pulses of their strings side
/// by side, with the physics of the device.
// CAUTION: all functions that a kernel calls are always inlined, and no kernel contains a lambda;
// see OHMLAB_MULTIVERSION.
namespace ohmlab::crossbar::detail {

using core::F16;
using core::I16;
using core::U16;

/// The first `count` of sixteen values, the rest zero.
OHMLAB_INLINE F16 load_some(const float* from, Index count) noexcept {
  F16 values{};
  if (count >= lanes) {
    __builtin_memcpy(&values, from, sizeof values);
  } else {
    for (Index i = 0; i < count; ++i) values[i] = from[i];
  }
  return values;
}

OHMLAB_INLINE void store_some(float* to, Index count, F16 values) noexcept {
  if (count >= lanes) {
    __builtin_memcpy(to, &values, sizeof values);
  } else {
    for (Index i = 0; i < count; ++i) to[i] = values[i];
  }
}

/// Applies the strings of sixteen cells side by side.
template <class P>
OHMLAB_INLINE void step_through(const P& response, const devices::Columns<F16, P::columns>& own,
                                const std::uint64_t* strings, U16 count, std::uint32_t most,
                                const PulsedCells& cells, U16 cell, U16 first_block, F16& w,
                                F16& met) noexcept {
  const bool noisy = response.cycle_noise() > 0;
  core::Lanes<U16> low, high;
  for (int l = 0; l < lanes; ++l) low.lane[l] = static_cast<std::uint32_t>(strings[l]);
  for (int l = 0; l < lanes; ++l) high.lane[l] = static_cast<std::uint32_t>(strings[l] >> 32);
  for (std::uint32_t block = 0; 4 * block < most; ++block) {
    core::Block<F16> xi{};
    if (noisy) {
      xi = core::normals(
          core::random_block<U16>(cells.noise, cell, cells.operation, U16(first_block + block)));
    }
    U16 bits = block < 8 ? low.pack() : high.pack();
    bits >>= (4 * block) % 32;
    for (int q = 0; q < 4; ++q) {
      const U16 k = core::splat<U16>(4 * block + static_cast<std::uint32_t>(q));
      const I16 here = core::less(core::bits_as<I16>(k), core::bits_as<I16>(count));
      const I16 up = -core::bits_as<I16>(U16((bits >> q) & 1U));
      met += core::select(here, w, core::splat<F16>(0.0F));
      w = core::select(here, response.template step<F16>(own, w, up, xi[q]), w);
    }
  }
}

/// Updates apparent states, times and counters of sixteen cells after a write.
template <class P>
OHMLAB_INLINE void finish(const P& response, const PulsedCells& cells, Index first, Index count,
                          U16 cell, F16 w, U16 total) noexcept {
  const auto write_noise = static_cast<float>(response.write_noise());
  if (write_noise > 0) {
    w += write_noise * core::normals(core::random_block(cells.write, cell, cells.operation, 0U))[0];
  }
  float* apparent = cells.apparent.data() + first;
  double* written = cells.written.data() + first;
  std::uint32_t* pulses = cells.pulses.data() + first;
  if (count >= lanes) {
    const I16 pulsed = core::less(I16{}, core::bits_as<I16>(total));
    core::store(apparent, core::select(pulsed, w, core::load<F16>(apparent)));
    core::store(pulses, U16(core::load<U16>(pulses) + total));
    std::uint32_t totals[lanes];
    core::store(totals, total);
    for (int l = 0; l < lanes; ++l) written[l] = totals[l] != 0 ? cells.now : written[l];
  } else {
    for (Index l = 0; l < count; ++l) {
      if (total[l] == 0) continue;
      apparent[l] = w[l];
      written[l] = cells.now;
      pulses[l] += total[l];
    }
  }
}

/// Applies the waiting strings of one row of a tile: all pulses if `at_last`, else whole blocks of
/// pulses only.
template <class P>
OHMLAB_INLINE void work_off(const P& response, const PulsedCells& cells, const Place& place,
                            Index row, bool at_last, Tile& tile, Sums& sums) noexcept {
  for (Index col = 0; col < place.cols; col += lanes) {
    std::uint64_t* strings = tile.waiting + row * stride + col;
    std::uint32_t* counts = tile.waiting_count + row * stride + col;
    std::uint32_t* done = tile.done + row * stride + col;
    U16 count = core::load<U16>(counts);
    if (!at_last) count &= ~3U;
    std::uint32_t most = 0, any = 0;
    for (int l = 0; l < lanes; ++l) most = count[l] > most ? count[l] : most;
    for (int l = 0; l < lanes; ++l) any |= done[l];
    if (most == 0 && any == 0) continue;
    const U16 total = core::load<U16>(done) + count;
    const Index first = (place.row + row) * cells.w.cols() + place.col + col;
    const Index columns = std::min<Index>(lanes, place.cols - col);
    const U16 cell =
        core::lane_index<U16>() + (cells.first_cell + static_cast<std::uint32_t>(first));

    F16 w = load_some(cells.w.data() + first, columns), met{};
    if (most > 0) {
      devices::Columns<F16, P::columns> own;
      for (int c = 0; c < P::columns; ++c) {
        own[c] = load_some(cells.parameters[static_cast<std::size_t>(c)].data() + first, columns);
      }
      step_through(response, own, strings, count, most, cells, cell,
                   U16(core::load<U16>(done) >> 2), w, met);
      store_some(cells.w.data() + first, columns, w);
      sums.w += __builtin_convertvector(met, D16);
    }
    core::store(done, total);
    if (at_last) {
      finish(response, cells, first, columns, cell, w, total);
      sums.pulses += __builtin_convertvector(total, L16);
    } else {
      for (int l = 0; l < lanes; ++l) strings[l] >>= count[l];
      core::store(counts, U16(core::load<U16>(counts) - count));
    }
  }
}

/// Appends the coming strings of one row of a tile to the waiting ones. Waiting pulses are applied
/// first if there is no room.
template <class P>
OHMLAB_INLINE void append(const P& response, const PulsedCells& cells, const Place& place,
                          Index row, Tile& tile, Sums& sums) noexcept {
  std::uint64_t* waiting = tile.waiting + row * stride;
  std::uint32_t* count = tile.waiting_count + row * stride;
  const std::uint64_t* coming = tile.coming + row * stride;
  std::uint32_t* more = tile.coming_count + row * stride;
  const std::uint64_t settled = tile.settled[row];
  if (~settled == 0) return;
  for (Index l = 0; l < side; ++l) more[l] = (settled >> l & 1) != 0 ? 0 : more[l];
  std::uint32_t most = 0;
  for (Index l = 0; l < side; ++l) most = std::max(most, count[l] + more[l]);
  if (most > most_waiting) work_off(response, cells, place, row, false, tile, sums);
  for (Index l = 0; l < side; ++l) waiting[l] |= coming[l] << count[l];
  for (Index l = 0; l < side; ++l) count[l] += more[l];
}

}  // namespace ohmlab::crossbar::detail
