// How fast is block Gibbs sampling on the ideal array? A restricted Boltzmann machine of 128
// visible and 128 hidden units, 1,024 chains, no layer held: each sweep draws both layers.
// Everything that sampling does is done, billing included. Goals: ten times THRML
// (bench/peers/thrml_gibbs.py runs both in turns), and half of what its two products take alone in
// OpenBLAS, "bare_products".

#include <benchmark/benchmark.h>
#include <cblas.h>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/ideal_array.hpp"
#include "ohmlab/ebm/dynamics/gibbs.hpp"
#include "ohmlab/ebm/model/rbm.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;

namespace {

constexpr Index units = 128, chains = 1024;
constexpr std::int64_t sweeps = 20;

void gibbs_sweeps(benchmark::State& state) {
  cost::Tally tally;
  ebm::Network machine(ebm::RbmModel{.hidden = units, .weight_std = 0.1}.plan(units, 0), {}, 1,
                       tally, [](Index rows, Index cols, const crossbar::ArrayContext& context) {
    return std::make_unique<crossbar::IdealArray>(rows, cols, context);
  });
  machine.initialise(core::VectorD::Constant(units, 0.5));
  ebm::States states(2);
  for (ebm::Activity& layer : states) layer.state = layer.mean = Matrix::Zero(chains, units);
  const std::vector<bool> free(2, true);
  const std::vector<ebm::Nudge> nudges(2);
  for ([[maybe_unused]] auto _ : state)
    ebm::GibbsDynamics{}.run(machine, free, nudges, sweeps, states);
  const auto flips = static_cast<double>(state.iterations() * sweeps * chains * 2 * units);
  state.counters["flips_per_s"] = benchmark::Counter(flips, benchmark::Counter::kIsRate);
}

void bare_products(benchmark::State& state) {
  Matrix w = Matrix::Random(units, units), v = Matrix::Ones(chains, units), h = v;
  const int n = units, b = chains;
  for ([[maybe_unused]] auto _ : state) {
    for (std::int64_t k = 0; k < sweeps; ++k) {
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasNoTrans, b, n, n, 0.01F, v.data(), n, w.data(),
                  n, 0, h.data(), n);
      cblas_sgemm(CblasRowMajor, CblasNoTrans, CblasTrans, b, n, n, 0.01F, h.data(), n, w.data(), n,
                  0, v.data(), n);
    }
    benchmark::DoNotOptimize(v.data());
  }
  const auto flips = static_cast<double>(state.iterations() * sweeps * chains * 2 * units);
  state.counters["flips_per_s"] = benchmark::Counter(flips, benchmark::Counter::kIsRate);
}

BENCHMARK(gibbs_sweeps)->UseRealTime()->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
BENCHMARK(bare_products)->UseRealTime()->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
