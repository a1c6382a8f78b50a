#include "ohmlab/transformer/trainer.hpp"

#include <vector>

#include "ohmlab/core/parallel.hpp"

#include "tests/catch.hpp"
#include "tests/transformer/parts.hpp"

using namespace ohmlab;
using namespace ohmlab::transformer;

namespace {

const Decoder<float>& some_decoder() {
  static const Decoder<float> decoder({.layers = 2, .width = 24, .heads = 3}, 11, 40);
  return decoder;
}

/// Parameters after some updates on batches of many slices, of which the last is shorter.
RowOf<float> trained(int updates, core::Archive* save = nullptr,
                     const core::Archive* restore = nullptr) {
  const Decoder<float>& decoder = some_decoder();
  cost::Tally tally;
  Trainer trainer(decoder, AdamW{}, 6, first_values(decoder.layout(), 2, 0.05, 1), tally);
  int begin = 0;
  if (restore != nullptr) {
    core::Archive from(restore->items());
    trainer.state(from);
    begin = 3;
  }
  for (int i = begin; i < updates; ++i)
    static_cast<void>(trainer.step(random_batch(101, 40, 11, 50 + static_cast<std::uint64_t>(i))));
  if (save != nullptr) trainer.state(*save);
  return trainer.parameters();
}

}  // namespace

TEST_CASE("training has the same bits on 1, 2 and 4 threads") {
  const int before = core::threads();
  core::set_threads(1);
  const RowOf<float> one = trained(4);
  for (const int threads : {2, 4}) {
    CAPTURE(threads);
    core::set_threads(threads);
    CHECK((trained(4).array() == one.array()).all());
  }
  core::set_threads(before);
}

TEST_CASE("a trainer that is stored and restored goes on with the same bits") {
  core::Archive archive;
  static_cast<void>(trained(3, &archive));
  CHECK((trained(6, nullptr, &archive).array() == trained(6).array()).all());
}

TEST_CASE("the gradient of a batch is that of its slices together") {
  const Decoder<double> decoder({.layers = 1, .width = 8, .heads = 2}, 5,
                                200);  // two examples a slice
  const TokenBatch batch = random_batch(5, 200, 5, 7);
  const RowOf<double> parameters = random_parameters<double>(decoder.layout(), 0.3F, 8);
  cost::Tally tally;
  Trainer trainer(decoder, AdamW{}, 1, parameters, tally);
  const Score score = trainer.step(batch);
  Decoder<double>::Workspace work;
  Meter meter;
  RowOf<double> whole = RowOf<double>::Zero(decoder.layout().size());
  decoder.prepare(5, work);
  const Score at_once =
      decoder.run(parameters.data(), whole.data(), batch, 0, 5, 1.0 / 1000, work, meter);
  CHECK(score.nats == Approx(at_once.nats).epsilon(1e-12));
  CHECK((trainer.gradients() - whole).norm() <= 1e-12 * whole.norm());
}

TEST_CASE("an evaluation of many slices is that of each example") {
  const Encoder<float> encoder({.layers = 1, .width = 8, .heads = 2}, {8, 8, 2}, 4);
  cost::Tally tally;
  Trainer trainer(encoder, AdamW{}, 1, random_parameters<float>(encoder.layout(), 0.3F, 2), tally);
  const ImageBatch batch = random_images(1100, 64, 4, 3);
  const Score all = trainer.evaluate(batch);
  Score sum;
  for (Index i = 0; i < batch.examples(); ++i) {
    sum += trainer.evaluate({batch.images.row(i), {batch.labels[static_cast<std::size_t>(i)]}});
  }
  CHECK(all.targets == 1100);
  CHECK(all.nats == Approx(sum.nats).epsilon(1e-5));
  CHECK(all.hits == sum.hits);
}
