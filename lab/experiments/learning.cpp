#include "learning.hpp"

#include <algorithm>

#include <fmt/format.h>

#include "../../core/errors.hpp"
#include "../../crossbar/exact_arrays.hpp"

namespace ohmlab::experiments {
std::string identifier(std::string name) {
  std::replace_if(name.begin(), name.end(), [](char c) { return c == ' ' || c == '-'; }, '_');
  return name;
}

std::string Learning::problem() const {
  if (training.until && evaluation.every == 0)
    return "training.until needs evaluations on the way: expected evaluation.every above 0";
  if (dynamics.is<ebm::CircuitDynamics>() && array.is<crossbar::IdealArrayModel>()) {
    return "dynamics \"circuit\" joins the lines of cells, and array \"ideal\" has none: expected "
           "array = \"analog\", or dynamics = \"relaxation\"";
  }
  return ebm::training_problem(model.family(), training, neuron, dynamics, rule);
}

ebm::NetworkPlan Learning::plan_for(const ebm::Task& task) const {
  return model.visit([&](const auto& m) {
    const core::Index units = task.train.cols();
    if (const std::string problem = m.problem_with(units, task); !problem.empty())
      throw core::UserError({}, "model", fmt::format("\"{}\"", model.kind()), problem);
    ebm::NetworkPlan plan = m.plan(units, task.classes);
    refuse_neuron(plan);
    refuse_replicas(plan);
    refuse_dynamics(plan);
    refuse_labels(plan);
    refuse_chains(plan);
    refuse_hidden(plan);
    return plan;
  });
}

/// A comparator decides each unit alone, for 0 or 1.
void Learning::refuse_neuron(const ebm::NetworkPlan& plan) const {
  for (const ebm::LayerPlan& layer : plan.layers) {
    if (layer.law.one_of() && !neuron.draws_one_of()) {
      throw core::UserError({}, "neuron", fmt::format("\"{}\"", neuron.kind()),
                            fmt::format("model \"{}\" has {} units of which exactly one is on: "
                                        "expected neurons that draw one of several (\"adc\")",
                                        model.kind(), layer.name));
    }
    if (layer.law.is<ebm::GaussianUnits>() && !neuron.gives_means()) {
      throw core::UserError({}, "neuron", fmt::format("\"{}\"", neuron.kind()),
                            fmt::format("model \"{}\" has {} units of any number, and a "
                                        "comparator decides for 0 or 1: expected \"adc\"",
                                        model.kind(), layer.name));
    }
  }
}

/// Replicas count products of states as their energies, and drivers' voltages as temperatures.
void Learning::refuse_replicas(const ebm::NetworkPlan& plan) const {
  const std::vector<ebm::Phase> phases = rule.recipe().phases;
  const bool ladder = std::any_of(phases.begin(), phases.end(),
                                  [](const ebm::Phase& phase) { return phase.ladder.has_value(); });
  const bool tempers = std::all_of(plan.layers.begin(), plan.layers.end(),
                                   [](const auto& layer) { return layer.law.tempers(); });
  if (!ladder || tempers) return;
  throw core::UserError({}, "rule", fmt::format("\"{}\"", rule.kind()),
                        "Gaussian units have another standard deviation at each inverse "
                        "temperature, which voltages of drivers do not give: expected \"pcd\", "
                        "\"centred\" or \"cd\"");
}

/// Langevin dynamics move units of any number.
void Learning::refuse_dynamics(const ebm::NetworkPlan& plan) const {
  const bool moves = std::any_of(plan.layers.begin(), plan.layers.end(), [](const auto& layer) {
    return layer.law.template is<ebm::GaussianUnits>();
  });
  if (moves || !dynamics.is<ebm::LangevinDynamics>()) return;
  throw core::UserError(
      {}, "dynamics", "\"langevin\"",
      fmt::format("model \"{}\" has no Gaussian units, which alone move: "
                  "expected \"gibbs\", or model.units = \"gaussian\" of an \"rbm\"",
                  model.kind()));
}

/// The exact law of a label is that of machines over an example, its label and one hidden layer.
void Learning::refuse_labels(const ebm::NetworkPlan& plan) const {
  const std::vector<ebm::Phase> phases = rule.recipe().phases;
  const bool shows = std::any_of(phases.begin(), phases.end(),
                                 [](const ebm::Phase& phase) { return phase.shows_labels; });
  const bool labelled = plan.layers.size() == 3 && plan.layers[1].role == ebm::Role::label &&
                        plan.layers[1].law.one_of();
  if (!shows || labelled) return;
  throw core::UserError({}, "rule", fmt::format("\"{}\"", rule.kind()),
                        fmt::format("model \"{}\" has no exact law of a label given its example: "
                                    "expected \"class_rbm\" or \"conditional_rbm\"",
                                    model.kind()));
}

/// Chains that go on from update to update have one context, examples have many.
void Learning::refuse_chains(const ebm::NetworkPlan& plan) const {
  const bool context = std::any_of(plan.layers.begin(), plan.layers.end(), [](const auto& layer) {
    return layer.role == ebm::Role::context || layer.noise;
  });
  const std::vector<ebm::Phase> phases = rule.recipe().phases;
  const bool chains = std::any_of(phases.begin(), phases.end(), [](const ebm::Phase& phase) {
    return phase.start == ebm::Start::chains;
  });
  if (!context || !chains) return;
  throw core::UserError({}, "rule", fmt::format("\"{}\"", rule.kind()),
                        fmt::format("model \"{}\" holds another context in every update, in which "
                                    "persistent chains have no law: expected \"cd\", or "
                                    "\"centred\" with persistent = false",
                                    model.kind()));
}

/// Units can be predicted from all others where examples hold them all.
void Learning::refuse_hidden(const ebm::NetworkPlan& plan) const {
  const bool hidden = std::any_of(plan.layers.begin(), plan.layers.end(), [](const auto& layer) {
    return layer.role == ebm::Role::hidden;
  });
  const std::vector<ebm::Phase> phases = rule.recipe().phases;
  const bool predicts = std::any_of(phases.begin(), phases.end(),
                                    [](const ebm::Phase& phase) { return phase.predicts; });
  if (!hidden || !predicts) return;
  throw core::UserError(
      {}, "rule", fmt::format("\"{}\"", rule.kind()),
      fmt::format("model \"{}\" has hidden units, which no example holds: expected "
                  "a fully visible model (\"graph\"), or \"cd\"",
                  model.kind()));
}

ebm::Network::MakeArray Learning::arrays() const { return crossbar::arrays_of(array); }

std::string_view title_of(const ebm::Model& model) {
  return model.visit([](const auto& m) { return std::string_view(m.title); });
}

void append(const ebm::Figures& figures, std::vector<results::Quantity>& to) {
  for (const crossbar::Figure& figure : figures)
    to.push_back({figure.name, figure.value, figure.unit, figure.meaning});
}

ebm::Figures figures_of(const ebm::Network& network) {
  std::vector<ebm::Figures> each;
  for (std::size_t c = 0; c < network.plan().couplings.size(); ++c)
    each.push_back(network.weights(c).figures());
  return crossbar::together(each);
}

std::vector<results::Parameter> stored_parameters(const ebm::Parameters& parameters) {
  const ebm::NetworkPlan& plan = parameters.plan;
  const auto layer = [&](std::size_t l) { return identifier(plan.layers[l].name); };
  std::vector<results::Parameter> out;
  for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
    const std::string rows = layer(plan.couplings[c].rows), cols = layer(plan.couplings[c].cols);
    out.push_back({identifier(plan.couplings[c].name),
                   {rows, cols},
                   parameters.weights[c],
                   "nat",
                   fmt::format("weights in logits, {} x {}", rows, cols)});
  }
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    out.push_back({layer(l) + "_bias",
                   {layer(l)},
                   parameters.biases[l],
                   "nat",
                   fmt::format("{} biases in logits", layer(l))});
  }
  return out;
}

std::vector<results::Parameter> stored_cells(const ebm::Network& network) {
  const ebm::NetworkPlan& plan = network.plan();
  std::vector<results::Parameter> out;
  for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
    const ebm::CouplingPlan& coupling = plan.couplings[c];
    const std::vector<core::MatrixD> planes = network.weights(c).conductances();
    for (std::size_t p = 0; p < planes.size(); ++p) {
      out.push_back({fmt::format("{}{}{}", identifier(coupling.name), of_cells, p),
                     {identifier(plan.layers[coupling.rows].name),
                      identifier(plan.layers[coupling.cols].name)},
                     planes[p],
                     "S",
                     fmt::format("conductances of plane {} of the cells", p)});
    }
  }
  return out;
}

}  // namespace ohmlab::experiments
