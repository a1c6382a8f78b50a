#include "class_scores.hpp"

#include <cmath>
#include <numbers>
#include <optional>
#include <vector>

#include "../core/parallel.hpp"
#include "log_sums.hpp"
#include "untouched.hpp"

namespace ohmlab::ebm {
namespace {

using core::Index;
using core::MatrixD;
using core::VectorD;

double log_sum_exp_of(const VectorD& x) {
  return log_sum_exp({x.data(), static_cast<std::size_t>(x.size())});
}

MatrixD scores_of(const Parameters& of, const core::Matrix& examples) {
  return label_scores(examples.cast<double>() * of.weights[0], of.biases[2], of.weights[1],
                      of.biases[1]);
}

/// Mean ln p of examples, their labels summed over; empty if there are too many hidden units. Given
/// a label, the machine is an RBM with other biases of its hidden units.
std::optional<Estimate> example_likelihood(const Parameters& of, const core::Matrix& examples,
                                           const MatrixD& scores) {
  if (of.biases[2].size() > enumerable_units) return std::nullopt;
  VectorD log_z(of.biases[1].size());
  for (Index label = 0; label < log_z.size(); ++label) {
    log_z[label] = of.biases[1][label] + exact_log_z({of.weights[0], of.biases[0],
                                                      of.biases[2] + of.weights[1].row(label)});
  }
  const double of_all = log_sum_exp_of(log_z);
  VectorD values = (examples.cast<double>() * of.biases[0].transpose()).transpose();
  for (Index row = 0; row < values.size(); ++row)
    values[row] += log_sum_exp_of(scores.row(row)) - of_all;
  return mean_of(values);
}

}  // namespace

MatrixD label_scores(const MatrixD& fields, const VectorD& hidden_bias,
                     const MatrixD& label_weights, const VectorD& label_bias) {
  constexpr Index row_slice = 16;  // fixed: results do not depend on the number of threads
  MatrixD out(fields.rows(), label_weights.rows());
  core::for_slices(out.rows(), row_slice, static_cast<double>(30 * label_weights.size()),
                   [&](Index begin, Index end) noexcept {
    for (Index row = begin; row < end; ++row) {
      const VectorD of_example = fields.row(row) + hidden_bias;
      for (Index label = 0; label < out.cols(); ++label)
        out(row, label) = label_bias[label] + softplus_sum(of_example + label_weights.row(label));
    }
  });
  return out;
}

namespace {

Figures figures_of(const MatrixD& scores, const Task& task) {
  VectorD of_labels(scores.rows());
  for (Index row = 0; row < scores.rows(); ++row) {
    const Index label = task.test_labels[static_cast<std::size_t>(row)];
    of_labels[row] = scores(row, label) - log_sum_exp_of(scores.row(row));
  }
  const double error = share_wrong(scores, task.test_labels);
  return {
      {"test_error", error, "1",
       "share of test examples whose most probable label is not theirs, exact"},
      {"test_error_se", std::sqrt(error * (1 - error) / static_cast<double>(scores.rows())), "1",
       "its standard error over test examples"},
      {"test_label_log_likelihood", of_labels.mean(), "nat",
       "mean ln p of a test label given its example, exact"},
  };
}

}  // namespace

Figures label_figures(const Parameters& parameters, const Task& task) {
  Figures out = figures_of(scores_of(parameters, task.test), task);
  out.push_back({"test_label_bits", -out.back().value / std::numbers::ln2, "bit",
                 "mean -log2 p of a test label given its example, exact"});
  return out;
}

Figures label_references(const Task& task) {
  const core::VectorD p = frequencies(one_hot(task.train_labels, task.classes));
  double bits = 0;
  for (const std::uint8_t label : task.test_labels) bits -= std::log2(p[label] / p.sum());
  return {{"frequency_bits", bits / static_cast<double>(task.test_labels.size()), "bit",
           "mean -log2 p of a test label by the frequency of labels alone"}};
}

Figures class_rbm_figures(const Parameters& parameters, const Task& task) {
  const MatrixD scores = scores_of(parameters, task.test);
  Figures out = figures_of(scores, task);
  out.insert(out.begin() + 2,
             {"train_error", share_wrong(scores_of(parameters, task.train), task.train_labels), "1",
              "the same on training examples"});
  if (const auto joint = example_likelihood(parameters, task.test, scores)) {
    out.push_back({"test_log_likelihood", joint->value, "nat",
                   "mean ln p of a test example, its label summed over, partition function exact"});
    if (joint->standard_error) {
      out.push_back({"test_log_likelihood_se", *joint->standard_error, "nat",
                     "its standard error over test examples"});
    }
  }
  return out;
}

MatrixD LabelFields::scores(const core::Vector& label_bias, const core::Vector& hidden_bias) const {
  return label_scores(of_examples.cast<double>(), hidden_bias.cast<double>(),
                      of_labels.cast<double>(), label_bias.cast<double>());
}

LabelFields read_label_fields(Network& network, const core::ConstRows& shown) {
  const Index labels = network.bias(1).size();
  LabelFields out;
  network.read(0, crossbar::Direction::to_cols, shown, out.of_examples);
  network.read(1, crossbar::Direction::to_cols, core::Matrix::Identity(labels, labels),
               out.of_labels);
  const auto component = network.neurons(1);
  const auto fields = static_cast<double>(out.of_examples.size()),
             classes = static_cast<double>(labels), terms = fields * classes,
             scores = static_cast<double>(shown.rows()) * classes;
  // The bias of each hidden unit; the field of each label, its softplus by a table, its sum.
  network.edge().adds(component, fields + 2 * terms + scores, edge_bits);
  network.edge().sigmoids(component, terms);
  network.edge().buffers(component, terms, scores, edge_bits);
  return out;
}

MatrixD label_scores_as_read(Network& network, const core::ConstRows& examples) {
  return read_label_fields(network, examples).scores(network.bias(1), network.bias(2));
}

Figures class_rbm_figures_as_read(Network& network, const Task& task, std::int64_t reads) {
  const Untouched untouched(network);
  std::vector<double> errors;
  for (std::int64_t read = 0; read < reads; ++read)
    errors.push_back(share_wrong(label_scores_as_read(network, task.test), task.test_labels));
  return over_reads(
      {"test_error_read", 0, "1", "share of test examples whose most probable label is not theirs"},
      errors);
}

}  // namespace ohmlab::ebm
