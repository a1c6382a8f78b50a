#include "goodness_scores.hpp"

#include <cmath>

#include "../core/parallel.hpp"
#include "dynamics/forward.hpp"
#include "log_sums.hpp"
#include "untouched.hpp"

namespace ohmlab::ebm {
namespace {

using core::Index;
using core::MatrixD;

constexpr std::size_t first_hidden = 2;  // after the input and the label

/// Goodness of all hidden layers from the fields of the first: one column per layer.
MatrixD goodness_of_fields(const Parameters& of, MatrixD fields) {
  const auto& layers = of.plan.layers;
  MatrixD out(fields.rows(), static_cast<Index>(layers.size() - first_hidden));
  for (std::size_t l = first_hidden; l < layers.size(); ++l) {
    MatrixD h = (fields.rowwise() + of.biases[l]).cwiseMax(0.0);
    const Eigen::VectorXd squares = h.rowwise().squaredNorm();
    for (Index row = 0; row < h.rows(); ++row) {
      if (squares[row] > 0) h.row(row) /= std::sqrt(squares[row]);
      out(row, static_cast<Index>(l - first_hidden)) =
          (*layers[l].goodness)(squares[row], static_cast<double>(layers[l].units));
    }
    if (l + 1 < layers.size()) fields = h * of.weights[l];
  }
  return out;
}

}  // namespace

std::vector<MatrixD> goodness_by_layer(const Parameters& of, const core::ConstRows& examples) {
  constexpr Index slice = 64;  // fixed: results do not depend on the number of threads
  const Index classes = of.plan.layers[1].units;
  std::vector<MatrixD> out(of.plan.layers.size() - first_hidden, MatrixD(examples.rows(), classes));
  const double work = parameters_of(of.plan) * static_cast<double>(classes);
  core::for_slices(examples.rows(), slice, work, [&](Index begin, Index end) {
    const MatrixD from_inputs =
        examples.middleRows(begin, end - begin).cast<double>() * of.weights[0];
    for (Index label = 0; label < classes; ++label) {
      const MatrixD all = goodness_of_fields(of, from_inputs.rowwise() + of.weights[1].row(label));
      for (std::size_t l = 0; l < out.size(); ++l)
        out[l].col(label).segment(begin, end - begin) = all.col(static_cast<Index>(l));
    }
  });
  return out;
}

MatrixD summed(const NetworkPlan& plan, const std::vector<MatrixD>& by_layer) {
  MatrixD out = MatrixD::Zero(by_layer[0].rows(), by_layer[0].cols());
  for (std::size_t l = 0; l < by_layer.size(); ++l) {
    if (plan.layers[l + first_hidden].goodness->counts) out += by_layer[l];
  }
  return out;
}

MatrixD goodness_as_read(Network& network, const core::ConstRows& examples) {
  const auto& layers = network.plan().layers;
  const Index classes = layers[1].units;
  cost::Edge& edge = network.edge();
  core::Matrix from_inputs, from_labels;
  network.read(0, crossbar::Direction::to_cols, examples, from_inputs);
  network.read(1, crossbar::Direction::to_cols, core::Matrix::Identity(classes, classes),
               from_labels);
  MatrixD out = MatrixD::Zero(examples.rows(), classes);
  States states(layers.size());
  for (Index label = 0; label < classes; ++label) {
    for (std::size_t l = first_hidden; l < layers.size(); ++l) {
      Activity& units = states[l];
      const auto component = network.neurons(l);
      if (l == first_hidden) {
        units.value =
            from_inputs.rowwise() + (from_labels.row(label) + network.bias(first_hidden)).eval();
        const auto values = static_cast<double>(units.value.size());
        edge.adds(component, values + static_cast<double>(layers[l].units), edge_bits);
        edge.buffers(component, values, values, edge_bits);
      } else {
        ForwardDynamics::feed(network, l, states, units.value);
      }
      const core::Vector lengths = ForwardDynamics::pass(network, l, units);
      if (!layers[l].goodness->counts) continue;
      for (Index row = 0; row < out.rows(); ++row) {
        out(row, label) += (*layers[l].goodness)(std::pow(static_cast<double>(lengths[row]), 2),
                                                 static_cast<double>(layers[l].units));
      }
      edge.adds(component, static_cast<double>(lengths.size()), edge_bits);
    }
  }
  return out;
}

Figures goodness_figures(const Parameters& parameters, const Task& task) {
  const std::vector<MatrixD> by_layer = goodness_by_layer(parameters, task.test);
  const double error = share_wrong(summed(parameters.plan, by_layer), task.test_labels);
  const auto examples = static_cast<double>(task.test.rows());
  const auto others = static_cast<double>(by_layer[0].cols() - 1);
  double cost = 0;
  for (std::size_t l = 0; l < by_layer.size(); ++l) {
    const double threshold = parameters.plan.layers[l + first_hidden].goodness->threshold;
    for (Index row = 0; row < by_layer[l].rows(); ++row) {
      for (Index k = 0; k < by_layer[l].cols(); ++k) {
        const double over = by_layer[l](row, k) - threshold;
        const bool own = k == Index{task.test_labels[static_cast<std::size_t>(row)]};
        cost += own ? softplus(-over) : softplus(over) / others;
      }
    }
  }
  return {
      {"test_error", error, "1",
       "share of test examples whose label of most goodness is not theirs"},
      {"test_error_se", std::sqrt(error * (1 - error) / examples), "1",
       "its standard error over test examples"},
      {"test_goodness_cost", cost / examples / static_cast<double>(by_layer.size()), "nat",
       "mean over layers and test examples of -ln p with the own label, -ln(1 - p) with others"},
  };
}

Figures goodness_figures_as_read(Network& network, const Task& task, std::int64_t reads) {
  const Untouched untouched(network);
  std::vector<double> errors;
  for (std::int64_t read = 0; read < reads; ++read)
    errors.push_back(share_wrong(goodness_as_read(network, task.test), task.test_labels));
  return over_reads({"test_error_read", 0, "1",
                     "share of test examples whose label of most goodness is not theirs"},
                    errors);
}

}  // namespace ohmlab::ebm
