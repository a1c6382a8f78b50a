#pragma once

#include "../devices/pulses.hpp"
#include "pulse_trains.hpp"
#include "pulsed_cells.hpp"

namespace ohmlab::crossbar {

/// What pulse trains do to cells, in words a reader can check: one cell after the other, one pulse
/// after the other. The oracle of `pulse_cells`, which must get the same bits.
///
/// `x` and `d` are what the trains were drawn from: the sign of x d · direction is the way a
/// coincidence moves a cell.
PulseCount pulse_cells_one_by_one(const devices::Pulse& response, const PulseTrains& trains,
                                  const core::ConstRows& x, const core::ConstRows& d,
                                  const PulsedCells& cells);

}  // namespace ohmlab::crossbar
