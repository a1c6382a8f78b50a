#pragma once

#include <vector>

#include "../core/streams.hpp"
#include "../devices/faults.hpp"
#include "tiling.hpp"

namespace ohmlab::crossbar {

/// A cell that does not work.
struct FaultyCell {
  Index cell;         ///< row by row
  float state;        ///< at which it rests
  bool open = false;  ///< whether its line is cut off: nothing flows
};

/// The faulty cells of one plane, in ascending order. Whether a cell or a line is faulty depends on
/// its own draw alone.
/// \param off         state of no conductance
/// \param first_cell  number of the plane's first cell; keys the draws
[[nodiscard]] std::vector<FaultyCell> faulty_cells(const devices::Faults& faults,
                                                   const Tiling& tiling, float off,
                                                   const core::Stream& stream,
                                                   std::uint32_t first_cell);

}  // namespace ohmlab::crossbar
