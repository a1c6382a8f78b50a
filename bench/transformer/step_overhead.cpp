// Which share of a transformer's training is spent on counting? Trains a small decoder; run by
// bench/tally_overhead.py under callgrind, which counts. Goal: less than 2 % of the instructions.

#include <cstdlib>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/transformer/trainer.hpp"

using namespace ohmlab;
using Model = transformer::Decoder<float>;

/// What is counted; setting up is not.
extern "C" [[gnu::noinline]] void ohmlab_counted_steps(transformer::Trainer<Model>& trainer,
                                                       const transformer::TokenBatch& batch,
                                                       int steps) {
  for (int n = 0; n < steps; ++n) trainer.step(batch);
}

/// Arguments: blocks, width, context, sequences of a batch, steps.
int main(int count, char** arguments) {
  if (count != 6) return 2;
  constexpr core::Index vocabulary = 63;
  const core::Index context = std::atoi(arguments[3]), sequences = std::atoi(arguments[4]);
  const Model model(
      {.layers = std::atoi(arguments[1]), .width = std::atoi(arguments[2]), .heads = 2}, vocabulary,
      context);
  transformer::TokenBatch batch{{sequences, context}, {sequences, context}};
  const core::Stream stream = core::stream(1, core::StreamId::data);
  for (core::Index i = 0; i < batch.inputs.size(); ++i) {
    const auto token = core::random_below(stream, static_cast<std::uint32_t>(i), 0, vocabulary);
    batch.inputs.data()[i] = batch.targets.data()[i] = static_cast<std::int32_t>(token);
  }
  cost::Tally tally;
  transformer::Trainer<Model> trainer(
      model, {}, 10, transformer::first_values(model.layout(), model.layers(), 0.02, 1), tally);
  trainer.step(batch);  // memory is set up by the first
  ohmlab_counted_steps(trainer, batch, std::atoi(arguments[5]));
  return 0;
}
