#pragma once

#include <cstdint>
#include <vector>

#include "../core/matrix.hpp"
#include "../core/rng.hpp"
#include "pulsers.hpp"

namespace ohmlab::crossbar {

/// Pulse trains for a batch of outer products, one 64-bit mask for each vector and line: bit s is
/// slot s.
struct PulseTrains {
  core::Index vectors = 0, rows = 0, cols = 0;
  std::vector<std::uint64_t> row_bits, col_bits;  ///< [vector][line]
  std::vector<std::int64_t> slots;  ///< number of slots per vector; 0 if there is nothing to write
  double total_slots = 0, row_pulses = 0, col_pulses = 0;
  double asked = 0;  ///< Σ |rate x d| / dw_min over vectors and cells, steps
  /// Mean number of coincidences; below `asked` where a probability would exceed 1.
  double obtained = 0;

  [[nodiscard]] std::uint64_t row(core::Index vector, core::Index i) const noexcept {
    return row_bits[static_cast<std::size_t>(vector * rows + i)];
  }
  [[nodiscard]] std::uint64_t col(core::Index vector, core::Index j) const noexcept {
    return col_bits[static_cast<std::size_t>(vector * cols + j)];
  }
};

/// An update Σ_b rate x_b d_bᵀ of cells whose mean step is dw_min.
struct Outer {
  const core::ConstRows& x;  ///< vectors × rows
  const core::ConstRows& d;  ///< vectors × cols
  double rate, dw_min;
};

/// Draws the trains of an update.
///
/// Slot s of line l of vector b in an operation uses word s mod 4 of block (16 b + s/4) of cell l.
/// Columns are numbered after the rows. The trains depend on nothing else.
[[nodiscard]] PulseTrains draw_trains(const Outer& update, const StochasticPulser& pulser,
                                      const core::Stream& stream, std::uint64_t operation);

/// The same without random numbers. The pulses of a line follow from its value, its number, the
/// vector and the number of the operation. The stream is not used.
[[nodiscard]] PulseTrains draw_trains(const Outer& update, const DeterministicPulser& pulser,
                                      const core::Stream& stream, std::uint64_t operation);

}  // namespace ohmlab::crossbar
