#pragma once

#include "../core/streams.hpp"
#include "adcs.hpp"
#include "drive.hpp"
#include "seen_cells.hpp"

namespace ohmlab::crossbar {

/// The way from the currents of lines to numbers.
struct Readout {
  const Adc& adc;
  bool convert = true;      ///< else currents are passed on, tiles together
  bool floats = false;      ///< whether lines float
  double conductance = 0;   ///< S, of an output of 1; of lines that float
  float scale = 1;          ///< what an output of 1 adds to a sum
  float variance = 0;       ///< of the periphery, in squares of an output
  core::Stream stream;      ///< of the noise
  std::uint64_t operation;  ///< of the first tile; each takes one
};

/// Counts of a readout.
struct ReadoutCount {
  double clipped = 0;  ///< conversions beyond the range
  double kept = 0;  ///< S, Σ G u² over lines that float: of cells that would see v, but see v - u
  double floated = 0;        ///< Σ u² over lines that float, u in read voltages
  double highest_float = 0;  ///< of |u|
};

/// Reads lines that others drive, tile by tile: with converters, whose numbers are added up over
/// the tiles, or as currents, which add up by themselves; samples of lines that float share their
/// charge. Noise of independent cells, drawn afresh, is one normal an output.
/// \param outputs  lines that are read; an output has the same noise whatever is read beside it
/// \param y        vectors × outputs; set if `first`, else added to
[[nodiscard]] ReadoutCount read_out(const SeenCells& cells, const Tiling& tiling,
                                    Direction direction, const DrivenLines& driven,
                                    const Readout& readout, const Outputs& outputs, bool first,
                                    Rows y);

}  // namespace ohmlab::crossbar
