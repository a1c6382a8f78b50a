// What does a change of weights take by each update path, beside the same change by plain pulses?
// Goal: a path that pulses k groups of cells takes at most 1.2 k times as long.
//
// 1024 x 1024 cells of soft bounds, 128 outer products a change (x dense in +-1, d in +-0.05), the
// paths with their defaults. "over_direct" is the fastest change's time over that of `direct` in
// the same run, transfers included as often as they fall due; "groups" counts groups of cells.
// A path that adds up changes digitally is bounded by that matrix product, one that writes seldom
// by what it reads.

#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdint>
#include <string>

#include <benchmark/benchmark.h>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/analog_array.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;

namespace {

constexpr Index size = 1024, batch = 128;
constexpr int changes = 20;  // a turn

Matrix uniform(Index rows, Index cols, float bound, std::uint32_t layer) {
  Matrix out(rows, cols);
  core::fill_uniform(core::stream(1, core::StreamId::data, layer), 0, 0,
                     {out.data(), static_cast<std::size_t>(out.size())});
  return (2 * out.array() - 1) * bound;
}

/// Seconds of one change, the mean of a turn.
double turn(crossbar::Array& array, const Matrix& x, const Matrix& d) {
  const auto start = std::chrono::steady_clock::now();
  for (int k = 0; k < changes; ++k) array.update(x, d, k % 2 == 0 ? 0.01 : -0.01);
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  return taken.count() / changes;
}

/// Both take turns, so that a machine's ups and downs meet both.
void change(benchmark::State& state, const crossbar::Path& path) {
  crossbar::AnalogArrayModel model;
  model.device.g_min = 1e-6;
  model.device.g_max = 25e-6;
  model.device.v_read = 0.2;
  model.device.t_read = 1e-7;
  model.device.v_write = 1;
  model.device.t_pulse = 1e-7;
  model.device.pulse.choice = devices::SoftBounds{};
  cost::Tally tally;
  const auto direct = model.make(size, size, {.tally = &tally});
  model.path = path;
  const auto by_path = model.make(size, size, {.tally = &tally});
  const Matrix x = uniform(batch, size, 1, 0), d = uniform(batch, size, 0.05F, 1);
  double direct_s = INFINITY, path_s = INFINITY;
  for ([[maybe_unused]] auto _ : state) {
    direct_s = std::min(direct_s, turn(*direct, x, d));
    path_s = std::min(path_s, turn(*by_path, x, d));
  }
  const auto groups = static_cast<double>(path.gains().size());
  state.counters["ms_direct"] = 1e3 * direct_s;
  state.counters["ms_path"] = 1e3 * path_s;
  state.counters["groups"] = groups;
  state.counters["over_direct"] = path_s / direct_s;
  state.counters["over_k_direct"] = path_s / direct_s / groups;
}

}  // namespace

int main(int argc, char** argv) {
  benchmark::Initialize(&argc, argv);
  crossbar::Path::each([]<class Entry>() {
    crossbar::Path path;
    path.choice = Entry{};
    benchmark::RegisterBenchmark(("change/" + std::string(Entry::name)).c_str(),
                                 [path](benchmark::State& state) { change(state, path); })
        ->Iterations(3)
        ->Unit(benchmark::kMillisecond);
  });
  benchmark::RunSpecifiedBenchmarks();
}
