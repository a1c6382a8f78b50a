// What does a tile with wires cost: its whole matrix by merging, beside one input by the line
// solver? "inputs" is the number of inputs that take as long as the matrix, on which
// `WiredCells::worth` rests; "apart" is the distance of both answers, "bound" the stated bound of
// the line solver, as shares of the outputs. Goal: apart below 1e-12. Times are those of one
// thread's processor.
#include <cmath>
#include <ctime>

#include <benchmark/benchmark.h>

#include "ohmlab/core/parallel.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/wires/line_solver.hpp"
#include "ohmlab/crossbar/wires/wired_tile.hpp"

using namespace ohmlab;
using core::Index;

namespace {

/// Conductances between 1 and 100 uS, logarithmically uniform.
core::MatrixD cells(Index size) {
  core::Vector draws(size * size);
  core::fill_uniform(core::stream(1, core::StreamId::data, 0), 0, 0,
                     {draws.data(), static_cast<std::size_t>(draws.size())});
  core::MatrixD out(size, size);
  for (Index k = 0; k < out.size(); ++k)
    out.data()[k] = std::pow(10, -6 + 2 * static_cast<double>(draws[k]));
  return out;
}

/// The fastest of some turns, in processor seconds.
template <class Work>
double fastest(int turns, const Work& work) {
  double out = HUGE_VAL;
  for (int turn = 0; turn < turns; ++turn) {
    const std::clock_t start = std::clock();
    work();
    out = std::min(out, static_cast<double>(std::clock() - start) / CLOCKS_PER_SEC);
  }
  return out;
}

/// state.range(0) is the number of rows and of columns; lines of 1 ohm a cell.
void tile_with_wires(benchmark::State& state) {
  const Index size = state.range(0);
  const core::MatrixD g = cells(size);
  const core::VectorD on = core::VectorD::Ones(size), off = core::VectorD::Zero(size);
  core::set_threads(1);
  for (auto turn : state) {
    crossbar::WiredTile tile;
    crossbar::TileState one;
    const double matrix = fastest(5, [&] { tile = crossbar::solve_wires(g, {}); });
    const double input = fastest(5, [&] { one = crossbar::LineSolver(g, {}).solve(on, off); });
    state.counters["matrix_ms"] = matrix * 1e3;
    state.counters["input_ms"] = input * 1e3;
    state.counters["inputs"] = matrix / input;
    state.counters["iterations"] = one.iterations;
    const core::VectorD sums = tile.transfer.colwise().sum();
    state.counters["apart"] = (sums - one.of_cols()).cwiseAbs().sum() / sums.sum();
    state.counters["bound"] = one.bound / sums.sum();
  }
}
BENCHMARK(tile_with_wires)
    ->Arg(64)
    ->Arg(128)
    ->Arg(256)
    ->Arg(512)
    ->Iterations(1)
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
