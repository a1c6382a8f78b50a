#include "exact.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "../core/parallel.hpp"
#include "log_sums.hpp"

namespace ohmlab::ebm {
namespace {

using core::Index;
using core::MatrixD;
using core::VectorD;

/// Layers of a network that are not held, and their places in one vector of all free units.
struct Free {
  std::vector<std::size_t> layers;
  std::vector<Index> first;  ///< number of the first unit of each layer; -1 if held
  Index units = 0;
};

Free free_layers(const NetworkPlan& plan, bool inputs_held) {
  Free out;
  out.first.assign(plan.layers.size(), -1);
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    if (inputs_held && plan.layers[l].role == Role::input) continue;
    out.layers.push_back(l);
    out.first[l] = out.units;
    out.units += plan.layers[l].units;
  }
  return out;
}

/// A network whose free layers fall into two groups, as the two sides of a restricted Boltzmann
/// machine.
struct Folded {
  bool possible = true;  ///< false if there are more than two groups
  RbmParameters rbm;
  std::vector<Index> place;  ///< first unit of each layer on its side
  std::vector<bool> hidden;  ///< true for layers on the hidden side
};

Folded fold(const Parameters& parameters, const Free& free) {
  const NetworkPlan& plan = parameters.plan;
  NetworkPlan rest;  // the free layers alone
  std::vector<std::size_t> number(plan.layers.size());
  for (const std::size_t l : free.layers) {
    number[l] = rest.layers.size();
    rest.layers.push_back(plan.layers[l]);
  }
  for (const CouplingPlan& c : plan.couplings) {
    if (free.first[c.rows] >= 0 && free.first[c.cols] >= 0)
      rest.couplings.push_back({c.name, number[c.rows], number[c.cols], 0, {}});
  }
  const auto groups = groups_of(rest);
  Folded out;
  if (groups.size() > 2) {
    out.possible = false;
    return out;
  }
  out.place.assign(plan.layers.size(), 0);
  out.hidden.assign(plan.layers.size(), false);
  Index sides[2] = {0, 0};
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (const std::size_t n : groups[g]) {
      const std::size_t l = free.layers[n];
      out.place[l] = sides[g];
      out.hidden[l] = g == 1;
      sides[g] += plan.layers[l].units;
    }
  }
  out.rbm = {MatrixD::Zero(sides[0], sides[1]), VectorD::Zero(sides[0]), VectorD::Zero(sides[1])};
  for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
    const std::size_t rows = plan.couplings[c].rows, cols = plan.couplings[c].cols;
    if (free.first[rows] < 0 || free.first[cols] < 0) continue;
    const MatrixD& w = parameters.weights[c];
    if (out.hidden[cols]) {
      out.rbm.weights.block(out.place[rows], out.place[cols], w.rows(), w.cols()) += w;
    } else {
      out.rbm.weights.block(out.place[cols], out.place[rows], w.cols(), w.rows()) += w.transpose();
    }
  }
  for (const std::size_t l : free.layers) {
    VectorD& side = out.hidden[l] ? out.rbm.hidden_bias : out.rbm.visible_bias;
    side.segment(out.place[l], plan.layers[l].units) = parameters.biases[l];
  }
  return out;
}

/// ln Z of a folded network; a side without units has one state.
double log_z_of(const RbmParameters& rbm) {
  if (rbm.weights.rows() == 0 || rbm.weights.cols() == 0) {
    double sum = 0;
    for (const VectorD* side : {&rbm.visible_bias, &rbm.hidden_bias}) {
      for (const double b : *side) sum += softplus(b);
    }
    return sum;
  }
  return exact_log_z(rbm);
}

/// Values of an example that a layer holds.
VectorD units_of(const LayerPlan& layer, const VectorD& example) {
  if (layer.columns.empty()) return example;
  VectorD own(layer.units);
  for (Index i = 0; i < layer.units; ++i)
    own[i] = example[layer.columns[static_cast<std::size_t>(i)]];
  return own;
}

/// Parameters with the fields of held inputs added to the biases of free layers.
Parameters with_inputs(const Parameters& parameters, const VectorD& example) {
  Parameters out = parameters;
  const NetworkPlan& plan = parameters.plan;
  const auto held = [&](std::size_t l) { return units_of(plan.layers[l], example); };
  for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
    const std::size_t rows = plan.couplings[c].rows, cols = plan.couplings[c].cols;
    const bool row_held = plan.layers[rows].role == Role::input,
               col_held = plan.layers[cols].role == Role::input;
    if (row_held && !col_held) out.biases[cols] += held(rows) * parameters.weights[c];
    if (col_held && !row_held) out.biases[rows] += held(cols) * parameters.weights[c].transpose();
  }
  return out;
}

