#include "function.hpp"

#include "../activation.hpp"

namespace ohmlab::ebm {

void FunctionNeuron::compute(const Field& field, Activity& out) const {
  read_feeds(field, out.value);
  out.value.rowwise() += field.bias;
  field.edge.adds(field.component, static_cast<double>(out.value.size()), edge_bits);
  show(field.layer, field.edge, field.component, out);
}

void FunctionNeuron::show(const LayerPlan& layer, cost::Edge& edge,
                          cost::Tally::Component component, Activity& units) {
  const Activation function = layer.activation;
  units.state = units.value.unaryExpr([&](float value) { return activated(function, value); });
  units.mean = units.state;
  const auto values = static_cast<double>(units.value.size());
  if (function == Activation::relu) edge.adds(component, values, edge_bits);
  if (function == Activation::tanh) edge.sigmoids(component, values);
  edge.buffers(component, values, 2 * values, edge_bits);
}

}  // namespace ohmlab::ebm
