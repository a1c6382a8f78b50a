// How long does a deep resistive network take to learn from an image by equilibrium propagation? 2
// x 784 sources, 1,024 nodes between diodes, 10 outputs; batches of 32 random gray images, 4 sweeps
// until rest and 4 after each of two nudges, momentum (configs/experiments/resistive_fashion.toml).
// Everything that training does is done, billing included. Goals: 60,000 images in 20 s, and a
// tenth of the time of the same algorithm written in PyTorch (bench/peers/pytorch_resistive.py).

#include <benchmark/benchmark.h>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/ideal_array.hpp"
#include "ohmlab/ebm/models.hpp"
#include "ohmlab/ebm/trainer.hpp"

using namespace ohmlab;
using core::Index;
using core::Matrix;

namespace {

constexpr Index pixels = 784, classes = 10, batch = 32, images = 32 * 20;

void resistive_images(benchmark::State& state) {
  Matrix data(images, pixels), targets = Matrix::Zero(images, classes);
  core::fill_uniform(core::stream(1, core::StreamId::data), 0, 0,
                     {data.data(), static_cast<std::size_t>(data.size())});
  for (Index i = 0; i < images; ++i) targets(i, i % classes) = 1;
  cost::Tally tally;
  ebm::Network machine(
      ebm::ResistiveModel{.hidden = {1024}, .input_gain = 300}.plan(pixels, classes),
      {{ebm::DiodeNeuron{}}}, 1, tally,
      [](Index rows, Index cols, const crossbar::ArrayContext& context) {
    return std::make_unique<crossbar::IdealArray>(rows, cols, context);
  });
  machine.initialise(core::VectorD::Constant(pixels, 0.5));
  ebm::Trainer trainer(machine, ebm::VoltageDropEp{}.recipe(), {{ebm::RelaxationDynamics{}}},
                       {.batch = batch,
                        .rate = 0.005,
                        .bias_rate = 0.005,
                        .update = ebm::Update::differenced,
                        .momentum = 0.9});
  for ([[maybe_unused]] auto _ : state) {
    for (Index first = 0; first < images; first += batch) {
      const Matrix wanted = targets.middleRows(first, batch);
      trainer.step({data.middleRows(first, batch), &wanted, 8}, 1);
    }
  }
  state.counters["images_per_s"] = benchmark::Counter(
      static_cast<double>(state.iterations() * images), benchmark::Counter::kIsRate);
}

BENCHMARK(resistive_images)->UseRealTime()->MeasureProcessCPUTime()->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
