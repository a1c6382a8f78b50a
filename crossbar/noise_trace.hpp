#pragma once

#include <cstdint>
#include <vector>

#include "../core/archive.hpp"
#include "../core/matrix.hpp"
#include "../core/streams.hpp"
#include "../devices/device.hpp"

namespace ohmlab::crossbar {

/// The traces of read noise of one plane of cells. A trace belongs to its cell and follows the
/// clock: reads at one time see one offset, a later read sees a correlated one, and writes leave it
/// alone. Each row has its own time, so that reads of single rows move no other.
///
/// The draws of a step are keyed by the cell and by the time that the step leads to. They depend on
/// the times of reads, not on threads or interruptions.
class NoiseTrace {
 public:
  /// \param first_cell  number of the plane's first cell; keys the draws
  NoiseTrace(const devices::Device& device, core::Index rows, core::Index cols,
             const core::Stream& stream, std::uint32_t first_cell);

  /// Moves the traces of some rows on to a time, s.
  void advance(core::Index first, core::Index count, double now);
  /// Adds the present offsets to states of the rows from `first` on.
  void add_to(core::Matrix& states, core::Index first) const;
  void state(core::Archive& archive);
  [[nodiscard]] double bytes() const;  ///< memory of the numbers of all cells

 private:
  devices::ReadNoise noise_;
  devices::ConductanceRange range_;
  double speed_;  ///< factor of time, by temperature
  core::Stream stream_;
  std::uint32_t first_cell_;
  core::Index cols_;
  /// Numbers of the cells, rows × columns filled up to whole packs. The first do not change.
  std::vector<core::Matrix> own_, kept_;
  std::vector<double> times_;  ///< [row], s
};

}  // namespace ohmlab::crossbar
