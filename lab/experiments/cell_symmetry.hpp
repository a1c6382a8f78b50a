#pragma once

#include <array>
#include <optional>
#include <vector>

#include "cell_pulses.hpp"

namespace ohmlab::experiments {

/// Two benches with the same cells, one at the upper and one at the lower end of its range.
struct BothEnds {
  CellBench &above, &below;
};

/// The state to which pulses up and down in turn lead a cell: there they cancel.
///
/// The same cells start at both of their ends and get the same pulses with the same noise. Where
/// the two states meet, the start is forgotten and the state is stationary. Cells whose two states
/// never meet have no such point within these pairs: every state may be one, as with steps that do
/// not depend on the state.
struct Symmetry {
  std::vector<double> above, below;  ///< mean state of the cells after each pair, from either end
  std::vector<std::optional<double>> point;  ///< of each cell: mean after it has met
  std::vector<double> wander;  ///< of cells that met: deviation of their state from pair to pair
  std::vector<double> pairs;   ///< of cells that met: pairs until they did
};

/// \param benches    after the same number of operations
/// \param cells      the cells that count; not empty
/// \param most       pairs within which cells may meet; then as many pairs again are averaged
/// \param tolerance  difference of states that counts as none
[[nodiscard]] Symmetry find_symmetry(const BothEnds& benches, const std::vector<core::Index>& cells,
                                     core::Index most, double tolerance, const Tick& tick);

}  // namespace ohmlab::experiments
