#include "trainer.hpp"

#include <algorithm>
#include <cmath>
#include <limits>

namespace ohmlab::backprop {
namespace {

/// Sum of -ln p of the labels. Probabilities below the smallest normal number count as that.
double loss_of(const core::Matrix& outputs, const core::Matrix& targets) {
  double sum = 0;
  for (core::Index row = 0; row < outputs.rows(); ++row) {
    const auto p = static_cast<double>(outputs.row(row).dot(targets.row(row)));
    sum -= std::log(std::max(p, static_cast<double>(std::numeric_limits<float>::min())));
  }
  return sum;
}

}  // namespace

Trainer::Trainer(Network& network, core::Index batch, double input_bits) : network_(network) {
  const Shape& shape = network.shape();
  double hidden = 0;
  for (std::size_t l = 0; l + 1 < shape.layers(); ++l)
    hidden += static_cast<double>(shape.outputs(l));
  const auto examples = static_cast<double>(batch), inputs = static_cast<double>(shape.inputs(0)),
             classes = static_cast<double>(shape.units.back());
  cost::Edge& edge = network.array(0).edge();
  edge.holds(edge.tally().component("activities"),
             examples * (inputs * input_bits + hidden * word_bits + label_bits));
  edge.holds(edge.tally().component("errors"), examples * (hidden + classes) * word_bits);
}

double Trainer::step(const Batch& batch, double rate) {
  cost::Tally& tally = network_.array(0).edge().tally();
  {
    const cost::Tally::Stage stage(tally, "train: forward");
    fetch(batch);
    network_.forward(batch.inputs, batch.input_bits, signals_);
  }
  const double loss = loss_of(signals_.outputs, batch.targets);
  {
    const cost::Tally::Stage stage(tally, "train: backward");
    network_.backward(batch.targets, signals_);
  }
  const cost::Tally::Stage stage(tally, "train: update");
  network_.update(signals_, batch.input_bits, rate / static_cast<double>(batch.inputs.rows()));
  return loss;
}

/// Brings examples and labels from main memory into buffers. An accelerator reads them where they
/// are.
void Trainer::fetch(const Batch& batch) {
  cost::Edge& edge = network_.array(0).edge();
  const cost::Tally::Component examples = edge.tally().component("examples");
  const auto numbers = static_cast<double>(batch.inputs.size()),
             labels = static_cast<double>(batch.targets.rows());
  edge.fetches(examples, numbers * batch.input_bits + labels * label_bits);
  if (!edge.own_logic()) return;
  edge.buffers(examples, 0, numbers, batch.input_bits);
  edge.buffers(examples, 0, labels, label_bits);
}

}  // namespace ohmlab::backprop
