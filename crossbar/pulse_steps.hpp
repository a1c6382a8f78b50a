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

/// Packs of sixteen cells that step side by side. A step waits for the one before it, so that one
/// pack alone leaves a processor idle; two need the 32 registers of AVX-512.
#ifdef __AVX512F__
inline constexpr int packs = 2;
#else
inline constexpr int packs = 1;
#endif

/// Normals of pulses, [pack][pulse][lane].
struct PulseNormals {
  alignas(64) float xi[packs][(most_waiting + 1) * lanes];
};

/// Draws the normals of the pulses of a pack, in a loop of its own whose turns do not wait for each
/// other.
OHMLAB_INLINE void draw_normals(const PulsedCells& cells, U16 cell, U16 first_block,
                                std::uint32_t most, float* out) noexcept {
  for (std::uint32_t block = 0; 4 * block < most; ++block) {
    const auto xi = core::normals(
        core::random_block<U16>(cells.noise, cell, cells.operation, U16(first_block + block)));
    for (std::uint32_t q = 0; q < 4; ++q) core::store(out + (4 * block + q) * lanes, xi[q]);
  }
}

/// Sixteen cells and the pulses that they take.
template <class P>
struct SteppedPack {
  devices::Columns<F16, P::columns> own;
  F16 w{}, met{};
  U16 low{}, high{};  ///< strings of the cells, bit by bit
  I16 left{};         ///< pulses to come
  U16 count{};        ///< pulses that it takes
  Index at = 0;       ///< place of its first cell in the tile
  Index first = 0;    ///< and in the plane
  Index columns = 0;  ///< number of its cells; at most 0 beyond the tile
};

/// Numbers of sixteen cells from the place of the first in its plane.
OHMLAB_INLINE U16 cells_of(const PulsedCells& cells, Index first) noexcept {
  return core::lane_index<U16>() + (cells.first_cell + static_cast<std::uint32_t>(first));
}

/// Loads the parameters of the cells of a pack and the strings of their pulses.
template <class P>
OHMLAB_INLINE void load_pulses(const PulsedCells& cells, const Tile& tile,
                               SteppedPack<P>& pack) noexcept {
  for (int c = 0; c < P::columns; ++c) {
    const core::Matrix& column = cells.parameters[static_cast<std::size_t>(c)];
    pack.own[c] = load_some(column.data() + pack.first, pack.columns);
  }
  const std::uint64_t* strings = tile.waiting + pack.at;
  core::Lanes<U16> low, high;
  for (int l = 0; l < lanes; ++l) low.lane[l] = static_cast<std::uint32_t>(strings[l]);
  for (int l = 0; l < lanes; ++l) high.lane[l] = static_cast<std::uint32_t>(strings[l] >> 32);
  pack.low = low.pack();
  pack.high = high.pack();
  pack.left = core::bits_as<I16>(pack.count);
}

/// Applies the strings of all packs, one pulse of each cell after the other.
template <class P>
OHMLAB_INLINE void step_through(const P& response, std::uint32_t most, const PulseNormals& normals,
                                SteppedPack<P> (&all)[packs]) noexcept {
  for (std::uint32_t k = 0; k < most; ++k) {
    for (int p = 0; p < packs; ++p) {
      SteppedPack<P>& pack = all[p];
      if (k == 32) pack.low = pack.high;
      const I16 here = core::less(I16{}, pack.left);
      const I16 up = core::bits_as<I16>(U16(pack.low << 31)) >> 31;
      pack.low >>= 1;
      pack.left -= 1;
      pack.met += core::bits_as<F16>(core::bits_as<I16>(pack.w) & here);
      const F16 xi = core::load<F16>(normals.xi[p] + k * lanes);
      pack.w = core::select(here, response.template step<F16>(pack.own, pack.w, up, xi), pack.w);
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
  std::uint32_t* written = cells.written.data() + first;
  std::uint32_t* pulses = cells.pulses.data() + first;
  if (count >= lanes) {
    const I16 pulsed = core::less(I16{}, core::bits_as<I16>(total));
    core::store(apparent, core::select(pulsed, w, core::load<F16>(apparent)));
    core::store(pulses, U16(core::load<U16>(pulses) + total));
    core::store(written, core::select(pulsed, core::splat<U16>(cells.write_place),
                                      core::load<U16>(written)));
  } else {
    for (Index l = 0; l < count; ++l) {
      if (total[l] == 0) continue;
      apparent[l] = w[l];
      written[l] = cells.write_place;
      pulses[l] += total[l];
    }
  }
}

/// Applies the waiting strings of one row of a tile: all pulses if `at_last`, else whole blocks of
/// pulses only.
template <class P>
OHMLAB_INLINE void work_off(const P& response, const PulsedCells& cells, const Place& place,
                            Index row, bool at_last, Tile& tile, Sums& sums) noexcept {
  const bool noisy = response.cycle_noise() > 0;
  PulseNormals normals;
  if (!noisy) __builtin_memset(&normals, 0, sizeof normals);
  for (Index begin = 0; begin < place.cols; begin += packs * lanes) {
    SteppedPack<P> all[packs];
    std::uint32_t longest = 0, any = 0;
    for (int p = 0; p < packs; ++p) {
      SteppedPack<P>& pack = all[p];
      const Index col = begin + p * lanes;
      pack.columns = std::min<Index>(lanes, place.cols - col);
      if (pack.columns <= 0) break;
      pack.at = row * stride + col;
      pack.first = (place.row + row) * cells.w.cols() + place.col + col;
      pack.count = core::load<U16>(tile.waiting_count + pack.at);
      if (!at_last) pack.count &= ~3U;
      std::uint32_t most = 0;
      for (int l = 0; l < lanes; ++l) most = pack.count[l] > most ? pack.count[l] : most;
      for (int l = 0; l < lanes; ++l) any |= tile.done[pack.at + l];
      pack.w = load_some(cells.w.data() + pack.first, pack.columns);
      if (most == 0) continue;
      longest = most > longest ? most : longest;
      load_pulses(cells, tile, pack);
      if (noisy) {
        draw_normals(cells, cells_of(cells, pack.first),
                     U16(core::load<U16>(tile.done + pack.at) >> 2), most, normals.xi[p]);
      }
    }
    if (longest == 0 && any == 0) continue;
    step_through(response, longest, normals, all);
    for (SteppedPack<P>& pack : all) {
      if (pack.columns <= 0) break;
      const U16 total = core::load<U16>(tile.done + pack.at) + pack.count;
      store_some(cells.w.data() + pack.first, pack.columns, pack.w);
      sums.w += __builtin_convertvector(pack.met, D16);
      core::store(tile.done + pack.at, total);
      if (at_last) {
        finish(response, cells, pack.first, pack.columns, cells_of(cells, pack.first), pack.w,
               total);
        sums.pulses += __builtin_convertvector(total, L16);
      } else {
        std::uint32_t* counts = tile.waiting_count + pack.at;
        for (int l = 0; l < lanes; ++l) tile.waiting[pack.at + l] >>= pack.count[l];
        core::store(counts, U16(core::load<U16>(counts) - pack.count));
      }
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
