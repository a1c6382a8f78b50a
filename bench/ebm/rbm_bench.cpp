// How long does an epoch of learning take on the ideal array? A restricted Boltzmann machine of 784
// visible and 500 hidden units, PCD with one step and 100 chains, batches of 100, 10,000 random
// images of which 31 % of the pixels are on (Fashion-MNIST's share at its threshold); everything
// that training does is done, billing included. Goal: a third of the time that scikit-learn takes
// for the same; bench/peers/scikit_learn_rbm.py runs both in turns and prints the table.
// "bare_products" is the five matrix products of each step alone, in Eigen on slices.

#include <benchmark/benchmark.h>

#include "ohmlab/core/parallel.hpp"
#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/ideal_array.hpp"
#include "ohmlab/ebm/model/rbm.hpp"
#include "ohmlab/ebm/trainer.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;

namespace {

constexpr Index visible = 784, hidden = 500, images = 10'000, batch = 100;

Matrix some_images() {
  Matrix out(images, visible);
  core::fill_uniform(core::stream(1, core::StreamId::data), 0, 0,
                     {out.data(), static_cast<std::size_t>(out.size())});
  return (out.array() < 0.3147F).cast<float>();
}

void rbm_epoch(benchmark::State& state) {
  const Matrix data = some_images();
  cost::Tally tally;
  ebm::Network machine(ebm::RbmModel{.hidden = hidden}.plan(visible, 0), {}, 1, tally,
                       [](Index rows, Index cols, const crossbar::ArrayContext& context) {
    return std::make_unique<crossbar::IdealArray>(rows, cols, context);
  });
  machine.initialise(data.cast<double>().colwise().mean());
  ebm::Trainer trainer(machine, ebm::PersistentCd{}.recipe(), {},
                       {.batch = batch, .rate = 0.1, .bias_rate = 0.1});
  for ([[maybe_unused]] auto _ : state) {
    for (Index first = 0; first < images; first += batch)
      trainer.step({data.middleRows(first, batch)}, 1);
  }
}

void bare_products(benchmark::State& state) {
  const Matrix data = some_images();
  Matrix w = Matrix::Zero(visible, hidden), h(batch, hidden), v(batch, visible);
  const auto slices = [](Index count, Index size, const auto& body) {
    core::for_slices(count, size, 1e9, body);
  };
  for ([[maybe_unused]] auto _ : state) {
    for (Index first = 0; first < images; first += batch) {
      const auto x = data.middleRows(first, batch);
      slices(batch, 32, [&](Index begin, Index end) noexcept {
        const Index n = end - begin;
        h.middleRows(begin, n).noalias() = x.middleRows(begin, n) * w;
        v.middleRows(begin, n).noalias() = h.middleRows(begin, n) * w.transpose();
        h.middleRows(begin, n).noalias() = v.middleRows(begin, n) * w;
      });
      slices(visible, 64, [&](Index begin, Index end) noexcept {
        const Index n = end - begin;
        w.middleRows(begin, n).noalias() += x.middleCols(begin, n).transpose() * h;
        w.middleRows(begin, n).noalias() -= v.middleCols(begin, n).transpose() * h;
      });
    }
  }
}

BENCHMARK(rbm_epoch)->UseRealTime()->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);
BENCHMARK(bare_products)->UseRealTime()->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