/// −E of held inputs among themselves: their biases and the couplings between them.
double held_energy(const Parameters& parameters, const VectorD& example) {
  double sum = 0;
  const NetworkPlan& plan = parameters.plan;
  const auto held = [&](std::size_t l) { return units_of(plan.layers[l], example); };
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    if (plan.layers[l].role == Role::input) sum += held(l).dot(parameters.biases[l]);
  }
  for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
    const std::size_t rows = plan.couplings[c].rows, cols = plan.couplings[c].cols;
    if (plan.layers[rows].role == Role::input && plan.layers[cols].role == Role::input)
      sum += (held(rows) * parameters.weights[c]).dot(held(cols));
  }
  return sum;
}

/// Calls visit(bits, −E) for all states of the free layers.
template <class Visit>
void for_states(const Parameters& parameters, const Free& free, const Visit& visit) {
  const NetworkPlan& plan = parameters.plan;
  VectorD bits(free.units);
  for (Index state = 0; state < Index{1} << free.units; ++state) {
    for (Index i = 0; i < free.units; ++i) bits[i] = static_cast<double>(state >> i & 1);
    double minus_energy = 0;
    for (const std::size_t l : free.layers)
      minus_energy += bits.segment(free.first[l], plan.layers[l].units).dot(parameters.biases[l]);
    for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
      const std::size_t rows = plan.couplings[c].rows, cols = plan.couplings[c].cols;
      if (free.first[rows] < 0 || free.first[cols] < 0) continue;
      minus_energy +=
          (bits.segment(free.first[rows], plan.layers[rows].units) * parameters.weights[c])
              .dot(bits.segment(free.first[cols], plan.layers[cols].units));
    }
    visit(bits, minus_energy);
  }
}

double log_sum(const Parameters& parameters, bool inputs_held) {
  const Free free = free_layers(parameters.plan, inputs_held);
  const Folded folded = fold(parameters, free);
  if (folded.possible) return log_z_of(folded.rbm);
  double largest = -std::numeric_limits<double>::infinity();
  std::vector<double> terms;
  for_states(parameters, free, [&](const VectorD&, double term) {
    largest = std::max(largest, term);
    terms.push_back(term);
  });
  double sum = 0;
  for (const double term : terms) sum += std::exp(term - largest);
  return largest + std::log(sum);
}

/// Number of units that an enumeration runs over, with or without held inputs.
Index enumerated(const Parameters& parameters, bool inputs_held) {
  const Free free = free_layers(parameters.plan, inputs_held);
  const Folded folded = fold(parameters, free);
  return folded.possible ? std::min(folded.rbm.weights.rows(), folded.rbm.weights.cols())
                         : free.units;
}

}  // namespace

ExactLaw::ExactLaw(Parameters parameters) : parameters_(std::move(parameters)) {}

bool ExactLaw::enumerable() const {
  return enumerated(parameters_, false) <= enumerable_units &&
         enumerated(parameters_, true) <= enumerable_units;
}

double ExactLaw::log_z() const { return log_sum(parameters_, false); }

VectorD ExactLaw::log_probabilities(const core::ConstRows& examples) const {
  const double log_z = this->log_z();
  VectorD out(examples.rows());
  for (Index row = 0; row < examples.rows(); ++row) {
    const VectorD example = examples.row(row).cast<double>();
    out[row] = held_energy(parameters_, example) +
               log_sum(with_inputs(parameters_, example), true) - log_z;
  }
  return out;
}

Estimate ExactLaw::log_likelihood(const core::ConstRows& examples) const {
  return mean_of(log_probabilities(examples));
}

namespace {

std::size_t label_of(const NetworkPlan& plan) {
  std::size_t label = 0;
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    if (plan.layers[l].role == Role::label) label = l;
  }
  return label;
}

double size_of(const Parameters& parameters) {
  double size = 0;
  for (const MatrixD& w : parameters.weights) size += static_cast<double>(w.size());
  return size;
}

