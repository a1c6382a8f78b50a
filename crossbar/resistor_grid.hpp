#pragma once

#include <cstdint>

#include "../core/matrix.hpp"
#include "../core/rng.hpp"

namespace ohmlab::crossbar {

/// The cells of an array as resistors between its lines, as part of a circuit: arrays are joined
/// at their lines, sources hold some of them, and the others float to rest.
///
/// Conductances are in units of weights. Voltages are shares of the read voltage.
class ResistorGrid {
 public:
  ResistorGrid() = default;
  ResistorGrid(const ResistorGrid&) = delete;
  ResistorGrid& operator=(const ResistorGrid&) = delete;
  virtual ~ResistorGrid() = default;

  /// The cells while a circuit comes to rest, once for each vector.
  struct Cells {
    core::Matrix conductances;  ///< from 0, rows × cols
    /// Standard deviation that read noise gives each cell, the same during one state of rest and
    /// independent from one to the next; empty without noise.
    core::Matrix deviations;
    double siemens = 0;  ///< conductance of a weight of 1, S; 0 if the cells cite none
    core::Stream noise;
    std::uint64_t operation = 0;

    /// The conductances that one vector meets, from 0.
    void draw(core::Index vector, core::Matrix& out) const;
  };
  [[nodiscard]] virtual Cells cells() = 0;

  /// Voltages that drivers hold for numbers; their full scale is 1.
  virtual void levels(const core::ConstRows& x, core::Rows volts) const = 0;

  /// One state of rest for each vector.
  struct Rest {
    core::ConstRows rows, cols;  ///< voltages of the lines, vectors × lines
    double seconds = 0;          ///< time from the switching of the sources to the end, s
    double sources = 0;          ///< sources of voltage or current at these lines
  };
  /// Lets time pass, and posts the heat of the cells, Σ g (v_row - v_col)² seconds, the charge of
  /// the lines, and the drivers of the sources.
  virtual void rest(const Rest& rest) = 0;

  /// Voltages of lines as numbers, behind amplifiers after which full scale is 1; with the noise of
  /// the periphery and the converters of the array. volts, x: vectors × lines.
  virtual void measure(const core::ConstRows& volts, core::Rows x) = 0;
};

}  // namespace ohmlab::crossbar
