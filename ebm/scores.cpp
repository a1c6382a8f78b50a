#include "scores.hpp"

#include <algorithm>
#include <cassert>
#include <cmath>

#include "dynamics/gibbs.hpp"
#include "exact.hpp"
#include "kernel.hpp"
#include "untouched.hpp"

namespace ohmlab::ebm {

Figures rbm_figures(const RbmParameters& rbm, const Task& task, const Evaluation& evaluation) {
  Figures out;
  if (enumerable(rbm)) {
    const double log_z = exact_log_z(rbm);
    const Estimate test = log_likelihood(rbm, task.test, log_z);
    out.push_back({"test_log_likelihood", test.value, "nat",
                   "mean ln p of a test example, partition function exact"});
    if (test.standard_error) {
      out.push_back({"test_log_likelihood_se", *test.standard_error, "nat",
                     "its standard error over test examples"});
    }
    out.push_back({"train_log_likelihood", log_likelihood(rbm, task.train, log_z).value, "nat",
                   "mean ln p of a training example, partition function exact"});
    out.push_back({"log_z", log_z, "nat", "ln of the partition function, exact"});
  }
  const core::Index pseudo = std::min<core::Index>(evaluation.pseudo_examples, task.test.rows());
  if (pseudo > 0 && !rbm.visible_units.is<GaussianUnits>()) {
    out.push_back({"test_pseudo_log_likelihood",
                   pseudo_log_likelihood(rbm, task.test.topRows(pseudo)).value, "nat",
                   "mean sum of ln p of each unit given all others, on test examples"});
  }
  out.push_back(
      {"test_reconstruction_error", reconstruction_error(rbm, task.test), "1",
       "mean absolute difference between a test pixel and its mean-field reconstruction"});
  out.push_back({"weight_max", rbm.weights.cwiseAbs().maxCoeff(), "nat",
                 "largest absolute weight, in logits"});
  return out;
}

Figures fitted_figures(const RbmParameters& rbm, const Task& task) {
  if (!enumerable(rbm) || !rbm.visible_units.tempers()) return {};
  const double inv_temp = fitted_inv_temp(rbm, task.train);
  const RbmParameters fitted = at_inv_temp(rbm, inv_temp);
  return {
      {"inv_temp", inv_temp, "1", "inverse temperature fitted to the training examples"},
      {"test_log_likelihood_fitted", log_likelihood(fitted, task.test, exact_log_z(fitted)).value,
       "nat", "mean ln p of a test example at that inverse temperature"}};
}

Figures chain_figures(const RbmParameters& rbm, const crossbar::Array& array) {
  if (rbm.weights.rows() + rbm.weights.cols() > chain_units) return {};
  assert(rbm.visible_units.is<BinaryUnits>());  // as comparators are refused for others
  const core::VectorD chain =
      stationary(hardware_kernel(rbm, array.decision_law(crossbar::Direction::to_cols),
                                 array.decision_law(crossbar::Direction::to_rows)));
  return {{"chain_kl", kl_divergence(chain, boltzmann(rbm)), "nat",
           "KL divergence of the comparators' chain from the Boltzmann machine of the weights"}};
}

Figures annealed_figures(const RbmParameters& rbm, const Task& task, const Evaluation& evaluation,
                         std::uint64_t seed) {
  constexpr double enough_chains = 20, agreement = 1;
  const Annealing& ais = evaluation.ais;
  if (ais.temperatures == 0) return {};
  const core::VectorD frequency = frequencies(task.train);
  const core::VectorD base =
      frequency.unaryExpr([&](double mean) { return rbm.visible_units.start_bias(mean); });
  const core::Matrix few = task.test.topRows(std::min<core::Index>(ais.examples, task.test.rows()));
  const AnnealedLogZ annealed = annealed_log_z(rbm, base, ais, seed);
  const Estimate test = log_likelihood(rbm, task.test, annealed.log_z);
  const Estimate conservative = conservative_log_likelihood(rbm, base, few, ais, seed);
  const double optimistic = log_likelihood(rbm, few, annealed.log_z).value;
  const bool converged = annealed.effective_chains >= enough_chains &&
                         std::abs(optimistic - conservative.value) <= agreement;

  const std::string how = converged ? "" : ": UNCONVERGED, OPTIMISTIC";
  Figures out{
      {"ais_test_log_likelihood", test.value, "nat",
       "mean ln p of a test example, ln Z by annealing" + how},
      {"ais_few_log_likelihood", optimistic, "nat",
       "the same on the examples of reverse annealing"},
      {"ais_conservative", conservative.value, "nat",
       "mean ln p of those by reverse annealing: a lower bound of the annealed process, not of the "
       "machine"},
      {"ais_log_z", annealed.log_z, "nat", "ln of the partition function by annealing" + how},
      {"ais_effective_chains", annealed.effective_chains, "1", "chains that carry the weight"},
      {"ais_converged", converged ? 1.0 : 0.0, "1",
       "1 if at least 20 chains carry the weight and both estimates agree within 1 nat"},
  };
  if (converged && test.standard_error) {
    out.push_back({"ais_test_log_likelihood_se",
                   std::hypot(*test.standard_error, annealed.standard_error), "nat",
                   "standard error over test examples and chains"});
  }
  return out;
}

Figures exact_figures(const Parameters& parameters, const Task& task) {
  const ExactLaw law(parameters);
  if (!law.enumerable()) return {};
  const Estimate test = law.log_likelihood(task.test);
  Figures out{{"test_log_likelihood", test.value, "nat",
               "mean ln p of a test example, partition function exact"}};
  if (test.standard_error) {
    out.push_back({"test_log_likelihood_se", *test.standard_error, "nat",
                   "its standard error over test examples"});
  }
  out.push_back({"train_log_likelihood", law.log_likelihood(task.train).value, "nat",
                 "mean ln p of a training example, partition function exact"});
  out.push_back({"log_z", law.log_z(), "nat", "ln of the partition function, exact"});
  return out;
}

Figures independent_figures(const Task& task) {
  return {{"independent_units", independent_units(frequencies(task.train), task.test).value, "nat",
           "mean ln p of a test example if all units were independent"}};
}

Figures independent_figures(const Task& task, const Units& units) {
  if (units.is<BinaryUnits>()) return independent_figures(task);
  const core::VectorD bias =
      frequencies(task.train).unaryExpr([&](double mean) { return units.start_bias(mean); });
  const RbmParameters alone{core::MatrixD::Zero(bias.size(), 1), bias, core::VectorD::Zero(1),
                            units};
  return {{"independent_units", log_likelihood(alone, task.test, exact_log_z(alone)).value, "nat",
           "mean ln p of a test example without hidden units: independent units, or groups"}};
}

double share_wrong(const core::MatrixD& outputs, std::span<const std::uint8_t> labels) {
  double wrong = 0;
  for (core::Index row = 0; row < outputs.rows(); ++row) {
    core::Index largest = 0;
    outputs.row(row).maxCoeff(&largest);
    wrong += largest != core::Index{labels[static_cast<std::size_t>(row)]};
  }
  return wrong / static_cast<double>(outputs.rows());
}

namespace {

/// \param outputs  test examples × classes
Figures figures_of_outputs(const core::MatrixD& outputs, const Task& task) {
  double cost = 0;
  for (core::Index row = 0; row < outputs.rows(); ++row) {
    const core::Index label = task.test_labels[static_cast<std::size_t>(row)];
    for (core::Index k = 0; k < outputs.cols(); ++k)
      cost += std::pow(outputs(row, k) - (k == label ? 1.0 : 0.0), 2) / 2;
  }
  const auto n = static_cast<double>(outputs.rows());
  const double error = share_wrong(outputs, task.test_labels);
  return {
      {"test_error", error, "1", "share of test examples whose largest output is not their label"},
      {"test_error_se", std::sqrt(error * (1 - error) / n), "1",
       "its standard error over test examples"},
      {"test_cost", cost / n, "1",
       "mean of half the squared distance of the outputs from the one-hot label"}};
}

}  // namespace

Figures class_figures(const Parameters& parameters, const Task& task, std::int64_t steps) {
  return figures_of_outputs(settled_outputs(parameters, task.test, steps), task);
}

Figures forward_class_figures(const Parameters& parameters, const Task& task) {
  return figures_of_outputs(forward_outputs(parameters, task.test), task);
}

namespace {

/// States with the inputs held at examples and all others at 0, and one flag per layer.
struct Held {
  States states;
  std::vector<bool> free;
};

Held hold_inputs(const NetworkPlan& plan, const core::ConstRows& examples) {
  Held out{States(plan.layers.size()), std::vector<bool>(plan.layers.size(), true)};
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    const LayerPlan& layer = plan.layers[l];
    out.free[l] = layer.role != Role::input;
    out.states[l].state = out.free[l] ? core::Matrix::Zero(examples.rows(), layer.units).eval()
                                      : inputs_of(layer, examples);
    out.states[l].mean = out.states[l].state;
  }
  return out;
}

/// Sweeps over the free layers.
void sweep(Network& network, std::int64_t sweeps, Held& held) {
  const std::vector<Nudge> none(held.states.size());
  for (std::int64_t k = 0; k < sweeps; ++k)
    GibbsDynamics{}.sweep(network, held.free, none, held.states);
}

}  // namespace

