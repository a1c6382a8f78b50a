#include "trainer.hpp"

#include <algorithm>
#include <cassert>

#include <fmt/format.h>

#include "../core/parallel.hpp"
#include "../cost/stages.hpp"
#include "held.hpp"
#include "label_shares.hpp"

namespace ohmlab::ebm {

std::string training_problem(Family family, const Training& training, const Neuron& neuron,
                             const Dynamics& dynamics, const Rule& rule) {
  for (const std::string& problem :
       {misfit(family, neuron), misfit(family, dynamics), misfit(family, rule)}) {
    if (!problem.empty()) return problem;
  }
  if (training.momentum > 0 && training.update == Update::two_phase) {
    return "training.momentum needs training.update = \"differenced\": pulses of each phase leave "
           "no change to keep";
  }
  if (training.statistics == Statistics::means && !neuron.gives_means()) {
    return fmt::format(
        "training.statistics = \"means\" needs neurons that give means; \"{}\" gives drawn states "
        "only (use \"samples\", or neuron = \"adc\")",
        neuron.kind());
  }
  for (const Phase& phase : rule.recipe().phases) {
    if (phase.shows_labels && training.statistics == Statistics::samples) {
      return "the rule weighs means of hidden units by the exact law of labels: expected "
             "training.statistics = \"means\"";
    }
    if (phase.ladder && phase.ladder->scaling == Scaling::field && !neuron.gives_means()) {
      return fmt::format(
          "rule.scaling = \"field\" needs neurons that give numbers before they decide; the noise "
          "of a \"{}\" has one temperature (use rule.scaling = \"drivers\", or neuron = \"adc\")",
          neuron.kind());
    }
  }
  return "";
}

Trainer::Trainer(Network& network, const Recipe& recipe, const Dynamics& dynamics,
                 const Training& training)
    : network_(network),
      recipe_(recipe),
      dynamics_(dynamics),
      training_(training),
      seen_(recipe.phases.size(), States(network.plan().layers.size())) {
  for (std::size_t p = 0; p < recipe_.phases.size(); ++p) {
    const Phase& phase = recipe_.phases[p];
    if (phase.start == Start::chains) start_chains(seen_[p]);
    if (phase.ladder) tempering_.emplace(network_, *phase.ladder, chains());
  }
  hold_activities();
  if (training_.update == Update::differenced)
    difference_.emplace(network_.edge(), network_.plan(), training_.momentum);
  if (recipe_.offsets) centring_.emplace(network_, *recipe_.offsets);
}

void Trainer::step(const Examples& batch, double factor) {
  if (recipe_.random_sign) turn_signs();
  if (recipe_.copies == 1) {
    learn(batch, batch, factor);
    return;
  }
  const core::Matrix inputs = batch.inputs.replicate(recipe_.copies, 1);
  core::Matrix targets;
  if (batch.targets) targets = batch.targets->replicate(recipe_.copies, 1);
  learn(batch, {inputs, batch.targets ? &targets : nullptr, batch.input_bits}, factor);
}

void Trainer::learn(const Examples& fetched, const Examples& batch, double factor) {
  cost::Tally& tally = network_.edge().tally();
  for (std::int64_t turn = 0; turn < recipe_.turns; ++turn) {
    {
      const Network::KeptInputs kept(network_);
      for (std::size_t p = 0; p < recipe_.phases.size(); ++p) {
        const cost::Tally::Stage stage(tally, recipe_.phases[p].stage);
        if (p == 0 && turn == 0) fetch(fetched);
        network_.begin_phase(p);
        run(recipe_.phases[p], batch, turn > 0, seen_[p]);
      }
    }
    network_.begin_phase(0);
    const cost::Tally::Stage stage(tally, "train: update");
    write(seen_, factor);
  }
}

void Trainer::write(const std::vector<States>& seen, double factor) {
  if (centring_) move_offsets(seen);
  if (difference_) {
    write_difference(seen, factor);
  } else {
    write_pieces(seen, factor);
  }
}

void Trainer::state(core::Archive& archive) {
  if (recipe_.random_sign) archive.item("updates", updates_);
  for (std::size_t p = 0; p < recipe_.phases.size(); ++p) {
    if (recipe_.phases[p].start != Start::chains) continue;
    for (std::size_t l = 0; l < seen_[p].size(); ++l) {
      archive.item(fmt::format("chains{}.{}", p, l), seen_[p][l].state);
    }
  }
  if (tempering_) {
    const core::Archive::Part part(archive, "replicas");
    tempering_->state(archive);
  }
  if (difference_) {
    const core::Archive::Part part(archive, "difference");
    difference_->state(archive);
  }
  if (centring_) {
    const core::Archive::Part part(archive, "offsets");
    centring_->state(archive);
  }
  const core::Archive::Part part(archive, "network");
  network_.state(archive);
}

/// Fetches the batch from main memory: inputs, and targets if a layer holds labels.
void Trainer::fetch(const Examples& batch) {
  const auto& layers = network_.plan().layers;
  const bool labelled = std::any_of(layers.begin(), layers.end(), [](const LayerPlan& layer) {
    return layer.role == Role::label;
  });
  const double targets = labelled ? static_cast<double>(batch.targets->size()) : 0;
  network_.edge().fetches(network_.edge().tally().component("examples"),
                          batch.input_bits * static_cast<double>(batch.inputs.size()) + targets);
}

/// Runs a phase: initial states, held layers, sweeps.
void Trainer::run(const Phase& phase, const Examples& batch, bool goes_on, States& states) {
  if (phase.shows_labels) return show_all_labels(network_, batch, states);
  std::vector<bool> free(states.size(), true);
  std::vector<Nudge> nudges(states.size());
  if (!goes_on) begin(phase, batch.inputs.rows(), states);
  hold(phase, batch, states, free, nudges);
  if (phase.predicts) {
    predict(states);
    return;
  }
  if (phase.ladder) {
    tempering_->run(free, nudges, phase.steps, states);
    return;
  }
  dynamics_.visit(
      [&](const auto& dynamics) { dynamics.run(network_, free, nudges, phase.steps, states); });
}

/// Predicts every layer from the values of all others, and keeps the errors. Layers are computed
/// one after the other, from what is held.
void Trainer::predict(States& states) {
  Activity predicted;
  for (std::size_t l = 0; l < states.size(); ++l) {
    network_.compute(l, states, {}, predicted);
    states[l].error =
        states[l].state -
        (training_.statistics == Statistics::means ? predicted.mean : predicted.state);
    network_.edge().adds(network_.neurons(l), static_cast<double>(states[l].error.size()),
                         edge_bits);
  }
}

/// A fair coin that is a function of the seed and the number of the update.
void Trainer::turn_signs() {
  float coin = 0;
  core::fill_uniform(core::stream(network_.seed(), core::StreamId::nudge_sign), updates_++, 0,
                     {&coin, 1});
  sign_ = coin < 0.5F ? -1.0F : 1.0F;
  network_.edge().random_words(network_.edge().tally().component("nudge"), 1, 1);
}

void Trainer::begin(const Phase& phase, core::Index batch, States& states) {
  if (phase.start == Start::previous) states = seen_[phase.from];
  if (phase.start != Start::rest) return;
  for (std::size_t l = 0; l < states.size(); ++l) {
    states[l].state.setZero(batch, network_.plan().layers[l].units);
    states[l].mean = states[l].state;
    states[l].value.resize(0, 0);
  }
}

/// Holds layers at the example's values or on the way to them, and gives nudged ones their targets.
void Trainer::hold(const Phase& phase, const Examples& batch, States& states,
                   std::vector<bool>& free, std::vector<Nudge>& nudges) {
  for (std::size_t l = 0; l < states.size(); ++l) {
    const LayerPlan& layer = network_.plan().layers[l];
    if (layer.role == Role::label && phase.nudge != 0) {
      assert(batch.targets);
      nudges[l] = {batch.targets, sign_ * static_cast<float>(phase.nudge)};
    }
    if (layer.role == Role::label && phase.clamp != 0) {
      clamp(l, static_cast<float>(phase.clamp), *batch.targets, states[l]);
      free[l] = false;
      continue;
    }
    if (layer.role == Role::hidden || !phase.holds(layer.role)) continue;
    free[l] = false;
    hold_at(network_, l, phase, batch, states);
  }
}

/// Holds a layer at a share of the way from its state to the targets.
void Trainer::clamp(std::size_t layer, float share, const core::Matrix& targets, Activity& units) {
  units.state += share * (targets - units.state);
  units.mean = units.state;
  const auto values = static_cast<double>(units.state.size());
  const auto component = network_.neurons(layer);
  network_.edge().adds(component, 2 * values, edge_bits);
  if (share != 1) network_.edge().multiplies(component, values, edge_bits);
}

/// Writes the pieces of all phases to every coupling, and the sums of their column signals to the
/// biases.
void Trainer::write_pieces(const std::vector<States>& seen, double factor) {
  const NetworkPlan& plan = network_.plan();
  std::vector<core::Matrix> scratch(3 * recipe_.pieces.size());
  for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
    const std::size_t row = plan.couplings[c].rows, col = plan.couplings[c].cols;
    auto next = scratch.begin();
    std::vector<crossbar::OuterProduct> products;
    for (const Piece& piece : recipe_.pieces) {
      const States& states = seen[piece.phase];
      const core::Matrix& rows = signal(piece.row, row, states, shows_mean(row, col), *next++);
      const core::Matrix& all = signal(piece.column, col, states, shows_mean(col, row), *next++);
      const core::Matrix& cols = for_rows(rows.rows(), all, *next++);
      products.push_back({rows, cols, training_.rate * share_of(piece, states, factor)});
    }
    network_.weights(c).update(products);
    if (centring_) centring_->shift_biases(c, products);
  }
  for (const Piece& piece : recipe_.pieces) {
    if (piece.biases) write_biases(piece, seen[piece.phase], factor);
  }
}

