#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "../core/matrix.hpp"

namespace ohmlab::ebm {

/// What a layer stands for, and so what a phase may hold it at.
enum class Role { input, label, hidden };

/// One layer: units that are not coupled with each other.
struct LayerPlan {
  std::string name;  ///< "visible": its neurons are the component "visible neurons" of the tally
  core::Index units = 0;
  Role role = Role::hidden;
  /// Columns of an example that its units hold; empty: all, in order
  std::vector<core::Index> columns;
};

/// One matrix of weights between two layers.
struct CouplingPlan {
  std::string name;                ///< component of the tally
  std::size_t rows = 0, cols = 0;  ///< numbers of the layers on its row and column lines
  double weight_std = 0;           ///< standard deviation of the initial weights, in logits
  core::Matrix edges;  ///< rows × cols, 1 where there is a cell, else 0; empty: everywhere
};

/// The shape of a network, which a model makes: layers and the couplings between them.
struct NetworkPlan {
  std::vector<LayerPlan> layers;
  std::vector<CouplingPlan> couplings;
  bool bias_at_log_odds =
      true;  ///< biases of inputs start at the log-odds of their frequency, else at 0
};

/// The layers in groups that can be computed at once, in the order in which a sweep computes them:
/// no two layers of a group are coupled. Greedy, in the order of the layers: a chain of layers
/// gives the even and the odd ones.
[[nodiscard]] std::vector<std::vector<std::size_t>> groups_of(const NetworkPlan& plan);

/// The numbers of examples that an input layer holds: examples × units of the layer.
[[nodiscard]] core::Matrix inputs_of(const LayerPlan& layer, const core::ConstRows& examples);

/// Weights and biases in all.
[[nodiscard]] double parameters_of(const NetworkPlan& plan);

/// Parameters as numbers in float64: what scoring works on.
struct Parameters {
  NetworkPlan plan;
  std::vector<core::MatrixD> weights;  ///< by coupling, rows × cols, in logits
  std::vector<core::VectorD> biases;   ///< by layer
};

}  // namespace ohmlab::ebm