/// Σ over couplings of a layer with the layers that have a flag: their states times the weights.
MatrixD fed(const Parameters& parameters, std::size_t layer, const std::vector<MatrixD>& states,
            const std::vector<bool>& by) {
  MatrixD out = MatrixD::Zero(states[layer].rows(), states[layer].cols());
  for (std::size_t c = 0; c < parameters.plan.couplings.size(); ++c) {
    const CouplingPlan& coupling = parameters.plan.couplings[c];
    if (coupling.cols == layer && by[coupling.rows])
      out.noalias() += states[coupling.rows] * parameters.weights[c];
    if (coupling.rows == layer && by[coupling.cols])
      out.noalias() += states[coupling.cols] * parameters.weights[c].transpose();
  }
  return out;
}

/// Sums of the conductances at the nodes of a layer.
VectorD conductances_of(const Parameters& parameters, std::size_t layer) {
  VectorD out = VectorD::Zero(parameters.plan.layers[layer].units);
  for (std::size_t c = 0; c < parameters.plan.couplings.size(); ++c) {
    const CouplingPlan& coupling = parameters.plan.couplings[c];
    if (coupling.cols == layer) out += VectorD(parameters.weights[c].colwise().sum());
    if (coupling.rows == layer) out += VectorD(parameters.weights[c].rowwise().sum());
  }
  return out;
}

/// The states of least energy of one layer for these fields.
MatrixD least(const NetworkPlan& plan, const LayerPlan& layer, const MatrixD& field,
              const VectorD& conductances) {
  if (!plan.resistive) return field.cwiseMax(0).cwiseMin(1);
  const VectorD shares =
      (conductances.array() > 0).select(conductances.array().inverse(), 0.0);  // else at ground
  MatrixD volts = field.array().rowwise() * shares.array();
  if (layer.diodes == Diodes::half) {
    const Index above = layer.units / 2;
    volts.leftCols(above) = volts.leftCols(above).cwiseMax(0).eval();
    volts.rightCols(layer.units - above) = volts.rightCols(layer.units - above).cwiseMin(0).eval();
  }
  return volts;
}

}  // namespace

MatrixD settled_outputs(const Parameters& parameters, const core::Matrix& inputs,
                        std::int64_t steps) {
  const NetworkPlan& plan = parameters.plan;
  const auto groups = groups_of(plan);
  constexpr Index slice = 64;  // fixed: results do not depend on the number of threads
  const std::size_t layers = plan.layers.size(), label = label_of(plan);
  std::vector<bool> held(layers), free(layers);
  std::vector<VectorD> conductances(layers);
  for (std::size_t l = 0; l < layers; ++l) {
    held[l] = plan.layers[l].role == Role::input;
    free[l] = !held[l];
    if (plan.resistive) conductances[l] = conductances_of(parameters, l);
  }
  MatrixD out(inputs.rows(), plan.layers[label].units);
  core::for_slices(inputs.rows(), slice, size_of(parameters) * static_cast<double>(steps),
                   [&](Index begin, Index end) {
    std::vector<MatrixD> states, from_inputs(layers);
    for (const LayerPlan& layer : plan.layers) {
      states.push_back(MatrixD::Zero(end - begin, layer.units));
      if (layer.role == Role::input)
        states.back() = inputs_of(layer, inputs.middleRows(begin, end - begin)).cast<double>();
    }
    for (std::size_t l = 0; l < layers; ++l) {
      if (free[l])
        from_inputs[l] = fed(parameters, l, states, held).rowwise() + parameters.biases[l];
    }
    for (std::int64_t step = 0; step < steps; ++step) {
      for (const auto& group : groups) {
        for (const std::size_t l : group) {
          if (free[l])
            states[l] = least(plan, plan.layers[l],
                              from_inputs[l] + fed(parameters, l, states, free), conductances[l]);
        }
      }
    }
    out.middleRows(begin, end - begin) = states[label];
  });
  return out;
}

MatrixD forward_outputs(const Parameters& parameters, const core::Matrix& inputs) {
  const NetworkPlan& plan = parameters.plan;
  constexpr Index slice = 64;  // fixed: results do not depend on the number of threads
  MatrixD out(inputs.rows(), plan.layers.back().units);
  core::for_slices(inputs.rows(), slice, size_of(parameters), [&](Index begin, Index end) {
    MatrixD state = inputs_of(plan.layers[0], inputs.middleRows(begin, end - begin)).cast<double>();
    for (std::size_t l = 1; l < plan.layers.size(); ++l) {
      const Activation function = plan.layers[l].activation;
      const MatrixD value = (state * parameters.weights[l - 1]).rowwise() + parameters.biases[l];
      state = value.unaryExpr([&](double x) { return activated(function, x); });
    }
    out.middleRows(begin, end - begin) = state;
  });
  return out;
}

}  // namespace ohmlab::ebm
