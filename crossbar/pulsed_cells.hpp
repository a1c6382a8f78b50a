#pragma once

#include <cstdint>
#include <vector>

#include "../core/matrix.hpp"
#include "../core/streams.hpp"
#include "../devices/columns.hpp"
#include "write_times.hpp"

namespace ohmlab::crossbar {

/// Counts of the pulses on a plane of cells.
struct PulseCount {
  double coincidences = 0;  ///< pulses that moved a cell
  double w_sum = 0;         ///< Σ of the states that pulses met, for the dissipation
};

/// The directions of pulses that a plane of cells takes.
struct PulseWay {
  double direction;          ///< sign of the rate, reversed for a plane written the opposite way
  bool upward_only = false;  ///< true if pulses that would go down are not given
};

/// One update of one plane of cells: the data that pulses act on, and the keys of the draws.
///
/// Pulse k of a cell uses normal k mod 4 of its block k/4 in `noise`. The write noise of a pulsed
/// cell is normal 0 of its block 0 in `write`. Aggregated pulses use one element of a fill of
/// `noise_sum`, by the number of the cell.
struct PulsedCells {
  /// States at the start of the pulses, rows × cols, as are all matrices below.
  core::Matrix& w;
  core::Matrix& apparent;  ///< states that reads see
  CellNumbers& written;    ///< set to `write_place` where a cell is pulsed; see WriteTimes
  CellNumbers& pulses;     ///< counters of pulses
  const std::vector<core::Matrix>& parameters;  ///< columns of parameters of the pulse response
  std::uint32_t first_cell;  ///< number of cell (0, 0); the others follow row by row
  core::Stream noise, noise_sum, write;
  std::uint64_t operation;
  std::uint32_t write_place;
  PulseWay way;

  [[nodiscard]] std::uint32_t cell_number(core::Index i, core::Index j) const noexcept {
    return first_cell + static_cast<std::uint32_t>(i * w.cols() + j);
  }
};

}  // namespace ohmlab::crossbar
