#pragma once

#include <vector>

#include "../core/streams.hpp"
#include "../devices/faults.hpp"
#include "tiling.hpp"

namespace ohmlab::crossbar {

/// A cell that does not work.
struct FaultyCell {
  Index cell;         ///< number of the cell, row by row
  float state;        ///< constant state of the cell
  bool open = false;  ///< true if its line is open: no current flows
};

/// The faulty cells of one plane, in ascending order. The fault of a cell or a line depends on its
/// own draw alone, clusters apart.
/// \param off         state of zero conductance
/// \param first_cell  number of the plane's first cell; keys the draws
[[nodiscard]] std::vector<FaultyCell> faulty_cells(const devices::Faults& faults,
                                                   const Tiling& tiling, float off,
                                                   const core::Stream& stream,
                                                   std::uint32_t first_cell);

}  // namespace ohmlab::crossbar
