#include "learner.hpp"

#include <array>
#include <concepts>
#include <type_traits>

#include <fmt/format.h>

#include "../core/errors.hpp"
#include "../core/field_values.hpp"
#include "../core/parallel.hpp"
#include "../ebm/class_scores.hpp"
#include "../ebm/exact.hpp"
#include "../ebm/goodness_scores.hpp"
#include "../ebm/likelihood.hpp"
#include "../ebm/log_sums.hpp"
#include "../lab/results/checkpoint.hpp"
#include "../lab/results/warnings.hpp"

namespace ohmlab::python {
namespace {

using core::Index;
using core::Matrix;
using core::MatrixD;
using core::VectorD;

/// Keys of the experiment `train` that belong to its data and its report.
constexpr std::array<const char*, 5> foreign{"data", "evaluation", "twin_formats", "chip_formats",
                                             "training.until"};
constexpr Index most_units = Index{1} << 24, most_classes = 256;  // labels have 8 bits

experiments::Learning read_config(const core::Node& tree) {
  for (const char* key : foreign) {
    if (const core::Node* found = core::find_key(tree, key)) {
      throw core::UserError(found->where, key, "",
                            "expected no such key: a learner is given its examples, and its "
                            "owner scores it");
    }
  }
  core::Node whole = tree;
  core::Node data;
  data.table().emplace("kind", core::Node{std::string("bars_and_stripes"), {}});
  whole.table().insert_or_assign("data", std::move(data));
  return core::read<experiments::Learning>(whole);
}

Index checked(const char* argument, Index value, Index low, Index high) {
  if (value >= low && value <= high) return value;
  throw core::UserError({fmt::format("argument {}", argument), 0}, "", std::to_string(value),
                        fmt::format("expected {} to {}", low, high));
}

bool is_binary(const Matrix& inputs) {
  return ((inputs.array() == 0) || (inputs.array() == 1)).all();
}

/// Raises a flag during its lifetime.
class Raised {
 public:
  explicit Raised(bool& flag) : flag_(flag) { flag_ = true; }
  ~Raised() { flag_ = false; }
  Raised(const Raised&) = delete;
  Raised& operator=(const Raised&) = delete;

