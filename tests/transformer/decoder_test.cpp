#include "ohmlab/transformer/decoder.hpp"

#include <cmath>

#include "tests/catch.hpp"
#include "tests/transformer/parts.hpp"

using namespace ohmlab;
using namespace ohmlab::transformer;

namespace {

constexpr Size size{.layers = 2, .width = 16, .heads = 4};

MatrixOf<float> predictions(const Decoder<float>& decoder, const RowOf<float>& parameters,
                            const TokenBatch& batch) {
  Decoder<float>::Workspace work;
  Meter meter;
  decoder.prepare(batch.examples(), work);
  static_cast<void>(
      decoder.run(parameters.data(), nullptr, batch, 0, batch.examples(), 1.0F, work, meter));
  return work.logits;
}

}  // namespace

TEST_CASE("a later token never changes an earlier prediction") {
  constexpr Index context = 70;  // queries take three blocks
  const Decoder<float> decoder(size, 7, context);
  const auto parameters = random_parameters<float>(decoder.layout(), 0.3F, 1);
  TokenBatch batch = random_batch(2, context, 7, 2);
  const MatrixOf<float> before = predictions(decoder, parameters, batch);
  for (const Index changed : {Index{69}, Index{64}, Index{40}, Index{31}, Index{1}, Index{0}}) {
    CAPTURE(changed);
    TokenBatch other = batch;
    other.inputs(0, changed) = (other.inputs(0, changed) + 1) % 7;
    const MatrixOf<float> after = predictions(decoder, parameters, other);
    CHECK((after.topRows(changed).array() == before.topRows(changed).array()).all());
    CHECK((after.bottomRows(context).array() == before.bottomRows(context).array()).all());
    for (Index later = changed; later < context; ++later) {
      CHECK((after.row(later).array() != before.row(later).array()).any());
    }
  }
}

TEST_CASE("before learning every token is about as likely as any other") {
  for (const Index vocabulary : {Index{3}, Index{63}, Index{500}}) {
    const Decoder<float> decoder({.layers = 2, .width = 64, .heads = 4}, vocabulary, 32);
    cost::Tally tally;
    Trainer trainer(decoder, AdamW{}, 1, first_values(decoder.layout(), 2, 0.02, 1), tally);
    const Score score =
        trainer.evaluate(random_batch(16, 32, static_cast<std::uint32_t>(vocabulary), 3));
    CHECK(score.targets == 16 * 32);
    // Tied weights favour the token just seen by about init_std · width ≈ 1 in its logit.
    CHECK(score.mean() == Approx(std::log(static_cast<double>(vocabulary))).margin(0.1));
    CHECK(tally.entries().empty());
  }
}

TEST_CASE("four sequences are learned by heart") {
  const Decoder<float> decoder({.layers = 2, .width = 32, .heads = 2}, 6, 12);
  cost::Tally tally;
  const AdamW adamw{.rate = 3e-3, .decay = 0, .warm_up = 10};
  Trainer trainer(decoder, adamw, 400, first_values(decoder.layout(), 2, 0.02, 5), tally);
  TokenBatch batch = random_batch(4, 12, 6, 6);
  // What follows is a function of what went before only if it can be told apart from the first
  // token on.
  for (int i = 0; i < 4; ++i) batch.inputs(i, 0) = i;
  CHECK(trainer.evaluate(batch).mean() > 1.5);
  for (int i = 0; i < 400; ++i) static_cast<void>(trainer.step(batch));
  const Score learned = trainer.evaluate(batch);
  CHECK(learned.mean() < 0.02);
  CHECK(learned.hits == 48);
}

TEST_CASE("first values have the spread that is asked for, residual weights a smaller one") {
  const Decoder<float> decoder({.layers = 8, .width = 64, .heads = 4}, 100, 50);
  const RowOf<float> values = first_values(decoder.layout(), 8, 0.05, 9);
  for (const Tensor& tensor : decoder.layout().tensors()) {
    CAPTURE(tensor.name);
    const auto part = values.segment(tensor.offset, tensor.size());
    const double spread =
        std::sqrt(part.cast<double>().squaredNorm() / static_cast<double>(part.size()));
    switch (tensor.start) {
      case Start::zero:
        CHECK(spread == 0);
        break;
      case Start::one:
        CHECK((part.array() == 1.0F).all());
        break;
      // 6 standard errors of a standard deviation, 1/√(2 n) each
      case Start::normal:
        CHECK(spread ==
              Approx(0.05).epsilon(6 / std::sqrt(2.0 * static_cast<double>(part.size()))));
        break;
      case Start::residual:
        CHECK(spread ==
              Approx(0.05 / 4).epsilon(6 / std::sqrt(2.0 * static_cast<double>(part.size()))));
        break;
    }
  }
}
