#include "sample.hpp"

#include <cmath>
#include <utility>

#include <fmt/format.h>

#include "../../cost/stages.hpp"
#include "../../crossbar/exact_arrays.hpp"
#include "../../ebm/certificate/certificate.hpp"
#include "../../ebm/dynamics/gibbs.hpp"
#include "../../ebm/tempering.hpp"
#include "learning.hpp"
#include "sample_law.hpp"
#include "sample_report.hpp"
#include "twins.hpp"

namespace ohmlab::experiments {
namespace {

using core::Index;

constexpr double most_bits = 1 << 28;  // kept before and after each draw: 512 MiB

/// The plan as the arrays of a config hold it. Digital memory has the weights of edges alone; an
/// array of cells has one at every crossing, which is programmed to 0 where no edge is.
ebm::NetworkPlan as_held(ebm::NetworkPlan plan, const Sample& config) {
  if (config.array.is<crossbar::IdealArrayModel>()) return plan;
  for (ebm::CouplingPlan& coupling : plan.couplings) {
    ebm::widen(plan, coupling);
    coupling.edges.resize(0, 0);
  }
  return plan;
}

/// Programs the law into the arrays of a network, and its biases into the registers.
void program(const SampledLaw& law, ebm::Network& network) {
  const cost::Tally::Stage stage(network.edge().tally(), cost::start_stage);
  for (std::size_t c = 0; c < law.plan.couplings.size(); ++c) {
    if (crossbar::EdgeArray* const edges = network.along_edges(c)) {
      edges->program_edges(law.edge_weights(c));
    } else {
      network.weights(c).program(law.weights(c));
    }
  }
  for (std::size_t l = 0; l < law.plan.layers.size(); ++l) network.bias(l) = law.biases(l);
}

/// States of all chains at the start: each unit 0 or 1 with equal odds.
ebm::States start(ebm::Network& network, Index chains) {
  ebm::States states(network.plan().layers.size());
  cost::Edge& edge = network.edge();
  const cost::Tally::Stage stage(edge.tally(), cost::start_stage);
  for (std::size_t l = 0; l < states.size(); ++l) {
    core::Matrix& state = states[l].state;
    state.resize(chains, network.plan().layers[l].units);
    core::fill_uniform(
        core::stream(network.seed(), core::StreamId::chain_init, static_cast<std::uint32_t>(l)), 0,
        0, {state.data(), static_cast<std::size_t>(state.size())});
    state = state.array().round();
    edge.random_words(edge.tally().component("chains"), static_cast<double>(state.size()), 1);
  }
  return states;
}

/// Replicas of all chains, if the sampler has any.
std::optional<ebm::Tempering> replicas_of(const Sample& config, ebm::Network& network) {
  std::optional<ebm::Ladder> ladder = config.sampler.ladder();
  if (!ladder) return {};
  return std::optional<ebm::Tempering>(std::in_place, network, std::move(*ladder), config.chains);
}

constexpr const char* sweep_stage = "sample: sweep";

/// Exchanges states of replicas, if there are any.
void exchange(ebm::Network& network, std::optional<ebm::Tempering>& replicas, ebm::States& states) {
  const cost::Tally::Stage stage(network.edge().tally(), sweep_stage);
  if (replicas) replicas->exchange(states);
}

/// One sweep of all chains.
void sweep(ebm::Network& network, std::optional<ebm::Tempering>& replicas, const ebm::Tempered& at,
           ebm::States& states) {
  const cost::Tally::Stage stage(network.edge().tally(), sweep_stage);
  const std::vector<bool> free(states.size(), true);
  const std::vector<ebm::Nudge> none(states.size());
  if (replicas) {
    replicas->sweep(free, none, states);
  } else {
    ebm::GibbsDynamics{}.sweep(network, free, none, states, at);
  }
}

/// Hands the states of a draw out: one bit of each unit is read from its register.
void hand_out(ebm::Network& network, const ebm::States& states) {
  cost::Edge& edge = network.edge();
  const cost::Tally::Stage stage(edge.tally(), "sample: draw");
  double bits = 0;
  for (const ebm::Activity& layer : states) bits += static_cast<double>(layer.state.size());
  edge.buffers(edge.tally().component("draws"), bits, 0, 1);
}

/// A sampling in progress.
class Run {
 public:
  Run(const Sample& config, results::Progress& progress)
      : config_(config),
        progress_(progress),
        law_(config),
        network_(as_held(law_.plan, config), config.neuron, static_cast<std::uint64_t>(config.seed),
                 tally_, crossbar::arrays_of(config.array)) {
    program(law_, network_);
    states_ = start(network_, config.chains);
    if (config.sampler.is<MultispinSampler>()) {
      torus_.emplace(law_.torus(config), config.chains, static_cast<std::uint64_t>(config.seed));
      work_of_sweep_ = work_of_sweep();
    }
    if (std::optional<ebm::Ladder> ladder = config.sampler.ladder())
      replicas_.emplace(network_, std::move(*ladder), config.chains);
    draws_.chains = config.chains;
    draws_.units = config.sites();
  }

