#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>

#include "../core/simd.hpp"
#include "bit_matrix.hpp"
#include "pulse_events.hpp"

/// First phase of the pulse kernel: collects the pulses of each cell of a tile of 64 × 64 cells as
/// a string of signs in their order, or counts them.
// CAUTION: all functions that a kernel calls are always inlined, and no kernel contains a lambda;
// see OHMLAB_MULTIVERSION.
namespace ohmlab::crossbar::detail {

using core::Index;

inline constexpr Index side = 64;        // rows and columns of a tile
inline constexpr Index stride = 64 + 8;  // words from row to row; spreads columns over cache sets
inline constexpr int lanes = 16;
inline constexpr std::size_t chunk = 60;  // events collected at a time
inline constexpr std::uint32_t most_waiting =
    63;  // pulses in a string: three left of a block and a chunk

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

/// The pulses that a plane of cells takes, as words of equal bits.
struct Taken {
  std::uint64_t flip;  ///< ones if a positive value moves up
  std::uint64_t down;  ///< ones if it takes downward pulses
};

OHMLAB_INLINE Chunk collect(const PulseEvents& in, std::size_t begin, std::size_t count, Index word,
                            const Taken& taken) noexcept {
  alignas(64) std::uint64_t hit[side] = {}, up[side] = {};
  const std::uint64_t* planes = in.planes.data() + word * in.slots;
  const std::uint64_t* signs = in.signs.data() + word * in.vectors;
  for (std::size_t k = 0; k < count; ++k) {
    const PulseEvents::Event& event = in.events[begin + k];
    std::uint64_t word_of_plane = planes[event.plane];
    // HACK: prevents g++ from gathering eight events, which takes longer.
    asm("" : "+r"(word_of_plane));
    up[k] = signs[event.vector] ^ event.line_is_negative ^ taken.flip;
    hit[k] = word_of_plane & (up[k] | taken.down);
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
                                std::size_t number, const Taken& taken, Tile& tile) noexcept {
  alignas(64) std::uint64_t strings[side], counts[side];
  for (Index l = 0; l < layout.lines; ++l) {
    if (is_settled(in, place, tile, l)) continue;
    const Events events = events_of(in, layout.first_line + l, number);
    const Chunk pulses = collect(in, events.begin, events.count, layout.word, taken);
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

/// Counters of 64 lanes, bit by bit: bit l of `digits[b]` is bit b of the counter of lane l.
/// Carries are saved: eight words are added by seven full adders before a carry goes on (Harley and
/// Seal; see H. S. Warren, "Hacker's Delight", 2nd ed. (2012), 5-1).
struct BitCounters {
  std::uint64_t digits[32] = {};
  int used;  ///< digits that may be other than zero, at least 3

  /// a and b and c = a' + 2 carry; a' replaces a.
  OHMLAB_INLINE static std::uint64_t carry_of(std::uint64_t& a, std::uint64_t b,
                                              std::uint64_t c) noexcept {
    const std::uint64_t sum = a ^ b;
    const std::uint64_t carry = (a & b) | (sum & c);
    a = sum ^ c;
    return carry;
  }
  /// Adds 1 to the lanes of each of eight words.
  OHMLAB_INLINE void add(const std::uint64_t (&hits)[8]) noexcept {
    const std::uint64_t two_1 = carry_of(digits[0], hits[0], hits[1]);
    const std::uint64_t two_2 = carry_of(digits[0], hits[2], hits[3]);
    const std::uint64_t four_1 = carry_of(digits[1], two_1, two_2);
    const std::uint64_t two_3 = carry_of(digits[0], hits[4], hits[5]);
    const std::uint64_t two_4 = carry_of(digits[0], hits[6], hits[7]);
    const std::uint64_t four_2 = carry_of(digits[1], two_3, two_4);
    std::uint64_t carry = carry_of(digits[2], four_1, four_2);
    for (int b = 3; b < used; ++b) {
      const std::uint64_t both = digits[b] & carry;
      digits[b] ^= carry;
      carry = both;
    }
  }
  OHMLAB_INLINE void store_to(std::uint32_t* counts, Index step) const noexcept {
    for (Index l = 0; l < side; l += lanes) {
      core::U16 sum{};
      for (int b = 0; b < used; ++b) {
        const core::U16 word = core::splat<core::U16>(static_cast<std::uint32_t>(digits[b] >> l));
        sum |= (word >> core::lane_index<core::U16>() & 1U) << b;
      }
      if (step == 1) {
        core::store(counts + l, sum);
      } else {
        for (int i = 0; i < lanes; ++i) counts[(l + i) * step] = sum[i];
      }
    }
  }
};

/// Adds up to eight events of a line to the counters of its lanes.
OHMLAB_INLINE void count_events(const PulseEvents& in, const PulseEvents::Event* events,
                                std::size_t count, Index word, const Taken& taken, BitCounters& up,
                                BitCounters& down) noexcept {
  const std::uint64_t* planes = in.planes.data() + word * in.slots;
  const std::uint64_t* signs = in.signs.data() + word * in.vectors;
  std::uint64_t ups[8] = {}, downs[8] = {};
  for (std::size_t k = 0; k < count; ++k) {
    const std::uint64_t hit = planes[events[k].plane];
    const std::uint64_t is_up = signs[events[k].vector] ^ events[k].line_is_negative ^ taken.flip;
    ups[k] = hit & is_up;
    downs[k] = hit & ~is_up & taken.down;
  }
  up.add(ups);
  down.add(downs);
}

/// Counts the pulses of all cells of a tile.
OHMLAB_INLINE void count_tile(const PulseEvents& in, const Layout& layout, const Taken& taken,
                              Moves& moves) noexcept {
  for (Index l = 0; l < layout.lines; ++l) {
    const auto line = static_cast<std::size_t>(layout.first_line + l);
    const PulseEvents::Event* event = in.events.data() + in.first[line];
    std::size_t left = in.first[line + 1] - in.first[line];
    int used = 3;
    while (left >> used != 0) ++used;
    BitCounters up{.used = used}, down{.used = used};
    for (; left >= 8; left -= 8, event += 8)
      count_events(in, event, 8, layout.word, taken, up, down);
    count_events(in, event, left, layout.word, taken, up, down);
    up.store_to(moves.up + l * layout.line_step, layout.lane_step);
    down.store_to(moves.down + l * layout.line_step, layout.lane_step);
  }
}

}  // namespace ohmlab::crossbar::detail
