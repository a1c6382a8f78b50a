#pragma once

#include "../devices/pulses.hpp"
#include "pulse_events.hpp"
#include "pulsed_cells.hpp"

namespace ohmlab::crossbar {

/// Applies pulse trains to cells, exactly pulse by pulse: states, times and counters get the bits
/// that `pulse_cells_one_by_one` gives, on any instruction set and any number of threads.
///
/// In two phases, tile by tile of 64 × 64 cells. First, whatever the device: each cell's pulses are
/// collected as a string of signs in their order. Second, the device's own physics: sixteen cells
/// at a time work off their strings side by side. Long strings are worked off early, in whole
/// blocks of four pulses, since four pulses share a draw.
///
/// The states that pulses met are added up in float32 within a string and in float64 over a tile's
/// strings and then its lanes and the tiles, in a fixed order: `w_sum` differs from the reference
/// in rounding only.
///
/// With `aggregate`, cells of a response that can `walk` (see ConstantStep) and whose pulses cannot
/// bring them to a bound move by all of them at once: the same law, other bits, one draw a cell.
/// All others go pulse by pulse as ever. Counts are the same; what the pulses met is taken as the
/// mean of a cell's states before and after.
PulseCount pulse_cells(const devices::Pulse& response, const PulseEvents& events,
                       const PulsedCells& cells, bool aggregate = false);

}  // namespace ohmlab::crossbar
