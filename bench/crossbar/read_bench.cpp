// What does a read through converters and noise cost beside the bare matrix product? Goals, 1024 x
// 1024 cells, 128 vectors, two threads: with 7-bit drivers, output noise and 9-bit converters at
// least 0.8 of raw sgemm, the better of OpenBLAS and Eigen (both on slices of the batch from our
// own threads); with noise in every cell, which takes a second product, at least 0.4.
//
// All contenders take turns in one loop. "G_..." are the fastest 10^9 multiply-adds a second of
// each, ratios are taken between those; "blas_is_best" tells which the yardstick was.

#include <algorithm>
#include <array>
#include <chrono>
#include <cmath>

#include <benchmark/benchmark.h>
#include <cblas.h>

#include "ohmlab/core/parallel.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/analog_array.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;

namespace {

constexpr Index size = 1024, batch = 128;

Matrix uniform(Index rows, Index cols, std::uint32_t layer) {
  Matrix out(rows, cols);
  core::fill_uniform(core::stream(1, core::StreamId::data, layer), 0, 0,
                     {out.data(), static_cast<std::size_t>(out.size())});
  return 2 * out.array() - 1;
}

/// The defaults: 7-bit drivers, output noise of 0.06, 9-bit converters. `spread`: noise that
/// differs from cell to cell.
crossbar::AnalogArrayModel model(bool noisy_cells) {
  crossbar::AnalogArrayModel out;
  out.device.g_min = 1e-6;
  out.device.g_max = 25e-6;
  out.device.v_read = 0.2;
  out.device.t_read = 1e-7;
  if (noisy_cells)
    out.device.read_noise.choice = devices::WhiteReadNoise{.std = 0.01, .relative = 0.05};
  return out;
}

/// The fastest of many turns.
struct Contender {
  double seconds = INFINITY;

  template <class Work>
  void turn(const Work& work) {
    const auto start = std::chrono::steady_clock::now();
    work();
    const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
    seconds = std::min(seconds, taken.count());
  }
  [[nodiscard]] double giga() const {
    return static_cast<double>(size * size * batch) / seconds / 1e9;
  }
};

/// state.range(0) is the number of threads.
void reads_beside_products(benchmark::State& state) {
  const int threads = static_cast<int>(state.range(0)), threads_before = core::threads();
  core::set_threads(threads);
  openblas_set_num_threads(1);
  const Matrix w = uniform(size, size, 0), x = uniform(batch, size, 1);
  Matrix y(batch, size);
  cost::Tally tally;
  crossbar::AnalogArray quiet(model(false), size, size, {.tally = &tally});
  crossbar::AnalogArray noisy(model(true), size, size, {.tally = &tally});
  quiet.program(w);
  noisy.program(w);

  const Index slice = batch / threads;
  const auto blas = [&] {
    core::for_slices(batch, slice, static_cast<double>(size * size),
                     [&](Index begin, Index end) noexcept {
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, static_cast<int>(end - begin), size,
                  size, 1, x.row(begin).data(), size, w.data(), size, 0, y.row(begin).data(), size);
    });
  };
  const auto eigen = [&] {
    core::for_slices(batch, slice, static_cast<double>(size * size),
                     [&](Index begin, Index end) noexcept {
      y.middleRows(begin, end - begin).noalias() = x.middleRows(begin, end - begin) * w;
    });
  };
  Contender of_blas, of_eigen, of_quiet, of_noisy, of_quiet_back;
  for ([[maybe_unused]] auto _ : state) {
    of_blas.turn(blas);
    of_quiet.turn([&] { quiet.read(crossbar::Direction::to_cols, x, y); });
    of_eigen.turn(eigen);
    of_noisy.turn([&] { noisy.read(crossbar::Direction::to_cols, x, y); });
    of_quiet_back.turn([&] { quiet.read(crossbar::Direction::to_rows, x, y); });
    benchmark::ClobberMemory();
  }
  const double raw = std::max(of_blas.giga(), of_eigen.giga());
  state.counters["G_blas"] = of_blas.giga();
  state.counters["G_eigen"] = of_eigen.giga();
  state.counters["G_read"] = of_quiet.giga();
  state.counters["G_cell_noise"] = of_noisy.giga();
  state.counters["blas_is_best"] = of_blas.giga() > of_eigen.giga() ? 1 : 0;
  state.counters["read/raw"] = of_quiet.giga() / raw;
  state.counters["transposed/raw"] = of_quiet_back.giga() / raw;
  state.counters["cell_noise/raw"] = of_noisy.giga() / raw;
  core::set_threads(threads_before);
}

BENCHMARK(reads_beside_products)
    ->Arg(1)
    ->Arg(2)
    ->Iterations(150)
    ->UseRealTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
