#include "fault_map.hpp"

#include <algorithm>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "../core/rng.hpp"

namespace ohmlab::crossbar {
namespace {

float uniform_of(const core::Stream& stream, std::uint32_t number, std::uint32_t block) {
  return core::uniform(core::random_block(stream, number, 0, block)[0]);
}

constexpr std::uint32_t of_cells = 0, of_rows = 1, of_cols = 2, of_clusters = 3;  // blocks

/// A cell of a disc, from its middle.
struct Step {
  Index rows, cols;
};

std::vector<Step> disc_of(double radius) {
  const auto reach = static_cast<Index>(radius);
  std::vector<Step> out;
  for (Index i = -reach; i <= reach; ++i) {
    for (Index j = -reach; j <= reach; ++j) {
      if (static_cast<double>(i * i + j * j) <= radius * radius) out.push_back({i, j});
    }
  }
  return out;
}

/// Number of discs about one cell: by the law of Poisson, from a uniform number.
int poisson(double mean, double uniform) {
  double chance = std::exp(-mean);
  int count = 0;
  for (; uniform >= chance && count < 1000; ++count) {
    uniform -= chance;
    chance *= mean / (count + 1);
  }
  return count;
}

/// The cells that clusters take, 1 where one does. Discs lie about cells of the plane and about
/// places beyond its edges, so that every cell has the same chance. A cell of N places within reach
/// is hit by Poisson many defects, mean · N · density of them in the mean.
std::vector<std::uint8_t> clustered_cells(const devices::Clusters& clusters, const Tiling& tiling,
                                          const core::Stream& stream, std::uint32_t first_cell) {
  std::vector<std::uint8_t> out(static_cast<std::size_t>(tiling.rows * tiling.cols), 0);
  if (clusters.taken == 0) return out;
  const std::vector<Step> disc = disc_of(clusters.radius);
  const double mean =
      -std::log1p(-clusters.taken) / (static_cast<double>(disc.size()) * clusters.density);
  const auto reach = static_cast<Index>(clusters.radius);
  const auto draw = [&](std::uint64_t middle, std::uint32_t cell, std::uint32_t block) {
    const auto words = core::random_block(stream, first_cell + cell, middle, block);
    return core::uniform_double(words[0], words[1]);
  };
  std::uint64_t middle = 0;
  for (Index i = -reach; i < tiling.rows + reach; ++i) {
    for (Index j = -reach; j < tiling.cols + reach; ++j) {
      ++middle;  // 0 is the operation of the draws of cells and lines
      const int discs = poisson(mean, draw(middle, 0, of_clusters));
      for (int k = 0; k < discs; ++k) {
        for (const Step& step : disc) {
          const Index row = i + step.rows, col = j + step.cols;
          if (row < 0 || col < 0 || row >= tiling.rows || col >= tiling.cols) continue;
          const auto cell = static_cast<std::uint32_t>(row * tiling.cols + col);
          const auto block = of_clusters + 1 + static_cast<std::uint32_t>(k);
          if (draw(middle, cell, block) < clusters.density) out[cell] = 1;
        }
      }
    }
  }
  return out;
}

template <class Entry>
std::vector<FaultyCell> map_of(const Entry& faults, const Tiling& tiling, float off,
                               const core::Stream& stream, std::uint32_t first_cell) {
  std::vector<FaultyCell> out;
  if (!Entry::any) return out;
  const std::vector<std::uint8_t> clustered =
      clustered_cells(faults.clusters(), tiling, stream, first_cell);
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
      } else if (clustered[static_cast<std::size_t>(cell)] != 0) {
        const double state = faults.state_of(draw(i, j, of_clusters));
        out.push_back({cell, std::max(off, static_cast<float>(state))});
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
