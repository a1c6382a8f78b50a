#pragma once

#include "../core/matrix.hpp"
#include "units.hpp"

namespace ohmlab::ebm {

/// Two sides of units and the weights between them, in float64, for exact likelihoods.
struct RbmParameters {
  core::MatrixD weights;  ///< visible × hidden, in logits
  core::VectorD visible_bias, hidden_bias;
  Units visible_units;  ///< hidden units are binary
};

}  // namespace ohmlab::ebm
