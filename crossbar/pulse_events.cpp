#include "pulse_events.hpp"

#include <bit>
#include <cmath>
#include <numeric>

#include "../core/parallel.hpp"
#include "bit_matrix.hpp"

namespace ohmlab::crossbar {
namespace {

using core::Index;

constexpr Index word_bits = 64;

/// Transposes the trains of 64 lanes for one vector into one word per slot.
OHMLAB_MULTIVERSION void planes_of(const std::uint64_t* trains, Index lanes, Index slots,
                                   std::uint64_t* planes) noexcept {
  BitMatrix m;
  std::uint64_t rows[word_bits];
  for (Index i = 0; i < word_bits; ++i) rows[i] = i < lanes ? trains[i] : 0;
  __builtin_memcpy(&m, rows, sizeof m);
  transpose(m);
  __builtin_memcpy(rows, &m, sizeof m);
  for (Index s = 0; s < slots; ++s) planes[s] = rows[s];
}

}  // namespace

PulseEvents::PulseEvents(const PulseTrains& trains, const core::ConstRows& x,
                         const core::ConstRows& d)
    : rows(trains.rows),
      cols(trains.cols),
      events_on_rows(trains.row_pulses * static_cast<double>(cols) <=
                     trains.col_pulses * static_cast<double>(rows)),
      words(((events_on_rows ? cols : rows) + word_bits - 1) / word_bits),
      vectors(trains.vectors),
      slots(static_cast<Index>(trains.total_slots)),
      planes(static_cast<std::size_t>(slots * words)),
      signs(static_cast<std::size_t>(trains.vectors * words)) {
  const Index lines = events_on_rows ? rows : cols, lanes = events_on_rows ? cols : rows;
  const core::ConstRows& lane_values = events_on_rows ? d : x;
  const core::ConstRows& line_values = events_on_rows ? x : d;
  const std::uint64_t* lane_trains = (events_on_rows ? trains.col_bits : trains.row_bits).data();
  const std::uint64_t* line_trains = (events_on_rows ? trains.row_bits : trains.col_bits).data();

  std::vector<std::uint32_t> first_plane(static_cast<std::size_t>(trains.vectors) + 1);
  for (std::size_t b = 0; b + 1 < first_plane.size(); ++b) {
    first_plane[b + 1] = first_plane[b] + static_cast<std::uint32_t>(trains.slots[b]);
  }
  core::for_slices(trains.vectors, 1, static_cast<double>(4 * lanes), [&](Index b, Index) noexcept {
    const auto at = static_cast<std::size_t>(b);
    for (Index word = 0; word < words; ++word) {
      const Index begin = word * word_bits, count = std::min(word_bits, lanes - begin);
      planes_of(lane_trains + b * lanes + begin, count, trains.slots[at],
                planes.data() + word * slots + first_plane[at]);
      std::uint64_t negative = 0;
      for (Index l = 0; l < count; ++l) {
        negative |= std::uint64_t{std::signbit(lane_values(b, begin + l))} << l;
      }
      signs[static_cast<std::size_t>(word * vectors + b)] = negative;
    }
  });

  first.resize(static_cast<std::size_t>(lines) + 1);
  for (Index b = 0; b < trains.vectors; ++b) {
    for (Index l = 0; l < lines; ++l) {
      first[static_cast<std::size_t>(l) + 1] +=
          static_cast<std::size_t>(std::popcount(line_trains[b * lines + l]));
    }
  }
  std::partial_sum(first.begin(), first.end(), first.begin());
  events.resize(first.back());
  core::for_slices(lines, word_bits, static_cast<double>(4 * trains.vectors),
                   [&](Index begin, Index end) noexcept {
    for (Index l = begin; l < end; ++l) {
      Event* event = events.data() + first[static_cast<std::size_t>(l)];
      for (Index b = 0; b < trains.vectors; ++b) {
        const std::uint64_t negative =
            std::uint64_t{0} - std::uint64_t{std::signbit(line_values(b, l))};
        for (std::uint64_t bits = line_trains[b * lines + l]; bits != 0; bits &= bits - 1) {
          const auto slot = static_cast<std::uint32_t>(std::countr_zero(bits));
          *event++ = {.plane = first_plane[static_cast<std::size_t>(b)] + slot,
                      .vector = static_cast<std::uint32_t>(b),
                      .line_is_negative = negative};
        }
      }
    }
  });
}

}  // namespace ohmlab::crossbar
