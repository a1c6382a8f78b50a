#include "circuit.hpp"

#include <algorithm>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "../core/errors.hpp"

namespace ohmlab::crossbar {

using core::Index;
using core::MatrixD;
using core::VectorD;

namespace {

[[noreturn]] void fail(const char* key, const std::string& value, const std::string& expected) {
  throw core::UserError({}, key, value, expected);
}

}  // namespace

Circuit::Layer Circuit::add_layer(Index nodes, const Bounds& bounds) {
  if (nodes < 1) fail("nodes", fmt::format("{}", nodes), "expected at least 1");
  if (!(bounds.low <= bounds.high))
    fail("bounds", fmt::format("[{}, {}]", bounds.low, bounds.high), "expected low <= high");
  layers_.push_back({nodes, bounds});
  return layers_.size() - 1;
}

Circuit::Coupling Circuit::join(Layer rows, Layer cols, MatrixD conductances) {
  if (rows >= layers_.size() || cols >= layers_.size() || rows == cols)
    fail("layers", fmt::format("{} and {}", rows, cols), "expected two layers of the circuit");
  if (conductances.rows() != layers_[rows].count || conductances.cols() != layers_[cols].count) {
    fail("conductances", fmt::format("{} x {}", conductances.rows(), conductances.cols()),
         fmt::format("expected {} x {}", layers_[rows].count, layers_[cols].count));
  }
  if (!conductances.allFinite() || conductances.minCoeff() < 0)
    fail("conductances", "", "expected finite conductances from 0");
  cells_.push_back({rows, cols, std::move(conductances)});
  return cells_.size() - 1;
}

/// Σ_j g v_j for the nodes of a layer, vectors × nodes.
MatrixD Circuit::inflow(Layer layer, const std::vector<MatrixD>& volts) const {
  MatrixD out = MatrixD::Zero(volts[layer].rows(), volts[layer].cols());
  for (const Cells& cells : cells_) {
    if (cells.cols == layer) out.noalias() += volts[cells.rows] * cells.conductances;
    if (cells.rows == layer) out.noalias() += volts[cells.cols] * cells.conductances.transpose();
  }
  return out;
}

/// Σ_j g for the nodes of a layer.
VectorD Circuit::sums(Layer layer) const {
  VectorD out = VectorD::Zero(layers_[layer].count);
  for (const Cells& cells : cells_) {
    if (cells.cols == layer) out += VectorD(cells.conductances.colwise().sum());
    if (cells.rows == layer) out += VectorD(cells.conductances.rowwise().sum());
  }
  return out;
}

void Circuit::check(const Drive& drive, Index vectors) const {
  if (drive.volts.size() != layers_.size())
    fail("volts", fmt::format("{} layers", drive.volts.size()),
         fmt::format("expected {}", layers_.size()));
  if (!drive.currents.empty() && drive.currents.size() != layers_.size())
    fail("currents", fmt::format("{} layers", drive.currents.size()),
         fmt::format("expected {}, or none at all", layers_.size()));
  if (vectors < 1) fail("volts", "", "expected one layer at least that is held, and one vector");
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    const auto fits = [&](const char* what, const MatrixD& given) {
      if (given.rows() == vectors && given.cols() == layers_[l].count && given.allFinite()) return;
      fail(what, fmt::format("layer {}: {} x {}", l, given.rows(), given.cols()),
           fmt::format("expected {} x {} finite numbers", vectors, layers_[l].count));
    };
    if (drive.volts[l]) fits("volts", *drive.volts[l]);
    if (!drive.currents.empty() && drive.currents[l].size() > 0)
      fits("currents", drive.currents[l]);
    if (!drive.volts[l] && !(sums(l).minCoeff() > 0))
      fail("conductances", fmt::format("layer {}", l), "has a node that nothing conducts to");
  }
}

Circuit::Settled Circuit::settle(const Drive& drive, const Settling& settling) const {
  Index vectors = 0;
  for (const auto& held : drive.volts) vectors = std::max(vectors, held ? held->rows() : Index{0});
  check(drive, vectors);
  Settled out;
  std::vector<VectorD> resistances;
  for (std::size_t l = 0; l < layers_.size(); ++l) {
    out.volts.push_back(drive.volts[l] ? *drive.volts[l]
                                       : MatrixD::Zero(vectors, layers_[l].count));
    resistances.emplace_back(sums(l).cwiseInverse());
  }
  for (bool moved = true; moved; ++out.turns) {
    if (out.turns == settling.most_turns) {
      fail("most_turns", fmt::format("{}", settling.most_turns),
           "the circuit has not settled: expected more turns, or cells that are not so far apart");
    }
    double largest = 0, move = 0;
    for (std::size_t l = 0; l < layers_.size(); ++l) {
      if (!drive.volts[l]) {
        MatrixD next = inflow(l, out.volts);
        if (!drive.currents.empty() && drive.currents[l].size() > 0) next += drive.currents[l];
        next = (next.array().rowwise() * resistances[l].array())
                   .max(layers_[l].bounds.low)
                   .min(layers_[l].bounds.high)
                   .matrix();
        move = std::max(move, (next - out.volts[l]).cwiseAbs().maxCoeff());
        out.volts[l] = std::move(next);
      }
      largest = std::max(largest, out.volts[l].cwiseAbs().maxCoeff());
    }
    moved = move > settling.tolerance * largest;
  }
  for (std::size_t c = 0; c < cells_.size(); ++c) {
    for (Index vector = 0; vector < vectors; ++vector)
      out.watts += drops(c, out, vector).cwiseAbs2().cwiseProduct(cells_[c].conductances).sum();
  }
  return out;
}

MatrixD Circuit::drops(Coupling coupling, const Settled& settled, Index vector) const {
  const Cells& cells = cells_[coupling];
  const VectorD rows = settled.volts[cells.rows].row(vector),
                cols = settled.volts[cells.cols].row(vector);
  return rows.transpose().replicate(1, cols.size()) - cols.replicate(rows.size(), 1);
}

MatrixD Circuit::currents(Layer layer, const Settled& settled) const {
  return (settled.volts[layer].array().rowwise() * sums(layer).array()).matrix() -
         inflow(layer, settled.volts);
}

}  // namespace ohmlab::crossbar