void Trainer::write_biases(const Piece& piece, const States& states, double factor) {
  const double share = share_of(piece, states, factor);
  cost::Edge& edge = network_.edge();
  const auto biases = edge.tally().component("biases");
  core::Matrix scratch;
  double registers = 0, added = 0;
  for (std::size_t l = 0; l < states.size(); ++l) {
    const core::Matrix& units = signal(piece.column, l, states, shows_mean(l, l), scratch);
    network_.bias(l) += static_cast<float>(training_.bias_rate * share) * units.colwise().sum();
    registers += static_cast<double>(units.cols());
    added += static_cast<double>(units.size());
  }
  edge.adds(biases, added, 16);
  edge.multiplies(biases, registers, 16);
  edge.buffers(biases, registers, registers, 16);
}

/// Scale of one example of a piece.
double Trainer::share_of(const Piece& piece, const States& states, double factor) const {
  return sign_ * piece.scale * factor / static_cast<double>(states[0].state.rows());
}

/// Forms the sum of all pieces digitally and writes it row by row.
void Trainer::write_difference(const std::vector<States>& seen, double factor) {
  const NetworkPlan& plan = network_.plan();
  const std::size_t pieces = recipe_.pieces.size();
  std::vector<core::Matrix> scratch(pieces * (3 * plan.couplings.size() + plan.layers.size()));
  auto next = scratch.begin();
  std::vector<std::vector<Product>> products(plan.couplings.size());
  std::vector<std::vector<Sum>> sums(plan.layers.size());
  for (const Piece& piece : recipe_.pieces) {
    const States& states = seen[piece.phase];
    const auto scale_of = [&](const core::Matrix& signals) {  // of the mean over rows
      return sign_ * piece.scale * static_cast<double>(signals.rows()) /
             static_cast<double>(states[0].state.rows());
    };
    for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
      const std::size_t row = plan.couplings[c].rows, col = plan.couplings[c].cols;
      const bool means = shows_mean(row, col);
      const core::Matrix& rows = signal(piece.row, row, states, means, *next++);
      const core::Matrix& all = signal(piece.column, col, states, shows_mean(col, row), *next++);
      const core::Matrix& cols = for_rows(rows.rows(), all, *next++);
      products[c].push_back({rows, cols, scale_of(rows),
                             !means && piece.row == &activity && network_.draws_bits(row),
                             piece.row == &one, piece.column == &one});
    }
    for (std::size_t l = 0; l < states.size(); ++l) {
      const core::Matrix* const units =
          piece.biases ? &signal(piece.column, l, states, shows_mean(l, l), *next++) : nullptr;
      sums[l].push_back({units, units ? scale_of(*units) : 0});
    }
  }
  difference_->form(products, sums);
  for (std::size_t c = 0; c < plan.couplings.size(); ++c) {
    const core::Matrix& change = difference_->scaled(c, training_.rate * factor);
    network_.increment(c, change);
    if (centring_) centring_->shift_biases(c, change);
  }
  for (std::size_t l = 0; l < plan.layers.size(); ++l)
    network_.bias(l) += static_cast<float>(training_.bias_rate * factor) * difference_->bias(l);
}

