#pragma once

#include <cstdint>

#include "../devices/conductions.hpp"
#include "array.hpp"
#include "dacs.hpp"
#include "drivers.hpp"

namespace ohmlab::crossbar {

/// Drive of the lines in one slice, vectors × lines. `dac/waveform.hpp` defines the quantities.
struct DrivenLines {
  core::Matrix product;
  core::Matrix noise;  ///< shares of the variance of each cell; empty unless asked for
  core::Matrix level;  ///< empty unless asked for
  core::VectorD heat;  ///< Σ over the vectors, for each line
  double swings = 0;   ///< Σ over vectors and lines
  double clipped = 0;  ///< number of inputs beyond full scale
};

/// The quantities of a drive that cells and wires need.
struct DriveFor {
  bool noisy = false;       ///< true if reads have noise
  bool slow_noise = false;  ///< true if the noise is constant during a read
  bool wired = false;       ///< true if lines resist: the heat of a line depends on the others
  double v_read = 0;        ///< read voltage, V
  const Drivers* drivers = nullptr;  ///< null: drivers without errors
  Index end = 0;                     ///< number of the first line's end; see `Tiling::end`
  std::uint64_t operation = 0;       ///< keys the noise of drivers
};

[[nodiscard]] DrivenLines drive(const Dac& dac, const devices::Conduction& conduction,
                                const DriveFor& asked, const ConstRows& x, std::int64_t slice);

/// Heat of lines that share their cells' currents through wires: Σ over vectors and pairs of lines
/// of G · ∫ v1 v2 dt, S. levels: vectors × lines of one tile, conductances: lines × lines.
[[nodiscard]] double wired_heat(const Dac& dac, const ConstRows& levels,
                                const core::MatrixD& conductances);

}  // namespace ohmlab::crossbar
