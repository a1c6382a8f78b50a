#pragma once

#include <cstdint>
#include <vector>

#include "../core/archive.hpp"
#include "../core/matrix.hpp"

namespace ohmlab::crossbar {

/// Whole numbers of a plane of cells, rows × cols, four bytes each.
using CellNumbers = Eigen::Matrix<std::uint32_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// The time of the last write of each cell of a plane. Cells that were written together share one
/// float64; a cell keeps its place in the list of times. The list is short beside the cells, unless
/// most cells were written at times of their own: then it has up to two times a cell.
class WriteTimes {
 public:
  /// All cells written at time 0.
  WriteTimes(core::Index rows, core::Index cols);

  /// s
  [[nodiscard]] double at(core::Index row, core::Index col) const noexcept {
    return times_[places_(row, col)];
  }

  /// The place of a time that cells are about to be written at. Places of before may change.
  [[nodiscard]] std::uint32_t place_of(double now) { return places_of({now}); }
  /// The place of the first of some times; the others follow.
  [[nodiscard]] std::uint32_t places_of(const std::vector<double>& times);
  /// The place of each cell, to be set where cells are written.
  [[nodiscard]] CellNumbers& places() noexcept { return places_; }

  void state(core::Archive& archive);
  /// Memory of places and times.
  [[nodiscard]] double bytes() const noexcept;

 private:
  /// Drops the times that no cell has.
  void tidy();

  CellNumbers places_;
  std::vector<double> times_;
  std::size_t most_;  ///< times to keep before the next tidying
};

}  // namespace ohmlab::crossbar
