#pragma once

#include "scores.hpp"

/// Scores of machines over examples and labels of which exactly one unit is on: layers visible,
/// label, hidden; couplings visible with hidden and label with hidden (model `class_rbm`).
namespace ohmlab::ebm {

/// ln p(label, example) + ln Z of each label, examples × classes: Larochelle & Bengio, ICML 2008,
/// eq. (2).
/// \param fields         inputs of the hidden units from the examples, examples × hidden, without
///                       bias
/// \param label_weights  classes × hidden
[[nodiscard]] core::MatrixD label_scores(const core::MatrixD& fields,
                                         const core::VectorD& hidden_bias,
                                         const core::MatrixD& label_weights,
                                         const core::VectorD& label_bias);

/// Error and log-likelihood of labels given their examples; log-likelihood of the examples if it
/// can be enumerated.
[[nodiscard]] Figures class_rbm_figures(const Parameters& parameters, const Task& task);

/// Error, log-likelihood and bits of labels given their examples, on test examples.
[[nodiscard]] Figures label_figures(const Parameters& parameters, const Task& task);

/// The same of labels drawn by their frequency, whatever the example.
[[nodiscard]] Figures label_references(const Task& task);

/// Inputs of the hidden units from examples, and from each label that is on, as the arrays read
/// them, without bias.
struct LabelFields {
  core::Matrix of_examples;  ///< examples × hidden
  core::Matrix of_labels;    ///< classes × hidden
  /// `label_scores` of these.
  [[nodiscard]] core::MatrixD scores(const core::Vector& label_bias,
                                     const core::Vector& hidden_bias) const;
};
/// Reads them. Digital logic adds a softplus for each label and hidden unit of an example.
/// \param shown  states of the units that hold the examples
[[nodiscard]] LabelFields read_label_fields(Network& network, const core::ConstRows& shown);

/// `label_scores` with the fields of the hidden units as the arrays read them, from examples and
/// from each label.
[[nodiscard]] core::MatrixD label_scores_as_read(Network& network, const core::ConstRows& examples);

/// Error of labels by these.
[[nodiscard]] Figures class_rbm_figures_as_read(Network& network, const Task& task,
                                                std::int64_t reads);

}  // namespace ohmlab::ebm
