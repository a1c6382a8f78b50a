#pragma once

#include <cstdint>
#include <vector>

#include "../core/matrix.hpp"
#include "../core/streams.hpp"
#include "../devices/device.hpp"
#include "fault_map.hpp"
#include "write_times.hpp"

namespace ohmlab::crossbar {

/// The pulses that the cells of a plane survive, and those that are worn. A cell is worn at the end
/// of the update or programming in which its pulses come to its life.
class CellLives {
 public:
  /// \param faulty      cells that never worked
  /// \param first_cell  number of the plane's first cell; keys the draws
  CellLives(const devices::Device& device, const std::vector<FaultyCell>& faulty,
            const core::Stream& stream, std::uint32_t first_cell);
  /// Draws the lives of so many cells.
  void begin(core::Index cells);

  /// Adds the newly worn cells to the faulty ones.
  /// \param pulses   pulses of updates on each cell
  /// \param at_most  most pulses on a cell since the last call
  /// \param w        present states
  void add_worn(const CellNumbers& pulses, double at_most, const core::Matrix& w,
                std::vector<FaultyCell>& faulty);
  /// Counts pulses of write-and-verify on every cell.
  void programmed(double pulses) noexcept { programming_ += pulses; }
  /// Finds the worn cells again after `programming` and counters were restored. They keep the
  /// states w.
  void restore(const CellNumbers& pulses, const core::Matrix& w, std::vector<FaultyCell>& faulty);
  [[nodiscard]] double& programming() noexcept { return programming_; }
  /// Memory of the numbers of all cells.
  [[nodiscard]] double bytes() const noexcept {
    return static_cast<double>(lives_.size() * sizeof(float) + fails_.size());
  }
  [[nodiscard]] std::size_t worn(const std::vector<FaultyCell>& faulty) const noexcept {
    return faulty.size() - born_.size();
  }

 private:
  [[nodiscard]] float worn_state(core::Index cell, float w) const;
  void mark_born();

  devices::Wear wear_;
  double endurance_;
  float off_;  ///< state of zero conductance
  core::Stream stream_;
  std::uint32_t first_cell_;
  std::vector<FaultyCell> born_;
  std::vector<float> lives_;         ///< [cell], pulses; empty without wear
  std::vector<std::uint8_t> fails_;  ///< [cell], 1 if it does not work
  double programming_ = 0;           ///< pulses of write-and-verify on each cell
  double spare_ = 0;                 ///< no cell is worn before so many pulses more
};

}  // namespace ohmlab::crossbar
