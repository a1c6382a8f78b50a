#pragma once

#include "../devices/pulses.hpp"
#include "pulse_trains.hpp"
#include "pulsed_cells.hpp"

namespace ohmlab::crossbar {

/// Applies pulse trains one cell after the other and one pulse after the other, so that a reader
/// can check the code. It is the oracle of `pulse_cells`, which must get the same bits.
///
/// The trains were drawn from `x` and `d`. The sign of x d · direction is the sign of the step at a
/// coincidence.
PulseCount pulse_cells_one_by_one(const devices::Pulse& response, const PulseTrains& trains,
                                  const core::ConstRows& x, const core::ConstRows& d,
                                  const PulsedCells& cells);

}  // namespace ohmlab::crossbar