 private:
  bool& flag_;
};

MatrixD softmax(MatrixD scores) {
  for (Index row = 0; row < scores.rows(); ++row) {
    const VectorD of = scores.row(row);
    const double sum = ebm::log_sum_exp({of.data(), static_cast<std::size_t>(of.size())});
    scores.row(row) = (of.array() - sum).exp();
  }
  return scores;
}

}  // namespace

Learner::Learner(core::Node config, Index units, Index classes)
    : tree_(std::move(config)),
      config_(read_config(tree_)),
      units_(checked("units", units, 1, most_units)),
      classes_(checked("classes", classes, 0, most_classes)) {
  doubts_ = core::doubts_of(config_, tree_);
  const Matrix none(0, units_);
  network_.emplace(config_.plan_for({none, none, {}, {}, classes_, true}), config_.neuron,
                   static_cast<std::uint64_t>(config_.seed), tally_->tally, config_.arrays());
  trainer_.emplace(*network_, config_.rule.recipe(), config_.dynamics, config_.training);
  for (const ebm::CouplingPlan& coupling : network_->plan().couplings)
    tally_->arrays.insert(coupling.name);
}

/// Work that posts to the tally.
template <class Work>
auto Learner::posting(const Work& work) {
  const std::scoped_lock lock(tally_->mutex);
  if (tally_->stage) {
    throw core::UserError({"argument stage", 0}, "", "",
                          "expected no open stage of the tally: learning has its own");
  }
  return work();
}

/// Work on examples that are fetched from memory, in a stage of its own.
template <class Work>
auto Learner::infer(std::string_view stage, const Matrix& inputs, const Work& work) {
  return posting([&] {
    const cost::Tally::Stage during(tally_->tally, stage);
    network_->edge().fetches(tally_->tally.component("examples"),
                             (is_binary(inputs) ? 1 : 8) * static_cast<double>(inputs.size()));
    return work();
  });
}

void Learner::start(const Matrix& inputs) {
  if (started_) return;
  posting([&] { network_->initialise(ebm::frequencies(inputs)); });
  started_ = true;
}

void Learner::learn(const Matrix& inputs, const std::vector<std::uint8_t>& labels,
                    std::int64_t passes, results::Progress& progress) {
  const std::scoped_lock lock(mutex_);
  const bool binary = is_binary(inputs);
  if (!binary && config_.model.family() == ebm::Family::boltzmann) {
    throw core::UserError({"argument X", 0}, "", "",
                          "expected 0 and 1 only: the units of a Boltzmann machine are binary");
  }
  if (learning_)
    throw core::UserError("a listener cannot make the learner learn that it listens to");
  start(inputs);
  at_.batch = 0;
  at_.ended = false;
  const std::int64_t end = at_.epoch + passes;
  experiments::Course course = experiments::course_of(config_.training, config_.seed);
  course.epochs = std::max(course.epochs, end);
  if (passes < 1) return;
  const Raised learning(learning_);
  progress.begin("training", end);
  experiments::run_epochs(course, {inputs, inputs, labels, labels, classes_, binary}, at_,
                          {.learn = [&](const ebm::Examples& batch, double factor) {
    posting([&] { trainer_->step(batch, factor); });
  }, .after_epoch = [&](std::int64_t done) {
    progress.advance(done, "");
    return done == end;
  }, .after_batch = [&] {
    if (progress.interrupted()) throw results::Interrupted();
  }});
  require_finite();
}

void Learner::require_finite() {
  const ebm::Parameters held = network_->parameters();
  bool finite = true;
  for (const MatrixD& weights : held.weights) finite = finite && weights.allFinite();
  for (const VectorD& bias : held.biases) finite = finite && bias.allFinite();
  if (finite) return;
  throw core::UserError({}, "training.rate", fmt::format("{}", config_.training.rate),
                        "expected a lower rate: the weights are no longer finite");
}

void Learner::refuse(std::string_view what) const {
  throw core::UserError({}, "model", fmt::format("\"{}\"", config_.model.kind()),
                        fmt::format("expected a model with {}", what));
}

/// \param what  what is asked of the model, for the message
ebm::RbmParameters Learner::rbm(std::string_view what) {
  if (!config_.model.is<ebm::RbmModel>()) refuse(what);
  return ebm::RbmModel::sides(network_->parameters());
}

MatrixD Learner::hidden(const Matrix& inputs, bool as_read) {
  const std::scoped_lock lock(mutex_);
  const ebm::RbmParameters of = rbm("hidden units given the visible ones: \"rbm\"");
  if (as_read) {
    return infer("infer", inputs, [&]() -> MatrixD {
      ebm::States states(2);
      states[0].state = ebm::inputs_of(network_->plan().layers[0], inputs);
      network_->compute(1, states, {}, states[1]);
      return states[1].mean.cast<double>();
    });
  }
  constexpr Index slice = 64;  // fixed: results do not depend on the number of threads
  MatrixD out(inputs.rows(), of.weights.cols());
  core::for_slices(inputs.rows(), slice, static_cast<double>(of.weights.size()),
                   [&](Index begin, Index end) {
    const MatrixD fields = (inputs.middleRows(begin, end - begin).cast<double>() /
                            of.visible_units.scale() * of.weights)
                               .rowwise() +
                           of.hidden_bias;
    out.middleRows(begin, end - begin) = (1 + (-fields.array()).exp()).inverse().matrix();
  });
  return out;
}

MatrixD Learner::gibbs(const Matrix& inputs, std::int64_t steps) {
  const std::scoped_lock lock(mutex_);
  static_cast<void>(rbm("one hidden layer to sample by: \"rbm\""));
  return infer("sample", inputs, [&]() -> MatrixD {
    ebm::States states(2);
    states[0].state = ebm::inputs_of(network_->plan().layers[0], inputs);
    for (std::int64_t step = 0; step < steps; ++step) {
      network_->compute(1, states, {}, states[1]);
      network_->compute(0, states, {}, states[0]);
    }
    return states[0].state.cast<double>() * network_->plan().layers[0].law.scale();
  });
}

VectorD Learner::free_energy(const Matrix& inputs) {
  const std::scoped_lock lock(mutex_);
  return ebm::free_energy(rbm("a free energy: \"rbm\""), inputs);
}

VectorD Learner::pseudo_log_likelihood(const Matrix& inputs) {
  const std::scoped_lock lock(mutex_);
  const ebm::RbmParameters of = rbm("a pseudo-likelihood: \"rbm\"");
  if (of.visible_units.is<ebm::GaussianUnits>()) refuse("units that are not Gaussian");
  VectorD out(inputs.rows());
  core::for_slices(inputs.rows(), 1, static_cast<double>(of.weights.size() * inputs.cols()),
                   [&](Index row, Index) {
    out[row] = ebm::pseudo_log_likelihood(of, inputs.middleRows(row, 1)).value;
  });
  return out;
}

double Learner::log_z() {
  const std::scoped_lock lock(mutex_);
  return ebm::exact_log_z(rbm("a partition function: \"rbm\""));
}

MatrixD Learner::outputs(const Matrix& inputs, bool as_read) {
  const std::scoped_lock lock(mutex_);
  if (!as_read) return exact_outputs(inputs);
  cost::Edge& edge = network_->edge();
  const auto settled = [&](std::int64_t sweeps) {
    MatrixD out = ebm::outputs_as_read(*network_, inputs, config_.dynamics, sweeps);
    edge.adds(network_->neurons(network_->plan().layers.size() - 1),
              static_cast<double>(out.size()), ebm::edge_bits);  // the largest of them
    return out;
  };
  return infer("infer", inputs, [&] {
    return config_.model.visit([&](const auto& model) -> MatrixD {
      using Model = std::remove_cvref_t<decltype(model)>;
      if constexpr (std::same_as<Model, ebm::ClassRbmModel>) {
        const MatrixD scores = ebm::label_scores_as_read(*network_, inputs);
        const auto labels = static_cast<double>(scores.size());
        const auto units = network_->neurons(1);
        edge.sigmoids(units, labels);  // the softmax, by a table of exponentials
        edge.adds(units, 2 * labels, ebm::edge_bits);
        edge.multiplies(units, labels, ebm::edge_bits);
        return softmax(scores);
      } else if constexpr (std::same_as<Model, ebm::PredictiveModel>) {
        return settled(0);
      } else if constexpr (std::same_as<Model, ebm::ForwardForwardModel>) {
        MatrixD out = ebm::goodness_as_read(*network_, inputs);
        edge.adds(network_->neurons(1), static_cast<double>(out.size()), ebm::edge_bits);
        return out;
      } else if constexpr (requires { model.settle_steps; }) {
        return settled(model.settle_steps);
      } else {
        refuse("outputs for classes");
      }
    });
  });
}

MatrixD Learner::exact_outputs(const Matrix& inputs) {
  const ebm::Parameters held = network_->parameters();
  return config_.model.visit([&](const auto& model) -> MatrixD {
    using Model = std::remove_cvref_t<decltype(model)>;
    if constexpr (std::same_as<Model, ebm::ClassRbmModel>) {
      return softmax(ebm::label_scores(inputs.cast<double>() * held.weights[0], held.biases[2],
                                       held.weights[1], held.biases[1]));
    } else if constexpr (std::same_as<Model, ebm::PredictiveModel>) {
      return ebm::forward_outputs(held, inputs);
    } else if constexpr (std::same_as<Model, ebm::ForwardForwardModel>) {
      return ebm::summed(held.plan, ebm::goodness_by_layer(held, inputs));
    } else if constexpr (requires { model.settle_steps; }) {
      return ebm::settled_outputs(held, inputs, model.settle_steps);
    } else {
      refuse("outputs for classes");
    }
  });
}

void Learner::wait(double seconds) {
  const std::scoped_lock lock(mutex_);
  posting([&] {
    for (std::size_t c = 0; c < network_->plan().couplings.size(); ++c)
      network_->weights(c).wait(seconds);
  });
}

ebm::Parameters Learner::parameters() {
  const std::scoped_lock lock(mutex_);
  return network_->parameters();
}

ebm::Figures Learner::figures() {
  const std::scoped_lock lock(mutex_);
  return experiments::figures_of(*network_);
}

std::vector<std::string> Learner::warnings() {
  results::Result seen;
  experiments::append(figures(), seen.quality);
  std::vector<std::string> out;
  for (const results::Warning& warning : results::warnings_of(seen)) out.push_back(warning.text);
  return out;
}

std::int64_t Learner::passes() {
  const std::scoped_lock lock(mutex_);
  return at_.epoch;
}

void Learner::state(core::Archive& archive) {
  const std::scoped_lock both(mutex_, tally_->mutex);
  at_.state(archive);
  archive.item("started", started_);
  trainer_->state(archive);
  tally_->tally.state(archive);
}

}  // namespace ohmlab::python
