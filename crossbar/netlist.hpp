#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "catalogue.hpp"
#include "tiling.hpp"

namespace ohmlab::crossbar {

/// The cells of one plane of an array, which lie in tiles of their own.
struct CircuitPlane {
  std::string meaning;         ///< e.g. "cells of plane 0"
  double coefficient = 1;      ///< factor of its currents in the weights
  core::MatrixD conductances;  ///< S, rows × cols; 0: no cell
};

/// An array between held voltages, at rest: what a circuit simulator solves.
struct ArrayCircuit {
  Tiling tiling;
  std::vector<CircuitPlane> planes;
  std::optional<WireResistances> wires;  ///< none: lines without resistance
  devices::Conduction conduction;
  double v_read = 0;  ///< V
  Direction direction = Direction::to_cols;
  core::VectorD volts;            ///< V, at the driven lines
  double weights_per_ampere = 1;  ///< of the sum of the planes' currents, with their coefficients
  std::vector<std::string> left_out;  ///< parts of the array that no circuit at rest shows
};

/// The circuit of an array that reads one vector.
/// \param cells      S, as `Array::conductances` gives them
/// \param direction  the read
/// \param x          one number for each driven line; full scale is 1
/// \throws core::UserError for an array that has no circuit at rest
[[nodiscard]] ArrayCircuit circuit_of(const ArrayModel& array,
                                      const std::vector<core::MatrixD>& cells, Direction direction,
                                      const core::Vector& x);

/// A netlist for ngspice, with an operating point that prints all voltages and currents in 17
/// digits. The head says what the names of nodes and sources mean.
/// \param about  comments for the head, line by line: origin, run
[[nodiscard]] std::string netlist_of(const ArrayCircuit& circuit,
                                     std::span<const std::string> about = {});

}  // namespace ohmlab::crossbar
