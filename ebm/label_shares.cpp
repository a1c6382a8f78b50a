#include "label_shares.hpp"

#include <cassert>

#include "class_scores.hpp"

namespace ohmlab::ebm {

void show_all_labels(Network& network, const Examples& batch, States& states) {
  assert(batch.targets);
  const std::vector<LayerPlan>& layers = network.plan().layers;
  const core::Index examples = batch.inputs.rows(), classes = layers[1].units,
                    hidden = layers[2].units, rows = examples * classes;
  states[0].state = inputs_of(layers[0], batch.inputs);
  states[0].mean = states[0].state;
  states[0].share = core::Matrix::Zero(examples, 1);
  const LabelFields fields = read_label_fields(network, states[0].state);
  const core::MatrixD scores = fields.scores(network.bias(1), network.bias(2));
  states[1].state.setZero(rows, classes);
  core::Matrix& share = states[1].share;
  core::Matrix& mean = states[2].mean;
  share.resize(rows, 1);
  mean.resize(rows, hidden);
  for (core::Index example = 0; example < examples; ++example) {
    core::VectorD p = (scores.row(example).array() - scores.row(example).maxCoeff()).exp();
    p /= p.sum();
    for (core::Index label = 0; label < classes; ++label) {
      const core::Index row = example * classes + label;
      states[1].state(row, label) = 1;
      share(row, 0) = (*batch.targets)(example, label) - static_cast<float>(p[label]);
      mean.row(row) =
          (fields.of_examples.row(example) + fields.of_labels.row(label) + network.bias(2))
              .unaryExpr([](float x) { return core::logistic(x); });
    }
  }
  states[1].mean = states[1].state;
  states[2].state = mean;
  states[2].share = share;
  cost::Edge& edge = network.edge();
  const auto labels = static_cast<double>(rows), means = static_cast<double>(mean.size());
  const auto of_labels = network.neurons(1), of_hidden = network.neurons(2);
  edge.adds(of_labels, 3 * labels, edge_bits);  // largest, sum, target less probability
  edge.sigmoids(of_labels, labels);             // a table of exponentials
  edge.multiplies(of_labels, labels, edge_bits);
  edge.buffers(of_labels, labels, labels, edge_bits);
  edge.sigmoids(of_hidden, means);
  edge.multiplies(of_hidden, means, edge_bits);  // by the share, before a mean is written
  edge.adds(of_hidden, means, edge_bits);        // the sum over labels that examples' weights see
  edge.buffers(of_hidden, means, means, edge_bits);
}

core::Matrix folded(const core::Matrix& signals, core::Index rows) {
  const core::Index each = signals.rows() / rows;
  core::Matrix out(rows, signals.cols());
  for (core::Index row = 0; row < rows; ++row)
    out.row(row) = signals.middleRows(row * each, each).colwise().sum();
  return out;
}

}  // namespace ohmlab::ebm
