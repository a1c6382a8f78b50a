#pragma once

#include <random>

#include "ohmlab/ebm/rbm_parameters.hpp"

namespace ohmlab::tests {

/// A small machine with normal parameters of the given spread, each exactly a float32.
inline ebm::RbmParameters random_machine(core::Index visible, core::Index hidden, double spread,
                                         unsigned seed) {
  std::mt19937 engine(seed);
  std::normal_distribution<float> normal(0.0F, static_cast<float>(spread));
  const auto draw = [&] { return static_cast<double>(normal(engine)); };
  return {core::MatrixD::NullaryExpr(visible, hidden, draw),
          core::VectorD::NullaryExpr(visible, draw), core::VectorD::NullaryExpr(hidden, draw)};
}

}  // namespace ohmlab::tests
