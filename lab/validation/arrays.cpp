#include "arrays.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <limits>

#include <fmt/format.h>

#include "../../core/rng.hpp"
#include "../../core/streams.hpp"
#include "../../crossbar/wired_cells.hpp"
#include "../../crossbar/wires/nonlinear_tile.hpp"
#include "ngspice.hpp"

namespace ohmlab::validation {
namespace {

using core::Index;
using core::MatrixD;
using core::VectorD;
using crossbar::Direction;
using crossbar::WireResistances;

constexpr double rounding = std::numeric_limits<double>::epsilon();
constexpr double goal = 1e-9, g_max = 1e-4, contrast = 1000, v_read = 0.2, contact = 0.1;  // S, V

/// Uniform in [0, 1).
MatrixD uniform(Index rows, Index cols, std::uint64_t seed, std::uint64_t number) {
  core::Matrix out(rows, cols);
  core::fill_uniform(core::stream(seed, core::StreamId::data), number, 0,
                     {out.data(), static_cast<std::size_t>(out.size())});
  return out.cast<double>();
}

/// Voltages of all nodes, and currents out of the read lines and into the driven ones.
struct Solution {
  crossbar::NodeVoltages nodes;
  VectorD read, driven;
};

Solution ours(const crossbar::ArrayCircuit& circuit) {
  const MatrixD& g = circuit.planes[0].conductances;
  const bool forward = circuit.direction == Direction::to_cols;
  const VectorD rows = forward ? circuit.volts : VectorD::Zero(g.rows()),
                cols = forward ? VectorD::Zero(g.cols()) : circuit.volts;
  devices::Device device;
  device.v_read = circuit.v_read;
  device.conduction = circuit.conduction;
  const crossbar::CellLaw law = crossbar::law_of(device);
  // Voltages of laws are in read voltages.
  const crossbar::TileState state =
      law ? crossbar::solve_nonlinear(g, *circuit.wires, rows / v_read, cols / v_read, law)
          : crossbar::LineSolver(g, *circuit.wires).solve(rows / v_read, cols / v_read);
  const MatrixD currents = v_read * state.currents;
  const VectorD of_rows = v_read * state.of_rows(), of_cols = v_read * state.of_cols();
  return {crossbar::node_voltages(currents, *circuit.wires, rows, cols),
          forward ? of_cols : VectorD(-of_rows), forward ? of_rows : VectorD(-of_cols)};
}

Solution of_ngspice(const crossbar::ArrayCircuit& circuit) {
  const OperatingPoint point = run_ngspice(netlist_of(circuit));
  const Index rows = circuit.tiling.rows, cols = circuit.tiling.cols;
  Solution out{{MatrixD(rows, cols), MatrixD(rows, cols)},
               VectorD(circuit.tiling.outputs(circuit.direction)),
               VectorD(circuit.tiling.inputs(circuit.direction))};
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < cols; ++j) {
      out.nodes.rows(i, j) = point.at(fmt::format("r0_{}_{}", i, j));
      out.nodes.cols(i, j) = point.at(fmt::format("c0_{}_{}", i, j));
    }
  }
  for (Index k = 0; k < out.read.size(); ++k)
    out.read[k] = point.at(fmt::format("vout0_0_{}#branch", k));
  for (Index k = 0; k < out.driven.size(); ++k)
    out.driven[k] = -point.at(fmt::format("vin_{}#branch", k));
  return out;
}

/// Largest difference of two numbers as a share of the second, or of a hundred-thousandth of the
/// largest one: open lines carry rounding alone.
double difference(const MatrixD& a, const MatrixD& b) {
  const double floor = 1e-5 * b.cwiseAbs().maxCoeff();
  return ((a - b).cwiseAbs().array() / b.cwiseAbs().array().max(floor)).maxCoeff();
}

