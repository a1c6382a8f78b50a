#pragma once

namespace ohmlab::crossbar {

/// One plane of pulsed cells, a cell for each weight.
struct MappedPlane {
  double coefficient;  ///< of its states in the weights
  double target;       ///< state to be programmed, in weights of scale 1
  double direction;    ///< +1 or -1: the way an update moves it
};

}  // namespace ohmlab::crossbar
