#pragma once

#include "../devices/pulses.hpp"
#include "pulse_events.hpp"
#include "pulsed_cells.hpp"

namespace ohmlab::crossbar {

/// Applies pulse trains to cells, exactly pulse by pulse. States, times and counters get the bits
/// of `pulse_cells_one_by_one`, on any instruction set and any number of threads.
///
/// Work goes tile by tile of 64 × 64 cells, in two phases. First, for any device, the pulses of
/// each cell are collected as a string of signs in their order. Second, with the physics of the
/// device, sixteen cells at a time take the pulses of their strings side by side. Long strings are
/// taken early, in whole blocks of four pulses, since four pulses share a draw.
///
/// States that pulses met are summed in a fixed order: in float32 within a string, then in float64
/// over the strings of a tile, its lanes and the tiles. `w_sum` differs from the reference by
/// rounding only.
///
/// With `aggregate`, a cell takes all its pulses at once if its response can `walk` (see
/// ConstantStep) and they cannot bring it to a bound. The law is the same, the bits differ, and a
/// cell takes one draw. All other cells go pulse by pulse. Counts are the same. The mean of the
/// states before and after replaces the states that the pulses met.
PulseCount pulse_cells(const devices::Pulse& response, const PulseEvents& events,
                       const PulsedCells& cells, bool aggregate = false);

}  // namespace ohmlab::crossbar