/// Power of the drivers less that of cells and wires, as a share of it.
double energy_error(const crossbar::ArrayCircuit& circuit, const Solution& found) {
  const MatrixD& u = found.nodes.rows;
  const MatrixD& w = found.nodes.cols;
  const MatrixD& g = circuit.planes[0].conductances;
  const WireResistances& r = *circuit.wires;
  const Index rows = g.rows(), cols = g.cols();
  const bool forward = circuit.direction == Direction::to_cols;
  const double given = circuit.volts.dot(found.driven);
  double taken = 0;
  for (Index i = 0; i < rows; ++i) {
    for (Index j = 0; j < cols; ++j) {
      taken += g(i, j) * circuit.conduction.power(u(i, j) - w(i, j), circuit.v_read);
      if (j > 0) taken += std::pow(u(i, j) - u(i, j - 1), 2) / r.row;
      if (i > 0) taken += std::pow(w(i, j) - w(i - 1, j), 2) / r.col;
    }
    taken += std::pow(u(i, 0) - (forward ? circuit.volts[i] : 0), 2) / r.row_end;
  }
  for (Index j = 0; j < cols; ++j)
    taken += std::pow(w(rows - 1, j) - (forward ? 0 : circuit.volts[j]), 2) / r.col_end;
  return std::abs(given - taken) / given;
}

/// Difference of the two mutual powers of a linear network (Lorentz), as a share.
double reciprocity_error(const std::array<crossbar::ArrayCircuit, 2>& circuits,
                         const std::array<Solution, 2>& found) {
  const double there = circuits[1].volts.dot(found[0].read),
               back = circuits[0].volts.dot(found[1].read);
  return std::abs(there - back) / std::abs(there);
}

std::string share(double value) { return value == 0 ? "0" : fmt::format("{:.1e}", value); }

Gate gate(const std::string& name, double reached) {
  return {name, share(reached), fmt::format("at most {:.0e}", goal), reached <= goal,
          reached <= goal ? "" : "solver or netlist"};
}

}  // namespace

crossbar::ArrayCircuit circuit_of(const ArrayCase& tile, Direction direction) {
  const Index rows = tile.rows, cols = tile.cols;
  MatrixD g = uniform(rows, cols, tile.seed, 0).unaryExpr([](double u) {
    return g_max * std::pow(contrast, u - 1);
  });
  if (tile.defects == Defects::open_and_shorted) {
    const MatrixD draw = uniform(rows, cols, tile.seed, 1);
    g = (draw.array() < 0.05).select(0.0, g);
    g = (draw.array() > 0.95).select(contact, g);
    g.row(rows / 3).setZero();
    g.col(cols / 2).setZero();
  }
  const bool forward = direction == Direction::to_cols;
  const VectorD volts =
      v_read *
      (0.05 + 0.95 * uniform(1, forward ? rows : cols, tile.seed, forward ? 2 : 3).array());
  return {crossbar::Tiling::of(rows, cols, 0, 0),
          {{"cells", 1, std::move(g)}},
          WireResistances{tile.r_wire, tile.r_wire, 2 * tile.r_wire, 2 * tile.r_wire},
          tile.conduction,
          v_read,
          direction,
          volts,
          1,
          {}};
}

ArrayDifferences compare(const ArrayCase& tile) {
  const std::array circuits{circuit_of(tile, Direction::to_cols),
                            circuit_of(tile, Direction::to_rows)};
  const std::array found{ours(circuits[0]), ours(circuits[1])};
  const std::array simulated{of_ngspice(circuits[0]), of_ngspice(circuits[1])};
  ArrayDifferences out;
  for (std::size_t d = 0; d < circuits.size(); ++d) {
    const auto raise = [](double& to, double value) { to = std::max(to, value); };
    raise(out.nodes, difference(found[d].nodes.rows, simulated[d].nodes.rows));
    raise(out.nodes, difference(found[d].nodes.cols, simulated[d].nodes.cols));
    raise(out.outputs, difference(found[d].read, simulated[d].read));
    const VectorD off = (found[d].driven - simulated[d].driven).cwiseAbs();
    raise(out.drivers, off.maxCoeff() * 2 * tile.r_wire / (rounding * v_read));
    raise(out.energy, energy_error(circuits[d], found[d]));
    raise(out.energy_of_ngspice, energy_error(circuits[d], simulated[d]));
  }
  if (tile.conduction.linear()) {
    out.reciprocity = reciprocity_error(circuits, found);
    out.reciprocity_of_ngspice = reciprocity_error(circuits, simulated);
  }
  return out;
}

