#include "ohmlab/lab/evaluate.hpp"

#include <algorithm>
#include <cmath>

namespace ohmlab::lab {

core::VectorD frequencies(const core::Matrix& examples) {
  const auto n = static_cast<double>(examples.rows());
  return (examples.cast<double>().colwise().sum().array() + 0.5) / (n + 1);
}

ebm::Estimate independent_units(const core::VectorD& frequency, const core::Matrix& examples) {
  const core::VectorD log_odds = (frequency.array() / (1 - frequency.array())).log();
  const double all_off = (1 - frequency.array()).log().sum();
  const core::VectorD values =
      ((examples.cast<double>() * log_odds.transpose()).array() + all_off).transpose();
  const auto n = static_cast<double>(values.size());
  const double mean = values.mean();
  return {mean, std::sqrt((values.array() - mean).square().sum() / std::max(1.0, n - 1) / n)};
}

std::vector<Parameter> stored_parameters(const ebm::RbmParameters& rbm) {
  return {{"weights", {"visible", "hidden"}, rbm.weights, "nat", "weights in logits, visible x hidden"},
          {"visible_bias", {"visible"}, rbm.visible_bias, "nat", "visible biases in logits"},
          {"hidden_bias", {"hidden"}, rbm.hidden_bias, "nat", "hidden biases in logits"}};
}

std::vector<Quantity> evaluate(const ebm::RbmParameters& rbm, const io::Dataset& data,
                               const Evaluation& evaluation) {
  std::vector<Quantity> out;
  if (ebm::enumerable(rbm)) {
    const double log_z = ebm::exact_log_z(rbm);
    const ebm::Estimate test = ebm::log_likelihood(rbm, data.test, log_z);
    out.push_back(
        {"test_log_likelihood", test.value, "nat", "mean ln p of a test example, partition function exact"});
    out.push_back(
        {"test_log_likelihood_se", test.standard_error, "nat", "its standard error over test examples"});
    out.push_back({"train_log_likelihood", ebm::log_likelihood(rbm, data.train, log_z).value, "nat",
                   "mean ln p of a training example, partition function exact"});
    out.push_back({"log_z", log_z, "nat", "ln of the partition function, exact"});
  }
  const core::Index pseudo = std::min<core::Index>(evaluation.pseudo_examples, data.test.rows());
  if (pseudo > 0) {
    out.push_back({"test_pseudo_log_likelihood",
                   ebm::pseudo_log_likelihood(rbm, data.test.topRows(pseudo)).value, "nat",
                   "mean sum of ln p of each unit given all others, on test examples"});
  }
  out.push_back({"test_reconstruction_error", ebm::reconstruction_error(rbm, data.test), "1",
                 "mean absolute difference between a test pixel and its mean-field reconstruction"});
  out.push_back(
      {"weight_max", rbm.weights.cwiseAbs().maxCoeff(), "nat", "largest absolute weight, in logits"});
  return out;
}

}  // namespace ohmlab::lab
