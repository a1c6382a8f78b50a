// How many tokens a second does a transformer train on? The decoders of configs/experiments: 2
// blocks of 64 on images of 64 pixels, 3 of 128 on 128 characters; batches of 32; everything that
// training does is done, billing included. Goal: half of PyTorch's speed;
// bench/peers/pytorch_transformer.py runs both in turns and prints the table.

#include <benchmark/benchmark.h>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/transformer/trainer.hpp"

using namespace ohmlab;
using core::Index;

namespace {

void train_step(benchmark::State& state) {
  constexpr Index sequences = 32, vocabulary = 63;
  const Index layers = state.range(0), width = state.range(1), context = state.range(2);
  const transformer::Decoder<float> model({layers, width, 4}, vocabulary, context);
  transformer::TokenBatch batch{{sequences, context}, {sequences, context}};
  const core::Stream stream = core::stream(1, core::StreamId::data);
  for (Index i = 0; i < batch.inputs.size(); ++i) {
    const auto token = core::random_below(stream, static_cast<std::uint32_t>(i), 0, vocabulary);
    batch.inputs.data()[i] = batch.targets.data()[i] = static_cast<std::int32_t>(token);
  }
  cost::Tally tally;
  transformer::Trainer<transformer::Decoder<float>> trainer(
      model, {}, 1 << 20, transformer::first_values(model.layout(), model.layers(), 0.02, 1),
      tally);
  for ([[maybe_unused]] auto _ : state) benchmark::DoNotOptimize(trainer.step(batch));
  state.counters["tokens/s"] = benchmark::Counter(
      static_cast<double>(state.iterations() * sequences * context), benchmark::Counter::kIsRate);
}

BENCHMARK(train_step)
    ->Args({2, 64, 64})
    ->Args({3, 128, 128})
    ->ArgNames({"layers", "width", "context"})
    ->UseRealTime()
    ->MeasureProcessCPUTime()
    ->Unit(benchmark::kMillisecond);

}  // namespace

BENCHMARK_MAIN();