Validation validate_arrays() {
  const std::string version = ngspice_version();
  Validation out{
      .name = "arrays",
      .title = "Voltages and currents of arrays with wires beside ngspice",
      .protocol =
          {"Our solver is that of reads with wires \"exact\"; the netlist is that of `ohmlab "
           "netlist`. Conductances are log-uniform from 0.1 to 100 µS, inputs uniform from 0.01 to "
           "0.2 V. Ends of lines have twice the resistance of a piece. Every case is driven from "
           "its rows and from its columns. Defects are an open row, an open column, one cell in 20 "
           "open and one in 20 a contact of 10 ohm.",
           "Every node voltage and every output current is compared, as a share of itself, or of a "
           "hundred-thousandth of the largest one if it is smaller. For cells that are not ohmic "
           "both programs iterate: ours until the bound on its errors is below 1e-9 of the "
           "currents, ngspice to its reltol. That limits how far they agree.",
           fmt::format(
               "{}, with reltol 1e-10, abstol 1e-22 A, vntol 1e-18 V and gmin 1e-25 S. These end "
               "Newton's iteration alone: gmin is added to junctions, of which there are none. "
               "ngspice finds a driver's current as the difference of two nearly equal voltages "
               "over the resistance of the line's end. The rounding of the driver's voltage over "
               "this resistance is the unit of the drivers' column; energy by the currents of "
               "ngspice has the same limit.",
               version.empty() ? "ngspice" : version)},
      .gates = {},
      .tables = {{"Largest relative differences",
                  {"cells", "law", "ohm a piece", "defects", "nodes", "outputs",
                   "drivers, roundings", "energy", "energy, ngspice", "reciprocity",
                   "reciprocity, ngspice"},
                  {}}},
      .binding = true};
  std::vector<devices::Conduction> laws(4);
  laws[1].choice = devices::SinhConduction{.v0 = 0.05};
  laws[2].choice = devices::CubicConduction{.a = 25};
  laws[3].choice = devices::CubicConduction{.a = -5};
  ArrayDifferences largest;
  const auto run = [&](const ArrayCase& tile) {
    const ArrayDifferences found = compare(tile);
    const bool linear = tile.conduction.linear(), defects = tile.defects != Defects::none;
    const auto* cubic = std::get_if<devices::CubicConduction>(&tile.conduction.choice);
    out.tables[0].rows.push_back(
        {fmt::format("{} x {}", tile.rows, tile.cols),
         std::string(tile.conduction.kind()) + (cubic ? fmt::format(", a = {:g}", cubic->a) : ""),
         fmt::format("{:g}", tile.r_wire), defects ? "open, shorted" : "-", share(found.nodes),
         share(found.outputs), fmt::format("{:.2g}", found.drivers), share(found.energy),
         share(found.energy_of_ngspice), linear ? share(found.reciprocity) : "-",
         linear ? share(found.reciprocity_of_ngspice) : "-"});
    largest.nodes = std::max(largest.nodes, found.nodes);
    largest.outputs = std::max(largest.outputs, found.outputs);
    largest.drivers = std::max(largest.drivers, found.drivers);
    largest.energy = std::max(largest.energy, found.energy);
    largest.reciprocity = std::max(largest.reciprocity, found.reciprocity);
  };
  for (const Index size : {8, 32, 64}) {
    for (const devices::Conduction& law : laws) {
      for (const double r_wire : {0.01, 1.0, 100.0}) {
        // ngspice takes most of a minute for 64 x 64 cells that are not ohmic.
        if (size == 64 && !law.linear() && r_wire != 1) continue;
        run({.rows = size, .cols = size, .conduction = law, .r_wire = r_wire});
      }
    }
    if (size < 64) run({.rows = size, .cols = size, .defects = Defects::open_and_shorted});
  }
  run({.rows = 24, .cols = 40, .defects = Defects::open_and_shorted});
  out.gates = {
      gate("voltages of nodes", largest.nodes), gate("currents of outputs", largest.outputs),
      gate("energy conservation", largest.energy), gate("reciprocity", largest.reciprocity)};
  return out;
}

}  // namespace ohmlab::validation
