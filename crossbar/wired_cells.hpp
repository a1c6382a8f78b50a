#pragma once

#include <functional>
#include <optional>
#include <vector>

#include "mapped_cells.hpp"
#include "wires.hpp"

namespace ohmlab::crossbar {

/// Current of a cell over g at a voltage, both in read voltages; empty for ohmic cells.
using CellLaw = std::function<double(double)>;

/// The law of these cells for solvers of tiles.
[[nodiscard]] CellLaw law_of(const devices::Device& device);

/// Cells behind wires that resist, tile by tile and plane by plane. There are two exact ways to
/// read ohmic cells: a matrix for all inputs, and one solution for each input. Cells that are not
/// ohmic are solved for each input.
class WiredCells {
 public:
  /// Takes new states. Tiles of fixed cells are solved at once, and kept until they change.
  void set(const MappedCells& cells, const MappedCells::States& states, const Wires& wires);
  void clear() { tiles_.clear(); }

  /// Number of inputs that take as long, solved one by one, as the matrix.
  [[nodiscard]] double worth() const;
  /// The matrix of all tiles.
  struct Solved {
    core::MatrixD weights;  ///< in units of `weight_scale`, rows × cols
    /// Conductances between the driven lines, S, tile after tile, summed over the planes.
    std::vector<core::MatrixD> from_rows, from_cols;
    double error = 0;  ///< see `error`
  };
  [[nodiscard]] Solved matrix();

  /// Readings of inputs, one by one.
  struct Reading {
    std::vector<core::Matrix> currents;  ///< by tile along the inputs, vectors × outputs
    double heat = 0;                     ///< S, Σ over vectors of v · i, v in read voltages
    double error = 0;                    ///< see `error`; infinite if a tile did not come to rest
  };
  [[nodiscard]] Reading read(Direction direction, const ConstRows& levels,
                             const CellLaw& law) const;

  /// Share of the current lost to wire resistance, with all lines driven alike.
  [[nodiscard]] double lost() const;
  /// Bound on the errors of the outputs of a tile, with all rows driven alike: their sum over the
  /// sum of the outputs, the largest of all tiles.
  [[nodiscard]] double error() const;

 private:
  struct Tile {
    Index row, col, number;
    core::MatrixD g;  ///< S
    double coefficient = 0, times = 1;
    core::VectorD probe;  ///< S, out of the columns, all rows driven alike; by the line solver
    double bound = 0;     ///< S, of the probe's errors
    int iterations = 0;
    std::optional<WiredTile> solved;
  };
  void take(std::size_t at, Tile tile, bool fixed);

  WireResistances wires_;
  std::optional<Tiling> tiling_;
  std::vector<Tile> tiles_;
};

}  // namespace ohmlab::crossbar