  void sample(results::Checkpoint& checkpoint) {
    const results::Checkpoint::State state = [this](core::Archive& archive) { pass(archive); };
    const std::int64_t all = config_.burn_in + config_.draws() * config_.thin;
    progress_.begin("sampling", all);
    if (checkpoint.resume(state)) progress_.resume(done_);
    while (done_ < all) {
      const bool last =
          done_ >= config_.burn_in && (done_ - config_.burn_in) % config_.thin == config_.thin - 1;
      // Cells are as old as the clock says, so that a resumed run reads the same conductances.
      for (std::size_t c = 0; c < law_.plan.couplings.size(); ++c) network_.weights(c).wait(0);
      exchange(network_, replicas_, states_);
      if (last) keep(draws_.before);
      if (torus_) {
        torus_->sweep();
        tally_.add(work_of_sweep_);
      } else {
        sweep(network_, replicas_, config_.sampler.at(done_, config_.burn_in), states_);
      }
      ++done_;
      if (last) {
        keep(draws_.after);
        hand_out(network_, states_);
      }
      progress_.advance(done_, "");
      checkpoint.reached(state);
    }
    progress_.end();
  }

  results::Result finish() {
    results::Result out;
    const auto exact = law_.exact(config_);
    report_sampling({config_, law_, draws_, exact}, weight_error(), out);
    if (replicas_) append(replicas_->figures(), out.quality);
    append(figures_of(network_), out.quality);
    list_systems(out);
    return out;
  }

 private:
  /// What the network posts for one sweep, which takes the same work whatever it draws.
  [[nodiscard]] std::vector<cost::Entry> work_of_sweep() const {
    cost::Tally tally;
    ebm::Network again(law_.plan, config_.neuron, 1, tally, crossbar::arrays_of(config_.array));
    ebm::States states = states_;
    std::optional<ebm::Tempering> none;
    sweep(again, none, {}, states);
    return tally.entries();
  }

  /// Root mean square of programmed less wanted weights over that of the wanted ones.
  [[nodiscard]] double weight_error() const {
    double error = 0, size = 0;
    for (std::size_t c = 0; c < law_.plan.couplings.size(); ++c) {
      if (const crossbar::EdgeArray* const edges = network_.along_edges(c)) {
        const core::VectorD wanted = law_.edge_weights(c).cast<double>();
        error += (edges->edge_weights().cast<double>() - wanted).squaredNorm();
        size += wanted.squaredNorm();
        continue;
      }
      const core::MatrixD wanted = law_.weights(c).cast<double>();
      error += (network_.weights(c).weights() - wanted).squaredNorm();
      size += wanted.squaredNorm();
    }
    return size > 0 ? std::sqrt(error / size) : 0;
  }

  /// Appends the states of all chains, in the order of sites.
  void keep(std::vector<std::uint8_t>& to) const {
    const std::size_t first = to.size();
    const auto units = static_cast<std::size_t>(config_.sites());
    to.resize(first + static_cast<std::size_t>(config_.chains) * units);
    if (torus_) return torus_->spins(std::span(to).subspan(first));
    for (std::size_t l = 0; l < states_.size(); ++l) {
      const core::Matrix& state = states_[l].state;
      const auto& sites = law_.plan.layers[l].columns;
      for (Index c = 0; c < state.rows(); ++c) {
        for (Index u = 0; u < state.cols(); ++u)
          to[first + static_cast<std::size_t>(c) * units +
             static_cast<std::size_t>(sites[static_cast<std::size_t>(u)])] = state(c, u) > 0.5F;
      }
    }
  }

  void list_systems(results::Result& out) {
    // Sweeps at rising inverse temperatures are no sweeps at the law: they come with the start.
    const std::int64_t heated = config_.sampler.at(0, config_.burn_in).inv_temp < 1
                                    ? config_.burn_in
                                    : 0,
                       at_law = config_.burn_in - heated;
    Repeated same{.algorithm = "ising",
                  .title = "Ising model",
                  .parameters = ebm::parameters_of(law_.plan),
                  .examples = config_.chains,
                  .batch = config_.chains,
                  .epochs = at_law + config_.draws() * config_.thin};
    const auto made = [this](const MakeArray& make, cost::Tally& tally) {
      return ebm::Network(law_.plan, config_.neuron, 1, tally, make);
    };
    same.start = [&, made](const MakeArray& make, cost::Tally& tally) {
      ebm::Network network = made(make, tally);
      program(law_, network);
      ebm::States states = start(network, config_.chains);
      auto replicas = replicas_of(config_, network);
      if (heated == 0) return;
      cost::Tally one;
      ebm::Network again = made(make, one);
      sweep(again, replicas, config_.sampler.at(0, config_.burn_in), states);
      tally.add(one.entries(), static_cast<double>(heated));
    };
    same.update = [&, made](const MakeArray& make, Index batch, cost::Tally& tally) {
      ebm::Network network = made(make, tally);
      ebm::States states = start(network, batch);
      auto replicas = replicas_of(config_, network);
      exchange(network, replicas, states);
      sweep(network, replicas, {}, states);
    };
    out.systems = twins_of(same, config_.twin_formats, config_.chip_formats);
    for (results::System& twin : out.systems) {
      cost::Tally draws;
      ebm::Network network = made(crossbar::exact_arrays({}, twin.machine), draws);
      hand_out(network, states_);
      cost::Tally all;
      all.add(twin.tally);
      all.add(draws.entries(), static_cast<double>(config_.draws()));
      twin.tally = all.entries();
    }
    put_first({tally_, network_.weights().unpriced()}, config_.array, same, out.systems);
    // Sweeps are no examples: the bill of a sampling is told per effective sample.
    for (results::System& system : out.systems) system.examples = system.tokens = 0;
  }

