// A tile with wires for bench/peers/badcrossbar.py: reads conductances and inputs, solves, and
// says how long it took.
//
//   wires_peer IN OUT TURNS
//
// IN: doubles rows, cols, inputs, ohm of a piece of line, largest allowed error bound as a share of
// the currents; conductances, S, row by row; voltages, inputs × rows. OUT: currents, inputs × cols.
// One input is solved alone, several by the matrix of the tile. Prints the wall and processor
// seconds of the fastest turn and the error bound of the first input.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <ctime>
#include <fstream>

#include <fmt/format.h>

#include "ohmlab/core/parallel.hpp"
#include "ohmlab/crossbar/wires/line_solver.hpp"
#include "ohmlab/crossbar/wires/wired_tile.hpp"

using namespace ohmlab;
using core::Index;
using core::MatrixD;

int main(int count, char** words) {
  if (count != 4) {
    fmt::print(stderr, "wires_peer IN OUT TURNS\n");
    return 2;
  }
  std::ifstream in(words[1], std::ios::binary);
  const auto read = [&](Index rows, Index cols) {
    MatrixD out(rows, cols);
    in.read(reinterpret_cast<char*>(out.data()),
            static_cast<std::streamsize>(out.size()) * 8);  // row by row, as MatrixD is
    return out;
  };
  const MatrixD head = read(1, 5);
  const auto rows = static_cast<Index>(head(0)), cols = static_cast<Index>(head(1)),
             inputs = static_cast<Index>(head(2));
  const crossbar::WireResistances wires{head(3), head(3), head(3), head(3)};
  const MatrixD g = read(rows, cols), volts = read(inputs, rows);
  constexpr double share = 1e-7;  // of the first step; the bound says what it comes to
  core::set_threads(1);
  MatrixD currents;
  double wall = HUGE_VAL, processor = HUGE_VAL, bound = 0;
  for (int turn = 0; turn < std::atoi(words[3]); ++turn) {
    const auto start = std::chrono::steady_clock::now();
    const std::clock_t ticks = std::clock();
    if (inputs == 1) {
      const crossbar::TileState state =
          crossbar::LineSolver(g, wires, share).solve(volts.row(0), core::VectorD::Zero(cols));
      currents = state.of_cols();
      bound = state.bound / state.currents.cwiseAbs().sum();
    } else {
      currents = volts * crossbar::solve_wires(g, wires).transfer;
    }
    const double spent = static_cast<double>(std::clock() - ticks) / CLOCKS_PER_SEC;
    wall = std::min(
        wall, std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count());
    processor = std::min(processor, spent);
  }
  if (inputs > 1) {  // the distance of the matrix from one solved input, and that input's bound
    const crossbar::TileState state =
        crossbar::LineSolver(g, wires).solve(volts.row(0), core::VectorD::Zero(cols));
    bound = ((currents.row(0) - state.of_cols()).cwiseAbs().sum() + state.bound) /
            state.currents.cwiseAbs().sum();
  }
  std::ofstream(words[2], std::ios::binary)
      .write(reinterpret_cast<const char*>(currents.data()),
             static_cast<std::streamsize>(currents.size()) * 8);
  fmt::print("[{:.9g}, {:.9g}, {:.3g}]\n", wall, processor, bound);
  if (bound > head(4)) {
    fmt::print(stderr, "error bound {:g} above {:g}\n", bound, head(4));
    return 1;
  }
  return 0;
}
