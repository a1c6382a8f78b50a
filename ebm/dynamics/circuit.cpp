#include "circuit.hpp"

#include <algorithm>
#include <optional>

#include "../../core/parallel.hpp"
#include "../../crossbar/resistor_grid.hpp"
#include "../neuron/diodes.hpp"
#include "relaxation.hpp"

namespace ohmlab::ebm {
namespace {

using core::Index;
using core::Matrix;
using crossbar::ResistorGrid;

constexpr double cells_of_node = 30;  // capacitance of diodes and amplifier, in cells
constexpr Index batch_slice = 16;     // fixed: results do not depend on the number of threads

/// The circuit of one settling: cells of all couplings, what is held, what is free.
struct Joined {
  const NetworkPlan& plan;
  const std::vector<std::vector<std::size_t>>& groups;
  const std::vector<bool>& free;
  const std::vector<Nudge>& nudges;
  std::vector<const core::Vector*> biases;
  std::vector<ResistorGrid::Cells> cells;  ///< by coupling

  [[nodiscard]] bool noisy() const noexcept {
    return std::any_of(cells.begin(), cells.end(),
                       [](const auto& of) { return of.deviations.size() > 0; });
  }
  /// Adds the conductances of the cells at each node of a layer.
  [[nodiscard]] core::Vector sums(std::size_t layer,
                                  const std::vector<const Matrix*>& conductances) const;
  /// Largest ratio of cells to conductance of the nodes of a layer, 1/S; 0 if conductances are
  /// unknown.
  [[nodiscard]] double slowest_node(std::size_t layer, const core::Vector& sums) const;
  /// Adds the currents that layers of a kind send into a layer.
  void inflow(std::size_t layer, const std::vector<Matrix>& volts,
              const std::vector<const Matrix*>& conductances, bool from_free, Matrix& out) const;
  /// Brings some vectors to rest, which all meet the same conductances.
  /// \param first  number of the first vector
  void settle(Index first, std::int64_t sweeps, const std::vector<const Matrix*>& conductances,
              std::vector<Matrix>& volts) const;
};

core::Vector Joined::sums(std::size_t layer, const std::vector<const Matrix*>& conductances) const {
  core::Vector out = core::Vector::Zero(plan.layers[layer].units);
  for (std::size_t c = 0; c < conductances.size(); ++c) {
    if (plan.couplings[c].cols == layer) out += conductances[c]->colwise().sum();
    if (plan.couplings[c].rows == layer) out += conductances[c]->rowwise().sum().transpose();
  }
  return out;
}

double Joined::slowest_node(std::size_t layer, const core::Vector& sums) const {
  if (cells[0].siemens <= 0) return 0;
  double lines = cells_of_node;
  for (const CouplingPlan& coupling : plan.couplings) {
    if (coupling.cols == layer) lines += static_cast<double>(plan.layers[coupling.rows].units);
    if (coupling.rows == layer) lines += static_cast<double>(plan.layers[coupling.cols].units);
  }
  double out = 0;
  for (const float sum : sums) {
    if (sum > 0) out = std::max(out, lines / (cells[0].siemens * static_cast<double>(sum)));
  }
  return out;
}

void Joined::inflow(std::size_t layer, const std::vector<Matrix>& volts,
                    const std::vector<const Matrix*>& conductances, bool from_free,
                    Matrix& out) const {
  for (std::size_t c = 0; c < conductances.size(); ++c) {
    const CouplingPlan& coupling = plan.couplings[c];
    if (coupling.cols == layer && free[coupling.rows] == from_free)
      out.noalias() += volts[coupling.rows] * *conductances[c];
    if (coupling.rows == layer && free[coupling.cols] == from_free)
      out.noalias() += volts[coupling.cols] * conductances[c]->transpose();
  }
}

void Joined::settle(Index first, std::int64_t sweeps,
                    const std::vector<const Matrix*>& conductances,
                    std::vector<Matrix>& volts) const {
  const std::size_t layers = plan.layers.size();
  const Index vectors = volts[0].rows();
  std::vector<Matrix> held(layers);
  std::vector<std::optional<DiodeNodes>> nodes(layers);
  for (std::size_t l = 0; l < layers; ++l) {
    if (!free[l]) continue;
    held[l].setZero(vectors, plan.layers[l].units);
    inflow(l, volts, conductances, false, held[l]);
    nodes[l].emplace(plan.layers[l], sums(l, conductances), nudges[l].strength);
  }
  for (std::int64_t k = 0; k < sweeps; ++k) {
    for (const auto& group : groups) {
      for (const std::size_t l : group) {
        if (!free[l]) continue;
        Matrix& at = volts[l];
        at = held[l];
        inflow(l, volts, conductances, true, at);
        nodes[l]->settle(*biases[l], nudges[l], first, at);
      }
    }
  }
}

/// Arrays as parts of a circuit; empty if they only multiply.
std::vector<ResistorGrid*> grids_of(Network& network) {
  std::vector<ResistorGrid*> out;
  for (std::size_t c = 0; c < network.plan().couplings.size(); ++c) {
    ResistorGrid* grid = network.weights(c).resistors();
    if (grid == nullptr) return {};
    out.push_back(grid);
  }
  return out;
}

/// Number of the first coupling that a layer is part of: the array whose drivers and converters
/// serve the layer's lines.
std::size_t home_of(const NetworkPlan& plan, std::size_t layer) {
  std::size_t c = 0;
  while (plan.couplings[c].rows != layer && plan.couplings[c].cols != layer) ++c;
  return c;
}

/// Sources of the lines of each array: held layers, and at free nodes the currents of biases and
/// nudges.
std::vector<double> sources_of(const Joined& circuit) {
  const NetworkPlan& plan = circuit.plan;
  std::vector<double> out(plan.couplings.size());
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    double sources = 0;
    if (!circuit.free[l]) {
      sources = static_cast<double>(plan.layers[l].units);
    } else {
      sources = static_cast<double>((circuit.biases[l]->array() != 0).count());
      if (circuit.nudges[l].strength != 0) sources += static_cast<double>(plan.layers[l].units);
    }
    out[home_of(plan, l)] += sources;
  }
  return out;
}

}  // namespace

