#pragma once

#include <cstddef>

#include "network.hpp"
#include "phase.hpp"
#include "states.hpp"

/// Values that a phase holds its layers at.
namespace ohmlab::ebm {

/// Holds a layer at what the batch says: values of an input, an example's own label or a wrong one,
/// an example after some steps of noise.
/// \pre the phase holds the layer's role; layers before this one are held already
void hold_at(Network& network, std::size_t layer, const Phase& phase, const Examples& batch,
             States& states);

/// Flips each bit with a probability, by random numbers of a layer. bits: batch × units.
[[nodiscard]] core::Matrix flipped(Network& network, std::size_t layer, const core::Matrix& bits,
                                   double probability);

}  // namespace ohmlab::ebm