Figures over_reads(const crossbar::Figure& figure, const std::vector<double>& values) {
  const auto n = static_cast<double>(values.size());
  double mean = 0, squares = 0;
  for (const double value : values) mean += value / n;
  for (const double value : values) squares += (value - mean) * (value - mean);
  Figures out{{figure.name, mean, figure.unit,
               figure.meaning + ", as the array reads it, mean over reads"}};
  if (values.size() > 1) {
    out.push_back({figure.name + "_deviation", std::sqrt(squares / (n - 1)), figure.unit,
                   "standard deviation of " + figure.name + " from read to read"});
  }
  return out;
}

Figures reconstruction_as_read(Network& network, const Task& task, std::int64_t sweeps,
                               std::int64_t reads) {
  const Untouched untouched(network);
  std::vector<double> errors;
  for (std::int64_t read = 0; read < reads; ++read) {
    Held held = hold_inputs(network.plan(), task.test);
    sweep(network, sweeps, held);
    for (std::size_t l = 0; l < held.states.size(); ++l) {
      if (held.free[l]) held.states[l].state = held.states[l].mean;
    }
    double sum = 0, count = 0;
    for (std::size_t l = 0; l < held.states.size(); ++l) {
      if (held.free[l]) continue;
      Activity back;
      network.compute(l, held.states, {}, back);
      const double scale = network.plan().layers[l].law.scale();
      sum += scale * (back.mean - held.states[l].state).cast<double>().cwiseAbs().sum();
      count += static_cast<double>(back.mean.size());
    }
    errors.push_back(sum / count);
  }
  return over_reads({"test_reconstruction_error_read", 0, "1",
                     "mean absolute difference between a test pixel and its reconstruction"},
                    errors);
}

