#pragma once

#include <string>
#include <vector>

#include "model_shape.hpp"

namespace ohmlab::scale {

/// All matrices of one kind in a model.
struct WeightMatrix {
  std::string name;
  double inputs = 0, outputs = 0;
  double held = 0;  ///< number in the model
  double used = 0;  ///< number that one token passes
};

/// Every matrix that a token is multiplied with: attention, feed-forward parts, experts with their
/// router, the output over the vocabulary. The input embedding is looked up, not multiplied; norms
/// are no matrices.
[[nodiscard]] std::vector<WeightMatrix> weight_matrices(const ModelShape& model);

}  // namespace ohmlab::scale
