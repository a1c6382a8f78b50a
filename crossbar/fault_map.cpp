#include "ohmlab/crossbar/fault_map.hpp"

#include <concepts>
#include <type_traits>

#include "ohmlab/core/rng.hpp"

namespace ohmlab::crossbar {
namespace {

float uniform_of(const core::Stream& stream, std::uint32_t number, std::uint32_t block) {
  return core::uniform(core::random_block(stream, number, 0, block)[0]);
}

std::vector<FaultyCell> map_of(const devices::NoFaults&, const Tiling&, float, const core::Stream&,
                               std::uint32_t) {
  return {};
}

std::vector<FaultyCell> map_of(const devices::StuckFaults& faults, const Tiling& tiling, float off,
                               const core::Stream& stream, std::uint32_t first_cell) {
  constexpr std::uint32_t of_cells = 0, of_rows = 1, of_cols = 2;  // blocks
  const double all = faults.low + faults.high + faults.at, broken = 1 - faults.yield;
  std::vector<FaultyCell> out;
  for (Index i = 0; i < tiling.rows; ++i) {
    for (Index j = 0; j < tiling.cols; ++j) {
      // A tile's piece of a line has the number of the line's first cell there.
      const auto number = [&](Index row, Index col) {
        return first_cell + static_cast<std::uint32_t>(row * tiling.cols + col);
      };
      const Index tile_row = i / tiling.tile_rows * tiling.tile_rows,
                  tile_col = j / tiling.tile_cols * tiling.tile_cols;
      const Index cell = i * tiling.cols + j;
      if (static_cast<double>(uniform_of(stream, number(i, tile_col), of_rows)) < faults.open_rows ||
          static_cast<double>(uniform_of(stream, number(tile_row, j), of_cols)) < faults.open_cols) {
        out.push_back({cell, off, true});
        continue;
      }
      const auto draw = static_cast<double>(uniform_of(stream, number(i, j), of_cells));
      if (!(draw < broken)) continue;
      const double kind = draw / broken * all;
      const double state = kind < faults.low ? -1 : kind < faults.low + faults.high ? 1 : faults.state;
      out.push_back({cell, std::max(off, static_cast<float>(state))});
    }
  }
  return out;
}

}  // namespace

std::vector<FaultyCell> faulty_cells(const devices::Faults& faults, const Tiling& tiling, float off,
                                     const core::Stream& stream, std::uint32_t first_cell) {
  return faults.visit([&](const auto& entry) { return map_of(entry, tiling, off, stream, first_cell); });
}

}  // namespace ohmlab::crossbar
