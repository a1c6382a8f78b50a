#include "pulse_kernel.hpp"

#include <algorithm>
#include <concepts>

#include "../core/parallel.hpp"
#include "../core/rng.hpp"
#include "bit_matrix.hpp"

// CAUTION: all functions that a kernel calls are always inlined, and no kernel contains a lambda;
// see OHMLAB_MULTIVERSION.
namespace ohmlab::crossbar {
namespace {

using core::F16;
using core::I16;
using core::Index;
using core::U16;

constexpr Index side = 64;        // rows and columns of a tile
constexpr Index stride = 64 + 8;  // words from row to row; spreads columns over cache sets
constexpr int lanes = 16;
constexpr std::size_t chunk = 60;           // events collected at a time
constexpr std::uint32_t most_waiting = 63;  // pulses in a string: three left of a block and a chunk

/// Pulses that wait for the cells of a tile, row by row. Bit k of a string is 1 if its pulse k is
/// upward.
struct Tile {
  alignas(64) std::uint64_t waiting[side * stride], coming[side * stride];
  alignas(64) std::uint32_t waiting_count[side * stride], coming_count[side * stride];
  alignas(64) std::uint32_t done[side * stride];  ///< pulses of a cell applied in this operation
  std::uint64_t settled[side];                    ///< bits of cells that get no single pulses
};

/// Numbers of pulses that move the cells of a tile up and down.
struct Moves {
  alignas(64) std::uint32_t up[side * stride], down[side * stride];
};

struct Place {
  Index row, col, rows, cols;  ///< first cell of the tile; numbers of rows and columns
};

using D16 = double __attribute__((vector_size(128)));
using L16 = std::uint64_t __attribute__((vector_size(128)));

/// Sums over a tile, in sixteen lanes.
struct Sums {
  D16 w{};
  L16 pulses{};
};

/// A chunk of the events of one line for each of 64 lanes. Bit k of `hits` is 1 if event k hits the
/// lane; bit k of `ups` is 1 if it is upward.
struct Chunk {
  BitMatrix hits, ups;
};

OHMLAB_INLINE Chunk collect(const PulseEvents& in, std::size_t begin, std::size_t count, Index word,
                            std::uint64_t flip) noexcept {
  alignas(64) std::uint64_t hit[side] = {}, up[side] = {};
  const std::uint64_t* planes = in.planes.data() + word * in.slots;
  const std::uint64_t* signs = in.signs.data() + word * in.vectors;
  for (std::size_t k = 0; k < count; ++k) {
    const PulseEvents::Event& event = in.events[begin + k];
    std::uint64_t word_of_plane = planes[event.plane];
    // HACK: prevents g++ from gathering eight events, which takes longer.
    asm("" : "+r"(word_of_plane));
    hit[k] = word_of_plane;
    up[k] = signs[event.vector] ^ event.line_is_negative ^ flip;
  }
  Chunk out;
  __builtin_memcpy(&out.hits, hit, sizeof out.hits);
  __builtin_memcpy(&out.ups, up, sizeof out.ups);
  transpose(out.hits);
  transpose(out.ups);
  return out;
}

/// The events of a line that belong to its chunk `number`.
struct Events {
  std::size_t begin, count;
};
OHMLAB_INLINE Events events_of(const PulseEvents& in, Index line, std::size_t number) noexcept {
  const std::size_t end = in.first[static_cast<std::size_t>(line) + 1];
  const std::size_t begin =
      std::min(in.first[static_cast<std::size_t>(line)] + number * chunk, end);
  return {begin, std::min(chunk, end - begin)};
}

/// The lines of a tile that have events, and the places of their 64 lanes' results in the tile.
struct Layout {
  Index first_line, lines, word, line_step, lane_step;
  std::size_t chunks;
};

OHMLAB_INLINE Layout layout_of(const PulseEvents& in, const Place& place) noexcept {
  const bool by_rows = in.events_on_rows;
  Layout out{by_rows ? place.row : place.col,
             by_rows ? place.rows : place.cols,
             (by_rows ? place.col : place.row) / side,
             by_rows ? stride : 1,
             by_rows ? 1 : stride,
             0};
  std::size_t most = 0;
  for (Index l = out.first_line; l < out.first_line + out.lines; ++l) {
    most = std::max(
        most, in.first[static_cast<std::size_t>(l) + 1] - in.first[static_cast<std::size_t>(l)]);
  }
  out.chunks = (most + chunk - 1) / chunk;
  return out;
}

/// True if every cell of line `l` of a tile is settled.
OHMLAB_INLINE bool is_settled(const PulseEvents& in, const Place& place, const Tile& tile,
                              Index l) noexcept {
  if (in.events_on_rows) return ~tile.settled[l] == 0;
  std::uint64_t all = ~std::uint64_t{0};
  for (Index row = 0; row < place.rows; ++row) all &= tile.settled[row];
  return (all >> l & 1) != 0;
}

/// Writes chunk `number` of the events of every line into the coming strings of a tile.
OHMLAB_INLINE void collect_tile(const PulseEvents& in, const Place& place, const Layout& layout,
                                std::size_t number, std::uint64_t flip, Tile& tile) noexcept {
  alignas(64) std::uint64_t strings[side], counts[side];
  for (Index l = 0; l < layout.lines; ++l) {
    if (is_settled(in, place, tile, l)) continue;
    const Events events = events_of(in, layout.first_line + l, number);
    const Chunk pulses = collect(in, events.begin, events.count, layout.word, flip);
    for (std::size_t v = 0; v < 8; ++v) {
      const Words8 string = compress(pulses.ups.rows[v], pulses.hits.rows[v]);
      const Words8 count = bit_count(pulses.hits.rows[v]);
      __builtin_memcpy(strings + 8 * v, &string, sizeof string);
      __builtin_memcpy(counts + 8 * v, &count, sizeof count);
    }
    for (Index i = 0; i < side; ++i) {
      const Index to = l * layout.line_step + i * layout.lane_step;
      tile.coming[to] = strings[i];
      tile.coming_count[to] = static_cast<std::uint32_t>(counts[i]);
    }
  }
}

/// Counts the pulses of all cells of a tile.
OHMLAB_INLINE void count_tile(const PulseEvents& in, const Layout& layout, std::uint64_t flip,
                              Moves& moves) noexcept {
  alignas(64) std::uint64_t ups[side], downs[side];
  for (Index l = 0; l < layout.lines; ++l) {
    Words8 up[8] = {}, down[8] = {};
    for (std::size_t number = 0; number < layout.chunks; ++number) {
      const Events events = events_of(in, layout.first_line + l, number);
      if (events.count == 0) break;
      const Chunk pulses = collect(in, events.begin, events.count, layout.word, flip);
      for (int v = 0; v < 8; ++v) {
        up[v] += bit_count(pulses.hits.rows[v] & pulses.ups.rows[v]);
        down[v] += bit_count(pulses.hits.rows[v] & ~pulses.ups.rows[v]);
      }
    }
    __builtin_memcpy(ups, up, sizeof ups);
    __builtin_memcpy(downs, down, sizeof downs);
    for (Index i = 0; i < side; ++i) {
      const Index to = l * layout.line_step + i * layout.lane_step;
      moves.up[to] = static_cast<std::uint32_t>(ups[i]);
      moves.down[to] = static_cast<std::uint32_t>(downs[i]);
    }
  }
}

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

template <class P>
OHMLAB_MULTIVERSION void pulse_tile(const P& response, const PulseEvents& in,
                                    const PulsedCells& cells, const Place& place, bool aggregate,
                                    Tile& tile, PulseCount& count) noexcept {
  Sums sums;
  __builtin_memset(static_cast<void*>(&tile), 0, sizeof tile);
  const Layout layout = layout_of(in, place);
  const std::uint64_t flip = cells.direction > 0 ? ~std::uint64_t{0} : 0;
  if constexpr (Walker<P>) {
    if (aggregate) {
      Moves moves{};
      count_tile(in, layout, flip, moves);
      for (Index row = 0; row < place.rows; ++row) {
        tile.settled[row] = place.cols < side ? ~std::uint64_t{0} << place.cols : 0;
        walk_row(response, cells, place, row, moves, tile, sums);
      }
    }
  }
  for (std::size_t number = 0; number < layout.chunks; ++number) {
    collect_tile(in, place, layout, number, flip, tile);
    for (Index row = 0; row < place.rows; ++row) append(response, cells, place, row, tile, sums);
  }
  for (Index row = 0; row < place.rows; ++row) {
    if (~tile.settled[row] != 0) work_off(response, cells, place, row, true, tile, sums);
  }
  for (int l = 0; l < lanes; ++l) {
    count.coincidences += static_cast<double>(sums.pulses[l]);
    count.w_sum += sums.w[l];
  }
}

}  // namespace

PulseCount pulse_cells(const devices::Pulse& response, const PulseEvents& events,
                       const PulsedCells& cells, bool aggregate) {
  const Index tiles_across = (events.cols + side - 1) / side;
  const Index tiles = (events.rows + side - 1) / side * tiles_across;
  std::vector<PulseCount> counts(static_cast<std::size_t>(tiles));
  response.visit([&](const auto& r) {
    const double work = static_cast<double>(events.events.size()) * side;
    core::for_slices(tiles, 1, work / static_cast<double>(tiles) + side * side,
                     [&](Index t, Index) noexcept {
      const Index row = t / tiles_across * side, col = t % tiles_across * side;
      const Place place{row, col, std::min(side, events.rows - row),
                        std::min(side, events.cols - col)};
      if (layout_of(events, place).chunks == 0) return;
      Tile tile;
      pulse_tile(r, events, cells, place, aggregate, tile, counts[static_cast<std::size_t>(t)]);
    });
  });
  PulseCount total;
  for (const PulseCount& count : counts) {
    total.coincidences += count.coincidences;
    total.w_sum += count.w_sum;
  }
  return total;
}

}  // namespace ohmlab::crossbar
