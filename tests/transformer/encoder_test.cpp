#include "ohmlab/transformer/encoder.hpp"

#include <cmath>

#include "tests/catch.hpp"
#include "tests/transformer/parts.hpp"

using namespace ohmlab;
using namespace ohmlab::transformer;

TEST_CASE("an encoder sees every patch, and where it stands") {
  const Encoder<float> encoder({.layers = 2, .width = 16, .heads = 2}, {6, 4, 2}, 5);
  const auto parameters = random_parameters<float>(encoder.layout(), 0.3F, 1);
  Encoder<float>::Workspace work;
  Meter meter;
  const auto predictions = [&](const ImageBatch& batch) -> MatrixOf<float> {
    encoder.prepare(batch.examples(), work);
    static_cast<void>(
        encoder.run(parameters.data(), nullptr, batch, 0, batch.examples(), 1.0F, work, meter));
    return work.logits;
  };
  const ImageBatch batch = random_images(2, 24, 5, 2);
  const MatrixOf<float> before = predictions(batch);
  for (Index pixel = 0; pixel < 24; ++pixel) {
    CAPTURE(pixel);
    ImageBatch other = batch;
    other.images(0, pixel) += 1.0F;
    const MatrixOf<float> after = predictions(other);
    CHECK((after.row(0).array() != before.row(0).array()).any());
    CHECK((after.row(1).array() == before.row(1).array()).all());
  }
  ImageBatch exchanged = batch;  // two patches change places: rows 0 and 1, columns 0-1 and 2-3
  for (const Index row : {Index{0}, Index{4}}) {
    exchanged.images.block(0, row, 1, 2) = batch.images.block(0, row + 2, 1, 2);
    exchanged.images.block(0, row + 2, 1, 2) = batch.images.block(0, row, 1, 2);
  }
  CHECK((predictions(exchanged).row(0).array() != before.row(0).array()).any());
}

TEST_CASE(
    "before learning every class is about as likely as any other, and images are learned by "
    "heart") {
  const Encoder<float> encoder({.layers = 2, .width = 32, .heads = 4}, {8, 8, 4}, 10);
  cost::Tally tally;
  Trainer trainer(encoder, {.rate = 3e-3, .decay = 0, .warm_up = 10}, 200,
                  first_values(encoder.layout(), 2, 0.02, 3), tally);
  const ImageBatch batch = random_images(40, 64, 10, 4);
  CHECK(trainer.evaluate(batch).mean() == Approx(std::log(10.0)).epsilon(0.03));
  for (int i = 0; i < 200; ++i) static_cast<void>(trainer.step(batch));
  CHECK(trainer.evaluate(batch).hits == 40);
}
