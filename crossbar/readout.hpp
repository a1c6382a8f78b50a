#pragma once

#include <span>
#include <vector>

#include "../core/streams.hpp"
#include "converters.hpp"
#include "drive.hpp"
#include "seen_cells.hpp"

namespace ohmlab::crossbar {

/// Conversion of the currents of lines into numbers.
struct Readout {
  const Converters& converters;
  bool convert = true;     ///< false: currents are passed on, summed over tiles
  bool floats = false;     ///< true if lines float
  double conductance = 0;  ///< conductance for an output of 1, S; for lines that float
  float scale = 1;         ///< contribution of an output of 1 to the sum
  float variance = 0;      ///< variance of the periphery, in squares of an output
  float range = 1;         ///< full scale of this read, as a share of the converters' bound
  bool sizes = false;      ///< true if sizes of converted readings are counted
  bool vectors = false;    ///< true if vectors with a reading beyond the range are told
  /// Currents of lines that were solved one by one, in outputs, by tile along the inputs, vectors ×
  /// all outputs; empty if they are products.
  std::span<const core::Matrix> currents;
  core::Stream stream;      ///< stream of the noise
  std::uint64_t operation;  ///< operation of the first tile; each tile takes one
};

/// Counts of a readout.
struct ReadoutCount {
  double clipped = 0;  ///< conversions beyond the range
  /// Σ G u² over lines that float, S: heat that is saved since cells see v - u, not v.
  double kept = 0;
  double floated = 0;        ///< Σ u² over lines that float, u in read voltages
  double highest_float = 0;  ///< largest |u|
  /// Number of readings by size, in equal bins up to the bound; empty unless asked for.
  std::vector<double> sizes;
  std::vector<bool> beyond;  ///< vectors with a reading beyond the range; empty unless asked for
};

/// Reads the outputs of driven lines, tile by tile. With converters, the numbers of the tiles are
/// added up. Without converters, currents add up, and samples of floating lines share their charge.
/// Noise of independent cells is drawn afresh, one normal per output.
/// \param outputs  lines that are read; the noise of an output does not depend on the others
/// \param y        vectors × outputs; set if `first`, else added to
[[nodiscard]] ReadoutCount read_out(const SeenCells& cells, const Tiling& tiling,
                                    Direction direction, const DrivenLines& driven,
                                    const Readout& readout, const Outputs& outputs, bool first,
                                    Rows y);

}  // namespace ohmlab::crossbar