Figures rbm_figures_as_read(Network& network, const Task& task, const Evaluation& evaluation,
                            std::int64_t reads) {
  Figures out = reconstruction_as_read(network, task, 1, reads);
  const core::Index pseudo = std::min<core::Index>(evaluation.pseudo_examples, task.test.rows());
  const Units& units = network.plan().layers[0].law;
  if (pseudo == 0 || units.is<GaussianUnits>()) return out;
  const Untouched untouched(network);
  const Parameters held = network.parameters();
  const RbmParameters rbm{held.weights[0], held.biases[0], held.biases[1], units};
  std::vector<double> values;
  for (std::int64_t read = 0; read < reads; ++read) {
    values.push_back(pseudo_log_likelihood(rbm, task.test.topRows(pseudo),
                                           [&](const core::Matrix& visible, core::Matrix& fields) {
      network.weights().read(crossbar::Direction::to_cols, visible, fields);
    }).value);
  }
  for (crossbar::Figure& figure :
       over_reads({"test_pseudo_log_likelihood_read", 0, "nat",
                   "mean sum of ln p of each unit given all others, on test examples"},
                  values))
    out.push_back(std::move(figure));
  return out;
}

Figures conditionals_as_read(Network& network, const Task& task, std::int64_t reads) {
  const Untouched untouched(network);
  const NetworkPlan& plan = network.plan();
  std::vector<double> values;
  for (std::int64_t read = 0; read < reads; ++read) {
    const Held held = hold_inputs(plan, task.test);
    double sum = 0;
    for (std::size_t l = 0; l < plan.layers.size(); ++l) {
      core::Matrix field = network.bias(l).replicate(task.test.rows(), 1),
                   more(field.rows(), field.cols());
      for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
        const CouplingPlan& coupling = plan.couplings[c];
        if (coupling.rows != l && coupling.cols != l) continue;
        const bool forward = coupling.cols == l;
        network.weights(c).read(
            forward ? crossbar::Direction::to_cols : crossbar::Direction::to_rows,
            held.states[forward ? coupling.rows : coupling.cols].state, more);
        field += more;
      }
      const core::MatrixD u = field.cast<double>();
      const core::Matrix& s = held.states[l].state;
      for (core::Index i = 0; i < u.size(); ++i) {
        const double odds = s.data()[i] > 0.5F ? u.data()[i] : -u.data()[i];
        sum -= std::max(-odds, 0.0) + std::log1p(std::exp(-std::abs(odds)));
      }
    }
    values.push_back(sum / static_cast<double>(task.test.rows()));
  }
  return over_reads({"test_pseudo_log_likelihood_read", 0, "nat",
                     "mean sum of ln p of each unit given all others, on test examples"},
                    values);
}

core::MatrixD outputs_as_read(Network& network, const core::ConstRows& examples,
                              const Dynamics& dynamics, std::int64_t sweeps) {
  const std::vector<LayerPlan>& layers = network.plan().layers;
  Held held = hold_inputs(network.plan(), examples);
  const std::vector<Nudge> none(layers.size());
  dynamics.visit(
      [&](const auto& kind) { kind.run(network, held.free, none, sweeps, held.states); });
  std::size_t labels = 0;
  while (layers[labels].role != Role::label) ++labels;
  return held.states[labels].mean.cast<double>();
}

Figures classes_as_read(Network& network, const Task& task, const Dynamics& dynamics,
                        std::int64_t sweeps, std::int64_t reads) {
  const Untouched untouched(network);
  std::vector<double> errors;
  for (std::int64_t read = 0; read < reads; ++read) {
    errors.push_back(
        share_wrong(outputs_as_read(network, task.test, dynamics, sweeps), task.test_labels));
  }
  return over_reads(
      {"test_error_read", 0, "1", "share of test examples whose largest output is not their label"},
      errors);
}

}  // namespace ohmlab::ebm
