#include "ohmlab/lab/evaluate.hpp"

#include <algorithm>
#include <cmath>

#include "ohmlab/ebm/kernel.hpp"

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
  return ebm::mean_of(values);
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
    if (test.standard_error) {
      out.push_back(
          {"test_log_likelihood_se", *test.standard_error, "nat", "its standard error over test examples"});
    }
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

std::vector<Quantity> evaluate_fitted(const ebm::RbmParameters& rbm, const io::Dataset& data) {
  if (!ebm::enumerable(rbm)) return {};
  const double inv_temp = ebm::fitted_inv_temp(rbm, data.train);
  const ebm::RbmParameters fitted = ebm::at_inv_temp(rbm, inv_temp);
  return {
      {"inv_temp", inv_temp, "1", "inverse temperature fitted to the training examples"},
      {"test_log_likelihood_fitted", ebm::log_likelihood(fitted, data.test, ebm::exact_log_z(fitted)).value,
       "nat", "mean ln p of a test example at that inverse temperature"}};
}

std::vector<Quantity> evaluate_chain(const ebm::RbmParameters& rbm, const crossbar::DecisionLaw& law) {
  if (rbm.weights.rows() + rbm.weights.cols() > chain_units) return {};
  const core::VectorD chain = ebm::stationary(ebm::hardware_kernel(rbm, law));
  return {{"chain_kl", ebm::kl_divergence(chain, ebm::boltzmann(rbm)), "nat",
           "KL divergence of the comparators' chain from the Boltzmann machine of the weights"}};
}

std::vector<Quantity> evaluate_by_annealing(const ebm::RbmParameters& rbm, const io::Dataset& data,
                                            const Evaluation& evaluation, std::uint64_t seed) {
  constexpr double enough_chains = 20, agreement = 1;
  const ebm::Annealing& ais = evaluation.ais;
  if (ais.temperatures == 0) return {};
  const core::VectorD frequency = frequencies(data.train);
  const core::VectorD base = (frequency.array() / (1 - frequency.array())).log();
  const core::Matrix few = data.test.topRows(std::min<core::Index>(ais.examples, data.test.rows()));
  const ebm::AnnealedLogZ annealed = ebm::annealed_log_z(rbm, base, ais, seed);
  const ebm::Estimate test = ebm::log_likelihood(rbm, data.test, annealed.log_z);
  const ebm::Estimate conservative = ebm::conservative_log_likelihood(rbm, base, few, ais, seed);
  const double optimistic = ebm::log_likelihood(rbm, few, annealed.log_z).value;
  const bool converged =
      annealed.effective_chains >= enough_chains && std::abs(optimistic - conservative.value) <= agreement;

  const std::string how = converged ? "" : ": UNCONVERGED, OPTIMISTIC";
  std::vector<Quantity> out{
      {"ais_test_log_likelihood", test.value, "nat", "mean ln p of a test example, ln Z by annealing" + how},
      {"ais_few_log_likelihood", optimistic, "nat", "the same on the examples of reverse annealing"},
      {"ais_conservative", conservative.value, "nat",
       "mean ln p of those by reverse annealing: a lower bound of the annealed process, not of the machine"},
      {"ais_log_z", annealed.log_z, "nat", "ln of the partition function by annealing" + how},
      {"ais_effective_chains", annealed.effective_chains, "1", "chains that carry the weight"},
      {"ais_converged", converged ? 1.0 : 0.0, "1",
       "1 if at least 20 chains carry the weight and both estimates agree within 1 nat"},
  };
  if (converged && test.standard_error) {
    out.push_back({"ais_test_log_likelihood_se", std::hypot(*test.standard_error, annealed.standard_error),
                   "nat", "standard error over test examples and chains"});
  }
  return out;
}

}  // namespace ohmlab::lab
