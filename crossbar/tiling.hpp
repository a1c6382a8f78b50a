#pragma once

#include <algorithm>

#include "array.hpp"

namespace ohmlab::crossbar {

/// The lines of an array and the tiles that they run through, seen from either side.
struct Tiling {
  Index rows, cols;
  Index tile_rows, tile_cols;  ///< numbers of lines of one tile

  /// \param most_rows, most_cols  largest numbers of lines of one tile; 0: all lines
  [[nodiscard]] static Tiling of(Index rows, Index cols, Index most_rows,
                                 Index most_cols) noexcept {
    return {rows, cols, most_rows > 0 ? std::min(most_rows, rows) : rows,
            most_cols > 0 ? std::min(most_cols, cols) : cols};
  }
  /// Numbers of lines that are driven, and of lines that are read.
  [[nodiscard]] Index inputs(Direction direction) const noexcept {
    return direction == Direction::to_cols ? rows : cols;
  }
  [[nodiscard]] Index outputs(Direction direction) const noexcept {
    return direction == Direction::to_cols ? cols : rows;
  }
  /// Number of driven lines of one tile.
  [[nodiscard]] Index input_tile(Direction direction) const noexcept {
    return direction == Direction::to_cols ? tile_rows : tile_cols;
  }
  /// Number of tiles that share the driven lines.
  [[nodiscard]] Index input_tiles(Direction direction) const noexcept {
    return (inputs(direction) + input_tile(direction) - 1) / input_tile(direction);
  }
  /// Number of an end where a line is read, in one of the tiles that share the driven lines; ends
  /// of columns come before those of rows.
  [[nodiscard]] Index end(Direction direction, Index tile, Index line) const noexcept {
    if (direction == Direction::to_cols) return tile * cols + line;
    return input_tiles(Direction::to_cols) * cols + tile * rows + line;
  }
  /// Number of all ends.
  [[nodiscard]] Index ends() const noexcept {
    return end(Direction::to_rows, input_tiles(Direction::to_rows), 0);
  }
  /// Calls visit(first row, rows, first column, columns) for every tile.
  template <class Visit>
  void each_tile(const Visit& visit) const {
    for (Index i = 0; i < rows; i += tile_rows) {
      for (Index j = 0; j < cols; j += tile_cols)
        visit(i, std::min(tile_rows, rows - i), j, std::min(tile_cols, cols - j));
    }
  }
};

}  // namespace ohmlab::crossbar
