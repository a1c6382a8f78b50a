// How fast does an Ising torus flip? Block Gibbs sampling of one chain on a torus of 512 x 512 and
// 1024 x 1024 spins, on all threads. "multispin" is the kernel of bits, "network" the network of
// any graph (weights along edges, logistic functions, 24-bit random numbers), billing included, and
// "words" draws one random word of 32 bits for each spin and does nothing else. Goals: one flip a
// nanosecond on two threads; ten times THRML (bench/peers/thrml_torus.py runs both in turns).

#include <benchmark/benchmark.h>

#include "ohmlab/core/parallel.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/exact_arrays.hpp"
#include "ohmlab/ebm/dynamics/gibbs.hpp"
#include "ohmlab/ebm/model/graph.hpp"
#include "ohmlab/ebm/torus_gibbs.hpp"

using namespace ohmlab;
using core::Index;

namespace {

constexpr double K = 0.4;

void count(benchmark::State& state, Index side, std::int64_t sweeps) {
  const auto flips = static_cast<double>(state.iterations() * sweeps * side * side);
  state.counters["flips_per_s"] = benchmark::Counter(flips, benchmark::Counter::kIsRate);
}

void multispin(benchmark::State& state) {
  const Index side = state.range(0);
  core::set_threads(static_cast<int>(state.range(1)));
  ebm::TorusGibbs torus({.height = side, .width = side, .K = K}, 1, 1);
  constexpr std::int64_t sweeps = 50;
  for ([[maybe_unused]] auto _ : state) {
    for (std::int64_t k = 0; k < sweeps; ++k) torus.sweep();
  }
  count(state, side, sweeps);
}

void network(benchmark::State& state) {
  const Index side = state.range(0);
  core::set_threads(static_cast<int>(state.range(1)));
  ebm::GraphModel graph;
  graph.lattice = ebm::Lattice::torus;
  graph.height = graph.width = side;
  cost::Tally tally;
  ebm::Network machine(graph.plan(side * side, 0), {}, 1, tally, crossbar::exact_arrays());
  ebm::States states(2);
  for (std::size_t l = 0; l < 2; ++l) {
    machine.along_edges(0)->program_edges(core::Vector::Constant(
        machine.along_edges(0)->crossings().size(), static_cast<float>(4 * K)));
    machine.bias(l).setConstant(static_cast<float>(-8 * K));
    states[l].state = states[l].mean = core::Matrix::Zero(1, side * side / 2);
  }
  constexpr std::int64_t sweeps = 5;
  const std::vector<bool> free(2, true);
  const std::vector<ebm::Nudge> nudges(2);
  for ([[maybe_unused]] auto _ : state)
    ebm::GibbsDynamics{}.run(machine, free, nudges, sweeps, states);
  count(state, side, sweeps);
}

void words(benchmark::State& state) {
  const Index side = state.range(0);
  core::set_threads(static_cast<int>(state.range(1)));
  std::vector<std::uint32_t> out(static_cast<std::size_t>(side * side));
  constexpr Index slice = 1 << 13;
  std::uint64_t operation = 0;
  for ([[maybe_unused]] auto _ : state) {
    core::for_slices(side * side, slice, 60, [&](Index begin, Index end) noexcept {
      core::fill_words({}, operation, static_cast<std::uint64_t>(begin),
                       std::span(out).subspan(static_cast<std::size_t>(begin),
                                              static_cast<std::size_t>(end - begin)));
    });
    ++operation;
    benchmark::DoNotOptimize(out.data());
  }
  count(state, side, 1);
}

void sizes(benchmark::internal::Benchmark* one) {
  for (const std::int64_t threads : {1, 2}) {
    for (const std::int64_t side : {512, 1024}) one->Args({side, threads});
  }
  one->ArgNames({"side", "threads"})->UseRealTime()->MeasureProcessCPUTime();
}

BENCHMARK(multispin)->Apply(sizes)->Unit(benchmark::kMillisecond);
BENCHMARK(network)->Apply(sizes)->Unit(benchmark::kMillisecond);
BENCHMARK(words)->Apply(sizes)->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
