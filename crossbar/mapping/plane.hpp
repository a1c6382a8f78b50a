#pragma once

namespace ohmlab::crossbar {

/// One plane of pulsed cells, one cell per weight.
struct MappedPlane {
  double coefficient;  ///< factor of its states in the weights
  double target;       ///< state that is programmed for a weight of 1
  double direction;    ///< +1 or -1: sign of its change by a positive update
};

}  // namespace ohmlab::crossbar
