#pragma once

#include <cstdint>
#include <vector>

#include "../core/archive.hpp"
#include "../core/matrix.hpp"
#include "../core/streams.hpp"
#include "../devices/device.hpp"

namespace ohmlab::crossbar {

/// The random walk of the states of one plane of cells along the clock. The draws of a step are
/// keyed by the cell and by the time that the step leads to. Each row has its own time.
class StateWalk {
 public:
  /// \param first_cell  number of the plane's first cell; keys the draws
  StateWalk(const devices::Device& device, core::Index rows, const core::Stream& stream,
            std::uint32_t first_cell);

  /// States that walk together, rows × cols, and the parameters of their pulse response.
  struct Cells {
    core::Matrix& w;
    core::Matrix& apparent;
    const std::vector<core::Matrix>& parameters;
  };
  [[nodiscard]] bool any() const noexcept { return per_second_ > 0; }
  /// Moves some rows on to a time, s. A cell stays within its range.
  void advance(core::Index first, core::Index count, double now, const Cells& cells);
  /// Starts the walk of a row anew at a time, s.
  void restart(core::Index row, double now);
  void state(core::Archive& archive);

 private:
  devices::Pulse pulse_;
  double per_second_;  ///< variance of w in a second
  core::Stream stream_;
  std::uint32_t first_cell_;
  std::vector<double> times_;  ///< [row], s; empty without a walk
};

}  // namespace ohmlab::crossbar
