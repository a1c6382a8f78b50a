#pragma once

#include <vector>

#include "scores.hpp"

/// Scores of machines whose layers have a goodness: layers input, label and hidden ones; couplings
/// of the input and of the label with the first hidden layer, then from layer to layer (model
/// `forward_forward`). Every label is tried with every example.
namespace ohmlab::ebm {

/// Goodness of each hidden layer, in float64: examples × classes.
[[nodiscard]] std::vector<core::MatrixD> goodness_by_layer(const Parameters& parameters,
                                                           const core::ConstRows& examples);

/// Sum of the goodness over the layers that count, as the arrays read fields: examples × classes.
/// Examples are read once, and so is each label; digital logic adds both for each pair.
[[nodiscard]] core::MatrixD goodness_as_read(Network& network, const core::ConstRows& examples);

/// Error of the labels of most goodness, and the mean cost of a layer.
[[nodiscard]] Figures goodness_figures(const Parameters& parameters, const Task& task);

/// Error of labels as read.
[[nodiscard]] Figures goodness_figures_as_read(Network& network, const Task& task,
                                               std::int64_t reads);

/// Sum over the layers that count.
[[nodiscard]] core::MatrixD summed(const NetworkPlan& plan,
                                   const std::vector<core::MatrixD>& by_layer);

}  // namespace ohmlab::ebm
