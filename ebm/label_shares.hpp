#pragma once

#include "network.hpp"

namespace ohmlab::ebm {

/// Shows each example with every label in turn, in a machine of layers: examples, label, hidden
/// (models `class_rbm` and `conditional_rbm`).
///
/// A label's share is 1 if it is the target, else 0, less its probability given the example. Hidden
/// units have their means given example and label. So the sum over labels of share · (row activity
/// · column activity) is the gradient of ln p(target | example): Larochelle & Bengio, ICML 2008,
/// eq. (7). A share is a scalar of the label layer, broadcast to all units.
///
/// After it, labels and hidden units have a row for each example and label, in this order. Visible
/// units have a row for each example, and the share 0: their biases do not matter to p(label |
/// example).
void show_all_labels(Network& network, const Examples& batch, States& states);

/// Sums of so many rows that each of `rows` rows of the result stands for, in order.
[[nodiscard]] core::Matrix folded(const core::Matrix& signals, core::Index rows);

}  // namespace ohmlab::ebm
