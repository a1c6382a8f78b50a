#pragma once

#include <cstdint>
#include <string>

#include "../../crossbar/netlist.hpp"
#include "validation.hpp"

/// The exact solver of tiles with wires beside ngspice.
namespace ohmlab::validation {

/// Cells of a tile that do not work.
enum class Defects {
  none,
  /// an open row and an open column, one cell in 20 open, one in 20 a contact of 10 ohm
  open_and_shorted
};

/// One tile, driven from its rows and from its columns in turn.
struct ArrayCase {
  core::Index rows = 8, cols = 8;
  devices::Conduction conduction;
  double r_wire = 1;  ///< ohm, of pieces of lines; ends have twice as much
  Defects defects = Defects::none;
  std::uint64_t seed = 1;
};

/// The largest differences of a case, both directions, as shares. A node's is that of its own
/// voltage, an output's that of its own current.
struct ArrayDifferences {
  double nodes = 0, outputs = 0;
  /// Currents of drivers, in units of the rounding of a driver's voltage over the resistance of its
  /// line's end: ngspice finds them as the difference of two nearly equal voltages.
  double drivers = 0;
  double energy = 0;       ///< power of sources less that of cells and wires, by our voltages
  double reciprocity = 0;  ///< of ours, ohmic cells alone
  /// The same two by the voltages of ngspice.
  double energy_of_ngspice = 0, reciprocity_of_ngspice = 0;
};

/// Conductances log-uniform from 0.1 to 100 µS, inputs uniform from 0.01 to 0.2 V.
[[nodiscard]] crossbar::ArrayCircuit circuit_of(const ArrayCase& tile,
                                                crossbar::Direction direction);

/// \throws core::UserError if ngspice is not installed
[[nodiscard]] ArrayDifferences compare(const ArrayCase& tile);

/// All sizes, laws and resistances. \throws core::UserError if ngspice is not installed
[[nodiscard]] Validation validate_arrays();

}  // namespace ohmlab::validation