void CircuitDynamics::run(Network& network, const std::vector<bool>& free,
                          const std::vector<Nudge>& nudges, std::int64_t sweeps,
                          States& states) const {
  const std::vector<ResistorGrid*> grids = grids_of(network);
  if (grids.empty()) {
    RelaxationDynamics{}.run(network, free, nudges, sweeps, states);
    return;
  }
  const NetworkPlan& plan = network.plan();
  Joined circuit{plan, network.groups(), free, nudges, {}, {}};
  for (std::size_t l = 0; l < plan.layers.size(); ++l) circuit.biases.push_back(&network.bias(l));
  for (ResistorGrid* grid : grids) circuit.cells.push_back(grid->cells());
  std::vector<const Matrix*> mean;
  for (const ResistorGrid::Cells& of : circuit.cells) mean.push_back(&of.conductances);

  // Voltages of all layers at the start; drivers hold what is not free.
  std::vector<Matrix> volts(plan.layers.size());
  double highest = 0;  // voltage of the drivers' full scale
  double slowest = 0;  // s, time constant
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    const auto scale = static_cast<float>(plan.layers[l].full_scale);
    highest = std::max(highest, plan.layers[l].full_scale);
    volts[l] = states[l].state;
    if (!free[l]) {
      Matrix levels(volts[l].rows(), volts[l].cols());
      grids[home_of(plan, l)]->levels(volts[l] / scale, levels);
      volts[l] = scale * levels;
      continue;
    }
    const core::Vector sums = circuit.sums(l, mean);
    DiodeNodes::require_rest(plan.layers[l], sums, nudges[l].strength);
    slowest = std::max(slowest, cell_capacitance * circuit.slowest_node(l, sums));
  }

  const Index batch = states[0].state.rows();
  const Index slice = circuit.noisy() ? 1 : batch_slice;
  double cells = 0;
  for (const Matrix* of : mean) cells += static_cast<double>(of->size());
  core::for_slices(batch, slice, cells * static_cast<double>(1 + sweeps),
                   [&](Index begin, Index end) noexcept {
    std::vector<Matrix> part, drawn(mean.size());
    std::vector<const Matrix*> met = mean;
    for (const Matrix& layer : volts) part.emplace_back(layer.middleRows(begin, end - begin));
    for (std::size_t c = 0; circuit.noisy() && c < met.size(); ++c) {
      if (circuit.cells[c].deviations.size() == 0) continue;
      circuit.cells[c].draw(begin, drawn[c]);
      met[c] = &drawn[c];
    }
    circuit.settle(begin, sweeps, met, part);
    for (std::size_t l = 0; l < part.size(); ++l) volts[l].middleRows(begin, end - begin) = part[l];
  });

  const std::vector<double> sources = sources_of(circuit);
  std::optional<cost::Tally::Beside> beside;  // all arrays settle at the same time
  for (std::size_t c = 0; c < grids.size(); ++c) {
    if (c == 1) beside.emplace(network.edge().tally());
    const auto scale = static_cast<float>(1 / highest);
    grids[c]->rest({.rows = scale * volts[plan.couplings[c].rows],
                    .cols = scale * volts[plan.couplings[c].cols],
                    .seconds = static_cast<double>(sweeps) * time_constants * slowest,
                    .sources = sources[c]});
  }
  beside.reset();
  for (std::size_t l = 0; l < plan.layers.size(); ++l) {
    if (!free[l]) continue;
    const auto scale = static_cast<float>(plan.layers[l].full_scale);
    const Matrix at_rest = volts[l] / scale;
    Matrix once(at_rest.rows(), at_rest.cols());
    states[l].state.setZero(at_rest.rows(), at_rest.cols());
    for (std::int64_t read = 0; read < reads; ++read) {
      grids[home_of(plan, l)]->measure(at_rest, once);
      states[l].state += once;
    }
    states[l].state *= scale / static_cast<float>(reads);
    states[l].mean = states[l].state;
    if (reads == 1) continue;
    const auto numbers = static_cast<double>(once.size());
    network.edge().adds(network.neurons(l), static_cast<double>(reads - 1) * numbers, edge_bits);
    network.edge().multiplies(network.neurons(l), numbers, edge_bits);
  }
}

}  // namespace ohmlab::ebm
