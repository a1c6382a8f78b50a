// How many cells see an outer product a second when each pulse of each cell is simulated, drawing
// of the trains included? Goals on two cores with AVX-512, 1024 x 1024 cells, batches of 128: soft
// bounds at 4 G cell-vectors/s or more, constant steps at 10 G (aggregated where that is exact),
// every other model at half of exp_step or more; "pulses" counts coincidences a second. "CPU" is
// the time of all threads together: on a machine that others load, it is the figure to read, and
// two threads need at least half of it. Beside them, from the same run, what one core needs for the
// normals alone: one a pulse is the least that any exact method draws.
//
// Sparse: x dense in +-1, d in +-0.05, trains of 31 slots, 0.126 coincidences a cell and vector.
// Managed: the same with the managements that arrays have by default. Dense: d in +-1.

#include <cstdint>
#include <vector>

#include <benchmark/benchmark.h>

#include "ohmlab/core/parallel.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/cells.hpp"
#include "ohmlab/crossbar/pulse_events.hpp"

using namespace ohmlab;

namespace {

constexpr core::Index size = 1024, batch = 128;
constexpr double granularity = 0.001, rate = 0.01;

core::Matrix uniform(core::Index rows, core::Index cols, float bound, std::uint32_t layer) {
  core::Matrix out(rows, cols);
  core::fill_uniform(core::stream(1, core::StreamId::data, layer), 0, 0,
                     {out.data(), static_cast<std::size_t>(out.size())});
  return (2 * out.array() - 1) * bound;
}

struct Regime {
  float d;
  bool managed, aggregate;
};
constexpr Regime sparse{0.05F, false, false}, managed{0.05F, true, false},
    dense{1.0F, false, false};
constexpr Regime sparse_aggregated{0.05F, false, true}, dense_aggregated{1.0F, false, true};

/// state.range(0) is the number of threads.
template <class Pulse>
void update(benchmark::State& state, const Regime& regime, const Pulse& pulse) {
  const int threads_before = core::threads();
  core::set_threads(static_cast<int>(state.range(0)));
  devices::Device device;
  device.pulse.choice = pulse;
  crossbar::CellPlane plane(crossbar::Tiling::of(size, size, 0, 0), device, 1, 0, 0, {});
  const core::Matrix x = uniform(batch, size, 1, 0), d = uniform(batch, size, regime.d, 1);
  const crossbar::StochasticPulser pulser{
      {.bl_management = regime.managed, .update_management = regime.managed}};
  const core::Stream stream = core::stream(1, core::StreamId::pulse_train);
  std::uint64_t operation = 0;
  double pulses = 0, direction = 1;
  for ([[maybe_unused]] auto _ : state) {
    const auto trains = crossbar::draw_trains({x, d, rate, granularity}, pulser, stream, operation);
    const crossbar::PulseEvents events(trains, x, d);
    pulses += plane.pulse(events, {direction}, {operation, 0, regime.aggregate}).coincidences;
    direction = -direction;
    ++operation;
  }
  using benchmark::Counter;
  state.counters["cell_vectors"] =
      Counter(static_cast<double>(size * size * batch), Counter::kIsIterationInvariantRate);
  state.counters["pulses"] = Counter(pulses, Counter::kIsRate);
  state.counters["pulses_each"] =
      pulses / static_cast<double>(state.iterations()) / static_cast<double>(size * size);
  core::set_threads(threads_before);
}

void trains_alone(benchmark::State& state, const Regime& regime) {
  const int threads_before = core::threads();
  core::set_threads(static_cast<int>(state.range(0)));
  const core::Matrix x = uniform(batch, size, 1, 0), d = uniform(batch, size, regime.d, 1);
  const crossbar::StochasticPulser pulser{
      {.bl_management = regime.managed, .update_management = regime.managed}};
  std::uint64_t operation = 0;
  for ([[maybe_unused]] auto _ : state) {
    const auto trains =
        crossbar::draw_trains({x, d, rate, granularity}, pulser,
                              core::stream(1, core::StreamId::pulse_train), operation++);
    benchmark::DoNotOptimize(crossbar::PulseEvents(trains, x, d).events.data());
  }
  core::set_threads(threads_before);
}

void normals_alone(benchmark::State& state) {
  std::vector<float> out(1 << 14);
  std::uint64_t operation = 0;
  for ([[maybe_unused]] auto _ : state) {
    core::fill_normal(core::stream(1, core::StreamId::data), operation++, 0, out);
    benchmark::ClobberMemory();
  }
  state.counters["normals"] = benchmark::Counter(static_cast<double>(out.size()),
                                                 benchmark::Counter::kIsIterationInvariantRate);
}

/// Steps of the published size at the start, so that every model gets the same pulses.
template <class P>
P of_granularity(P pulse) {
  pulse.dw_min *= granularity / pulse.granularity();
  return pulse;
}

const devices::SoftBounds soft_bounds;
const devices::SoftBounds noiseless_soft_bounds{{.dw_min_std = 0}};
const devices::ConstantStep constant_step;

const devices::LinearStep linear_step;
const devices::SoftBoundsReference soft_bounds_reference;
const devices::ExpStep exp_step = of_granularity(devices::ExpStep{});
const devices::ExponentialResponse exponential_response;
const devices::PowStep pow_step = of_granularity(devices::PowStep{});
const devices::PowStepReference pow_step_reference = of_granularity(devices::PowStepReference{});
const devices::PiecewiseStep piecewise_step = [] {
  devices::PiecewiseStep pulse;
  pulse.nodes_up = {1.6, 1.4, 1.2, 1.1, 1, 0.9, 0.8, 0.6, 0.4, 0.2};
  pulse.nodes_down = {0.2, 0.4, 0.6, 0.8, 0.9, 1, 1.1, 1.2, 1.4, 1.6};
  return pulse;
}();
const devices::NeurosimPg neurosim_pg{.pulses_up = 2000, .pulses_down = 2000};

/// A model of physics with noise from pulse to pulse, as the models of steps have.
template <class Pulse>
Pulse noisy(Pulse pulse, devices::Window window = devices::Window::none) {
  if constexpr (requires { pulse.cycle_std; }) {
    pulse.cycle_std = 0.3;
    pulse.window = window;
  } else {
    pulse.gap_std = 1e-13;
    pulse.substeps = 1;
  }
  return pulse;
}
const auto vteam = noisy(devices::Vteam{});
const auto vteam_in_window = noisy(devices::Vteam{}, devices::Window::biolek);
const auto ion_drift = noisy(devices::LinearIonDrift{});
const auto ion_drift_in_window = noisy(devices::LinearIonDrift{}, devices::Window::joglekar);
const auto filament_gap = noisy(devices::FilamentGap{});

void one_and_two_threads(benchmark::internal::Benchmark* bench) {
  bench->Arg(1)->Arg(2)->UseRealTime()->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
}

BENCHMARK(normals_alone);
BENCHMARK_CAPTURE(update, soft_bounds_sparse, sparse, soft_bounds)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, constant_step_sparse, sparse, constant_step)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, constant_step_sparse_aggregated, sparse_aggregated, constant_step)
    ->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, linear_step_sparse, sparse, linear_step)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, soft_bounds_reference_sparse, sparse, soft_bounds_reference)
    ->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, exp_step_sparse, sparse, exp_step)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, exponential_response_sparse, sparse, exponential_response)
    ->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, pow_step_sparse, sparse, pow_step)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, pow_step_reference_sparse, sparse, pow_step_reference)
    ->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, piecewise_step_sparse, sparse, piecewise_step)
    ->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, neurosim_pg_sparse, sparse, neurosim_pg)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, exp_step_dense, dense, exp_step)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, pow_step_dense, dense, pow_step)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, piecewise_step_dense, dense, piecewise_step)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, neurosim_pg_dense, dense, neurosim_pg)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, soft_bounds_managed, managed, soft_bounds)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, soft_bounds_dense, dense, soft_bounds)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, constant_step_dense, dense, constant_step)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, constant_step_dense_aggregated, dense_aggregated, constant_step)
    ->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, soft_bounds_without_cycle_noise_sparse, sparse, noiseless_soft_bounds)
    ->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, vteam_sparse, sparse, vteam)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, vteam_in_window_sparse, sparse, vteam_in_window)
    ->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, ion_drift_sparse, sparse, ion_drift)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, ion_drift_in_window_sparse, sparse, ion_drift_in_window)
    ->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, filament_gap_sparse, sparse, filament_gap)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(update, filament_gap_dense, dense, filament_gap)->Apply(one_and_two_threads);
BENCHMARK_CAPTURE(trains_alone, sparse, sparse)->Apply(one_and_two_threads);

}  // namespace

BENCHMARK_MAIN();
