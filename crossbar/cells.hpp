#pragma once

#include <cstdint>
#include <vector>

#include "../core/archive.hpp"
#include "../core/matrix.hpp"
#include "../devices/device.hpp"
#include "cell_lives.hpp"
#include "fault_map.hpp"
#include "noise_trace.hpp"
#include "pulse_events.hpp"
#include "pulsed_cells.hpp"
#include "state_walk.hpp"
#include "write_times.hpp"

namespace ohmlab::crossbar {

/// One update of an array among all.
struct UpdateTurn {
  std::uint64_t operation;  ///< number of the update; keys its draws
  double now;               ///< s, time of the update
  bool aggregate = false;   ///< see StochasticPulser
};

/// Time of a programming of a plane of cells.
struct ProgramTurn {
  std::uint64_t operation;   ///< number of the programming; keys its draws
  double start = 0;          ///< s, start of the first row
  double seconds_a_row = 0;  ///< s; the clocks of the cells of a row start at its end
  double pulses = 0;         ///< pulses on each cell, for its wear
};

/// Cells of a matrix, 1 where one is chosen.
using ChosenCells = Eigen::Array<bool, Eigen::Dynamic, Eigen::Dynamic, Eigen::RowMajor>;

/// One resistive cell per weight. States and the parameters of each cell are columns of float32,
/// rows × cols.
class CellPlane {
 public:
  /// \param layer         place of the array; keys the draws together with seed and plane
  /// \param plane         number of the plane in its array
  /// \param fault_stream  keys the draws of faults
  CellPlane(const Tiling& tiling, devices::Device device, std::uint64_t seed, std::uint32_t layer,
            std::uint32_t plane, const core::Stream& fault_stream);

  /// Applies pulse trains, pulse by pulse; see `pulse_cells`. Pulses start from the drifted state.
  /// The clock of every pulsed cell restarts.
  PulseCount pulse(const PulseEvents& events, const PulseWay& way, const UpdateTurn& turn);

  /// Moves every cell by rate · x dᵀ in units of its own steps, without pulses; see ExactPulser.
  /// Cells start from their drifted states. An update is summed in double and rounded to a state
  /// once. With `upward_only`, single changes downwards are left out.
  void move(const core::ConstRows& x, const core::ConstRows& d, double rate, double now,
            bool upward_only = false);

  /// Outcome of programming a plane.
  struct Programmed {
    double out_of_reach = 0;  ///< number of targets beyond the range of their cells
    double w_sum = 0;         ///< Σ of the targets, each held within the range of its cell
  };
  /// Writes target states with the programming error of the device, row after row. A cell stays
  /// within its own bounds, since the pulses of write-and-verify do.
  Programmed program(const core::Matrix& target, const ProgramTurn& turn);
  /// The same for chosen cells, each reset first. They count the pulses of the turn, rounded up;
  /// rows without any take no time.
  Programmed program_again(const core::Matrix& target, const ChosenCells& chosen,
                           const ProgramTurn& turn);

  /// States as a read sees them at a time, with write noise and drift. None is below the state of
  /// zero conductance.
  [[nodiscard]] core::Matrix seen(double now) const;
  /// The same with the noise that goes on from read to read, as it was at the last read.
  [[nodiscard]] core::Matrix with_trace(double now) const;
  /// Moves that noise, and cells that diffuse, on to a time.
  void advance(double now) { advance(0, w_.rows(), now); }
  /// Variance of what a read of each cell draws afresh at a time, in units of w²; empty if nothing.
  [[nodiscard]] core::Matrix read_variance(double now) const;

  /// States with their trace and variance of one row, for a read of it at a time.
  struct ReadRow {
    core::Vector states, variance;  ///< the variance is empty if reads draw nothing afresh
  };
  [[nodiscard]] ReadRow read_row(core::Index row, double now);
  /// States with their trace of some rows, for a read at a time.
  [[nodiscard]] core::Matrix traced_rows(core::Index first, core::Index count, double now);

  /// All data that pulses and programming change.
  void state(core::Archive& archive);

  /// Symmetry point of each cell, rows × cols; NaN where a cell has none.
  [[nodiscard]] core::Matrix symmetry_points() const;
  /// Share of the cells that are stuck, worn or on an open line.
  [[nodiscard]] double share_faulty() const;
  [[nodiscard]] double share_worn() const;  ///< of them, those that pulses wore out
  [[nodiscard]] double share_at_bound() const;
  [[nodiscard]] double largest_state() const;  ///< max |w|, as last written
  [[nodiscard]] double mean_pulses() const;
  [[nodiscard]] double most_pulses() const;
  /// Memory of the numbers that the simulation keeps of each cell, bytes.
  [[nodiscard]] double bytes() const;

 private:
  [[nodiscard]] std::uint32_t cell_number(core::Index i, core::Index j) const noexcept;
  [[nodiscard]] float conductance(float w) const noexcept;
  [[nodiscard]] float state_of(float g) const noexcept;
  template <class D>
  [[nodiscard]] float drift_normal(core::Index i, core::Index j) const noexcept;
  [[nodiscard]] core::Matrix aged(const core::ConstRows& states, core::Index first,
                                  double now) const;
  [[nodiscard]] core::Matrix seen_rows(core::Index first, core::Index count, double now) const;
  Programmed write(const core::Matrix& target, const ChosenCells& chosen, const ProgramTurn& turn);
  [[nodiscard]] core::Matrix variance_of(core::Matrix seen, core::Index first, double now) const;
  [[nodiscard]] core::Matrix traced(core::Matrix seen, core::Index first) const;
  void advance(core::Index first, core::Index count, double now);
  void pin_faulty();
  void wear_out(double pulses);
  template <class Write>
  void from_here(double now, const Write& write);
  template <class P>
  [[nodiscard]] devices::Columns<float, P::columns> parameters_of(core::Index i,
                                                                  core::Index j) const noexcept {
    devices::Columns<float, P::columns> out;
    for (int c = 0; c < P::columns; ++c) out[c] = parameters_[static_cast<std::size_t>(c)](i, j);
    return out;
  }
  static void check_time(const char* name, double seconds);

  devices::Device device_;
  core::Stream noise_, noise_sum_, write_, programming_, drifting_;
  std::uint32_t first_cell_;
  double aging_;           ///< factor of the time that drift sees, by temperature
  float lowest_;           ///< state of zero conductance; if there is none, the lowest float
  core::Matrix w_;         ///< state after the last write, without write noise
  core::Matrix apparent_;  ///< state after the last write, with write noise
  WriteTimes written_;     ///< times of the last writes
  core::Matrix drift_;     ///< standard normal of the drift of the cell
  std::vector<core::Matrix> parameters_;  ///< columns of parameters of the pulse response
  std::vector<FaultyCell> faulty_;
  CellLives lives_;
  NoiseTrace trace_;
  StateWalk walk_;
  CellNumbers pulses_;
};

}  // namespace ohmlab::crossbar
