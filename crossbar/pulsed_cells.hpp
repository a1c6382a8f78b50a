#pragma once

#include <cstdint>
#include <vector>

#include "../core/matrix.hpp"
#include "../core/streams.hpp"
#include "../devices/columns.hpp"

namespace ohmlab::crossbar {

/// What pulses did to a plane of cells.
struct PulseCount {
  double coincidences = 0;  ///< pulses that moved a cell
  double w_sum = 0;         ///< Σ of the states that they met, for their dissipation
};

/// One update of one plane of cells: the columns that pulses act on, and what keys their draws.
///
/// Pulse k of a cell uses normal k mod 4 of its block k/4 in `noise`; the write noise of a cell
/// that was pulsed is normal 0 of its block 0 in `write`; pulses that are aggregated use element
/// number of the cell of a fill of `noise_sum`.
struct PulsedCells {
  core::Matrix& w;  ///< where cells are when the pulses come; rows × cols, as are all that follow
  core::Matrix& apparent;  ///< what reads see
  core::MatrixD& written;  ///< s
  Eigen::Matrix<std::uint32_t, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>& pulses;
  const std::vector<core::Matrix>& parameters;  ///< of the pulse response
  std::uint32_t first_cell;  ///< number of cell (0, 0); the others follow row by row
  core::Stream noise, noise_sum, write;
  std::uint64_t operation;
  double now;        ///< s
  double direction;  ///< +1, or −1 for a plane that is written the opposite way

  [[nodiscard]] std::uint32_t cell_number(core::Index i, core::Index j) const noexcept {
    return first_cell + static_cast<std::uint32_t>(i * w.cols() + j);
  }
};

}  // namespace ohmlab::crossbar