/// Signals of a column side as a row side of so many rows meets them: where only the columns have a
/// row for each label, their sums over labels.
const core::Matrix& Trainer::for_rows(core::Index rows, const core::Matrix& signals,
                                      core::Matrix& scratch) {
  if (signals.rows() == rows) return signals;
  scratch = folded(signals, rows);
  return scratch;
}

/// True if a layer shows its mean to a coupling: of the two sides, the one that a sweep computes
/// last does. Its mean is conditioned on the other side's state. The product has the expectation of
/// the product of states, with less noise. To its own biases a layer shows its mean unless it is in
/// the first group.
bool Trainer::shows_mean(std::size_t layer, std::size_t other) const {
  if (training_.statistics != Statistics::means) return false;
  return layer == other ? network_.group_of(layer) > 0
                        : network_.group_of(layer) > network_.group_of(other);
}

/// \param scratch  holds the signal unless it is the activity itself
const core::Matrix& Trainer::signal(Signal of_unit, std::size_t layer, const States& states,
                                    bool mean, core::Matrix& scratch) const {
  const Activity& of = states[layer];
  const core::Matrix& shown = mean ? of.mean : of.state;
  if (of_unit == &activity) return shown;
  constexpr core::Index slice = 8;  // fixed: results do not depend on the number of threads
  const bool errors = of.error.size() > 0, scalars = of.gain.size() > 0,
             shares = of.share.size() > 0;
  const core::Vector* const offsets = centring_ ? &centring_->of(layer) : nullptr;
  scratch.resize(shown.rows(), shown.cols());
  core::for_slices(shown.rows(), slice, static_cast<double>(4 * shown.cols()),
                   [&](core::Index begin, core::Index end) noexcept {
    for (core::Index row = begin; row < end; ++row) {
      for (core::Index k = 0; k < shown.cols(); ++k) {
        scratch(row, k) = of_unit({.activity = shown(row, k),
                                   .error = errors ? of.error(row, k) : 0,
                                   .offset = offsets ? (*offsets)[k] : 0,
                                   .positive = scalars ? of.positive[row] : 0,
                                   .gain = scalars ? of.gain[row] : 0,
                                   .share = shares ? of.share(row, 0) : 1});
      }
    }
  });
  return scratch;
}

/// Moves the offsets to the means that biases see.
void Trainer::move_offsets(const std::vector<States>& seen) {
  std::vector<core::Vector> means(network_.plan().layers.size());
  for (std::size_t l = 0; l < means.size(); ++l) {
    means[l].setZero(network_.plan().layers[l].units);
    for (const std::size_t phase : recipe_.offsets->phases) {
      const Activity& of = seen[phase][l];
      means[l] += (shows_mean(l, l) ? of.mean : of.state).colwise().mean();
    }
    means[l] /= static_cast<float>(recipe_.offsets->phases.size());
  }
  centring_->move(means);
}

core::Index Trainer::rows_of(const Phase& phase) const {
  return phase.start == Start::chains && recipe_.chains > 0 ? recipe_.chains
                                                            : training_.batch * recipe_.copies;
}

std::vector<crossbar::Figure> Trainer::figures() const {
  return tempering_ ? tempering_->figures() : std::vector<crossbar::Figure>{};
}

}  // namespace ohmlab::ebm