  void pass(core::Archive& archive) {
    archive.item("done", done_);
    for (std::size_t l = 0; l < states_.size(); ++l)
      archive.item(fmt::format("chains{}", l), states_[l].state);
    archive.item("before", draws_.before);
    archive.item("after", draws_.after);
    if (replicas_) {
      const core::Archive::Part part(archive, "replicas");
      replicas_->state(archive);
    }
    if (torus_) {
      const core::Archive::Part part(archive, "torus");
      torus_->state(archive);
    }
    tally_.state(archive);
    const core::Archive::Part part(archive, "network");
    network_.state(archive);
  }

  const Sample& config_;
  results::Progress& progress_;
  SampledLaw law_;
  cost::Tally tally_;
  ebm::Network network_;
  ebm::States states_;
  std::optional<ebm::Tempering> replicas_;
  std::optional<ebm::TorusGibbs> torus_;  ///< draws in place of the network, if there is one
  std::vector<cost::Entry> work_of_sweep_;
  ebm::Draws draws_;
  std::int64_t done_ = 0;
};

/// Reason why the kernel of a torus cannot draw from a law, or "".
std::string multispin_problem(const Sample& config) {
  if (!config.sampler.is<MultispinSampler>()) return "";
  const std::string needs = "sampler \"multispin\" needs ";
  if (config.lattice != ebm::Lattice::torus)
    return needs + "four neighbours at every site: expected lattice = \"torus\"";
  for (const auto& [key, side] : {std::pair{"height", config.height}, {"width", config.width}}) {
    if (side % 2 != 0 || side < 4)
      return needs + fmt::format(
                         "two colours on both sides of the torus: {} is {}, expected an "
                         "even number from 4 on",
                         key, side);
  }
  if (config.couplings.is<NormalCouplings>())
    return needs + "couplings of one size: expected couplings \"uniform\" or \"plus_minus\"";
  if (!config.site_fields.text.empty())
    return needs + "the same field at every site: expected `field` without site_fields";
  const auto* exact = std::get_if<crossbar::IdealArrayModel>(&config.array.choice);
  if (exact == nullptr || !exact->format.is<crossbar::Fp32>())
    return needs + "exact weights: expected array = \"ideal\" in format \"fp32\"";
  return "";
}

}  // namespace

void Sample::read_files() {
  edge_list.reset();
  fields_of_sites.clear();
  const std::string listed = ebm::read_graph_file(edges);
  if (!edges.digest.empty())
    edge_list = std::make_shared<ebm::EdgeList>(
        ebm::EdgeList::parse(listed, edges.resolved.string(), sites()));
  const std::string fields_text = ebm::read_graph_file(site_fields);
  if (!site_fields.digest.empty())
    fields_of_sites = ebm::parse_node_fields(fields_text, site_fields.resolved.string(), sites());
}

std::string Sample::problem() const {
  if (std::string problem = crossbar::phases_problem(array); !problem.empty()) return problem;
  if (std::string problem = ebm::edges_problem(lattice, edges); !problem.empty()) return problem;
  if (std::string problem = ebm::misfit(ebm::Family::boltzmann, neuron); !problem.empty())
    return problem;
  if (std::string problem = sampler.problem_with(neuron, burn_in); !problem.empty()) return problem;
  if (std::string problem = multispin_problem(*this); !problem.empty()) return problem;
  if (draws() < 1) return fmt::format("thin is {}: expected at most the {} sweeps", thin, sweeps);
  const double bits =
      static_cast<double>(draws()) * static_cast<double>(chains) * static_cast<double>(sites());
  if (bits > most_bits)
    return fmt::format(
        "sweeps / thin x chains x sites is {:.3g}: expected at most {:.3g} bits, "
        "which are kept for the certificate",
        bits, most_bits);
  return "";
}

results::Result Sample::run(const io::Dataset&, results::Progress& progress,
                            results::Checkpoint checkpoint) const {
  Run run(*this, progress);
  run.sample(checkpoint);
  return run.finish();
}

}  // namespace ohmlab::experiments
