#include "pulse_kernel.hpp"

#include <algorithm>
#include <vector>

#include "../core/parallel.hpp"
#include "pulse_steps.hpp"
#include "pulse_tile.hpp"
#include "pulse_walk.hpp"

namespace ohmlab::crossbar {
namespace detail {
namespace {

template <class P>
OHMLAB_MULTIVERSION void pulse_tile(const P& response, const PulseEvents& in,
                                    const PulsedCells& cells, const Place& place, bool aggregate,
                                    Tile& tile, PulseCount& count) noexcept {
  Sums sums;
  __builtin_memset(static_cast<void*>(&tile), 0, sizeof tile);
  const Layout layout = layout_of(in, place);
  constexpr std::uint64_t all = ~std::uint64_t{0};
  const Taken taken{cells.way.direction > 0 ? all : 0, cells.way.upward_only ? 0 : all};
  if constexpr (Walker<P>) {
    if (aggregate) {
      Moves moves{};
      count_tile(in, layout, taken, moves);
      for (Index row = 0; row < place.rows; ++row) {
        tile.settled[row] = place.cols < side ? ~std::uint64_t{0} << place.cols : 0;
        walk_row(response, cells, place, row, moves, tile, sums);
      }
    }
  }
  for (std::size_t number = 0; number < layout.chunks; ++number) {
    collect_tile(in, place, layout, number, taken, tile);
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
}  // namespace detail

PulseCount pulse_cells(const devices::Pulse& response, const PulseEvents& events,
                       const PulsedCells& cells, bool aggregate) {
  using core::Index;
  constexpr Index side = detail::side;
  const Index tiles_across = (events.cols + side - 1) / side;
  const Index tiles = (events.rows + side - 1) / side * tiles_across;
  std::vector<PulseCount> counts(static_cast<std::size_t>(tiles));
  response.visit([&](const auto& r) {
    const double work = static_cast<double>(events.events.size()) * side;
    core::for_slices(tiles, 1, work / static_cast<double>(tiles) + side * side,
                     [&](Index t, Index) noexcept {
      const Index row = t / tiles_across * side, col = t % tiles_across * side;
      const detail::Place place{row, col, std::min(side, events.rows - row),
                                std::min(side, events.cols - col)};
      if (detail::layout_of(events, place).chunks == 0) return;
      detail::Tile tile;
      detail::pulse_tile(r, events, cells, place, aggregate, tile,
                         counts[static_cast<std::size_t>(t)]);
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
