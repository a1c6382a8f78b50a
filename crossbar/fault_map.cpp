#include "fault_map.hpp"

#include <algorithm>
#include <optional>

#include "../core/rng.hpp"

namespace ohmlab::crossbar {
namespace {

float uniform_of(const core::Stream& stream, std::uint32_t number, std::uint32_t block) {
  return core::uniform(core::random_block(stream, number, 0, block)[0]);
}

template <class Entry>
std::vector<FaultyCell> map_of(const Entry& faults, const Tiling& tiling, float off,
                               const core::Stream& stream, std::uint32_t first_cell) {
  constexpr std::uint32_t of_cells = 0, of_rows = 1, of_cols = 2;  // blocks
  std::vector<FaultyCell> out;
  if (!Entry::any) return out;
  const auto draw = [&](Index row, Index col, std::uint32_t block) {
    const auto number = first_cell + static_cast<std::uint32_t>(row * tiling.cols + col);
    return static_cast<double>(uniform_of(stream, number, block));
  };
  for (Index i = 0; i < tiling.rows; ++i) {
    for (Index j = 0; j < tiling.cols; ++j) {
      // The piece of a line in a tile has the number of the line's first cell there.
      const Index tile_row = i / tiling.tile_rows * tiling.tile_rows,
                  tile_col = j / tiling.tile_cols * tiling.tile_cols;
      const Index cell = i * tiling.cols + j;
      if (draw(i, tile_col, of_rows) < faults.share_of_open_rows() ||
          draw(tile_row, j, of_cols) < faults.share_of_open_cols()) {
        out.push_back({cell, off, true});
      } else if (const std::optional<double> state = faults.stuck(draw(i, j, of_cells))) {
        out.push_back({cell, std::max(off, static_cast<float>(*state))});
      }
    }
  }
  return out;
}

}  // namespace

std::vector<FaultyCell> faulty_cells(const devices::Faults& faults, const Tiling& tiling, float off,
                                     const core::Stream& stream, std::uint32_t first_cell) {
  return faults.visit(
      [&](const auto& entry) { return map_of(entry, tiling, off, stream, first_cell); });
}

}  // namespace ohmlab::crossbar
