// What training posts while it works, the closed forms, and formulas of the literature written out
// here.
#include "tests/oracles/closed_form.hpp"

#include <map>
#include <string>
#include <tuple>

#include "tests/catch.hpp"
#include "tests/transformer/parts.hpp"

using namespace ohmlab;
using namespace ohmlab::transformer;
using cost::Action;

namespace {

/// By stage, component, action and layer.
using Posted = std::map<std::tuple<std::string, std::string, Action, std::string>, double>;

Posted posted(const cost::Tally& tally) {
  Posted out;
  for (const cost::Entry& e : tally.entries()) {
    CHECK(e.serial == e.count);
    out[{e.stage, e.component, e.action, e.layer}] += e.count;
  }
  return out;
}

Posted posted(const Meter& meter) {
  cost::Tally tally;
  meter.post(tally);
  return posted(tally);
}

template <class Model>
Posted posted_by_a_step(const Model& model, const AdamW& adamw,
                        const typename Model::Batch& batch) {
  cost::Tally tally;
  Trainer trainer(model, adamw, 1, random_parameters<float>(model.layout(), 0.1F, 1), tally);
  static_cast<void>(trainer.step(batch));
  return posted(tally);
}

void check_equal(const Posted& found, const Posted& expected) {
  REQUIRE(found.size() == expected.size());
  for (const auto& [key, count] : expected) {
    CAPTURE(std::get<0>(key), std::get<1>(key), cost::name(std::get<2>(key)));
    REQUIRE(found.contains(key));
    CHECK(found.at(key) == count);
  }
}

/// Of all layers.
double bytes(const Posted& all, const std::string& stage, const std::string& component,
             Action action) {
  double sum = 0;
  for (const auto& [key, count] : all) {
    const auto& [in_stage, of, what, layer] = key;
    if (in_stage == stage && of == component && what == action) sum += count;
  }
  return sum;
}
double flops(const Posted& all, const std::string& stage, const std::string& component) {
  return bytes(all, stage, component, Action::flop_fp32);
}

const std::string forward = "train: forward", activations = "train: activation gradients",
                  weights = "train: weight gradients", change = "train: update";

}  // namespace

TEST_CASE("a decoder's update posts exactly what the closed form says, slice by slice") {
  for (const auto& [layers, width, heads, vocabulary, context, sequences] :
       {std::tuple{1, 8, 1, 2, 1, 1},
        {1, 8, 2, 3, 5, 3},
        {2, 12, 4, 11, 40, 29},
        {3, 16, 2, 63, 70, 16},
        {1, 4, 1, 2, 600, 2}}) {
    for (const double clip : {0.0, 1.0}) {
      CAPTURE(layers, width, heads, vocabulary, context, sequences, clip);
      const Decoder<float> decoder({layers, width, heads}, vocabulary, context);
      const DecoderShape shape{layers, width, vocabulary, context};
      CHECK(static_cast<double>(decoder.layout().count()) == shape.parameters());
      check_equal(posted_by_a_step(
                      decoder, {.clip = clip},
                      random_batch(sequences, context, static_cast<std::uint32_t>(vocabulary), 2)),
                  posted(decoder_update(shape, heads, sequences, clip > 0)));
    }
  }
}

TEST_CASE("an encoder's update posts exactly what the closed form says, slice by slice") {
  for (const auto& [layers, width, heads, height, across, side, classes, images] :
       {std::tuple{1, 8, 1, 2, 2, 2, 2, 1},
        {2, 12, 3, 8, 12, 4, 10, 37},
        {1, 16, 4, 28, 28, 7, 10, 70},
        {1, 4, 2, 6, 6, 1, 3, 40}}) {
    for (const double clip : {0.0, 1.0}) {
      CAPTURE(layers, width, heads, side, images, clip);
      const Size size{layers, width, heads};
      const Patches patches{height, across, side};
      const Encoder<float> encoder(size, patches, classes);
      check_equal(posted_by_a_step(encoder, {.clip = clip},
                                   random_images(images, core::Index{height} * across,
                                                 static_cast<std::uint32_t>(classes), 2)),
                  posted(encoder_update(size, patches, classes, images, clip > 0)));
    }
  }
}

TEST_CASE("with what the mask leaves out, products are those of the Megatron-LM formula") {
  // 12 B s L h² [1 + f/h + 1 + s/h + V/(2Lh)] forward and backward without recomputation, f = 4h.
  const double l = 3, h = 32, s = 40, v = 11, b = 7, heads = 4;
  const Posted all =
      posted_by_a_step(Decoder<float>({3, 32, 4}, 11, 40), {}, random_batch(7, 40, 11, 3));
  double products = 0;
  for (const std::string& stage : {forward, activations, weights}) {
    products += flops(all, stage, "linear") + flops(all, stage, "attention");
  }
  const double masked = 3 * l * b * heads * s * (s - 1) / 2 * 4 * (h / heads);
  CHECK(products + masked == 12 * b * s * l * h * h * (1 + 4 + 1 + s / h + v / (2 * l * h)));
}

TEST_CASE("passes are as the literature has them") {
  const double l = 2, h = 24, s = 10, b = 6, n = b * s, f = 4 * h, v = 7, heads = 3;
  const Posted all =
      posted_by_a_step(Decoder<float>({2, 24, 3}, 7, 10), {.clip = 0}, random_batch(6, 10, 7, 3));
  const double parameters = l * (12 * h * h + 13 * h) + (v + s + 2) * h;
  const double scores = b * heads * s * (s + 1) / 2;

  // Forward: Q and O 4 b s h², K and V 4 b s h², feed-forward 4 b s h f, logits 2 b s h V; backward
  // twice that.
  const double linear = l * (8 * n * h * h + 4 * n * h * f) + 2 * n * h * v;
  CHECK(flops(all, forward, "linear") == linear);
  CHECK(flops(all, activations, "linear") == linear);
  CHECK(flops(all, weights, "linear") == linear);
  CHECK(flops(all, forward, "attention") == l * 4 * scores * h / heads);
  CHECK(flops(all, activations, "attention") == 2 * flops(all, forward, "attention"));
  CHECK(flops(all, weights, "attention") == 0);

  // Layer norm 9, 14 and 7 operations an element (Isaev et al., SC'23); Adam 11, the decoupled
  // decay 2.
  const double normed = (2 * l + 1) * n * h;
  CHECK(flops(all, forward, "layer norm") == 9 * normed);
  CHECK(flops(all, activations, "layer norm") == 14 * normed);
  CHECK(flops(all, weights, "layer norm") == 7 * normed);
  CHECK(flops(all, change, "optimizer") == (11 + 2) * parameters);

  // An operation reads its inputs and weights and writes its outputs; a word is 4 bytes.
  const double linear_weights = l * (12 * h * h + 9 * h), into = l * n * (h + h + h + f),
               out_of = l * n * (3 * h + h + f + h);
  CHECK(bytes(all, forward, "linear", Action::memory_read) ==
        4 * (into + linear_weights + n * h + v * h));
  CHECK(bytes(all, forward, "linear", Action::memory_write) == 4 * (out_of + n * v));
  CHECK(bytes(all, activations, "linear", Action::memory_read) ==
        4 * (out_of + l * 12 * h * h + n * v + v * h));
  CHECK(bytes(all, activations, "linear", Action::memory_write) == 4 * (into + n * h));
  CHECK(bytes(all, weights, "linear", Action::memory_read) == 4 * (into + out_of + n * h + n * v));
  CHECK(bytes(all, weights, "linear", Action::memory_write) == 4 * (linear_weights + v * h));
  CHECK(bytes(all, change, "optimizer", Action::memory_read) == 16 * parameters);
  CHECK(bytes(all, change, "optimizer", Action::memory_write) == 12 * parameters);
}

TEST_CASE("nothing goes back into an image, and every pair of patches is seen") {
  const double l = 1, h = 8, s = 6, b = 5, heads = 2, pixels = 4, classes = 3, n = b * s;
  const Posted all =
      posted_by_a_step(Encoder<float>({1, 8, 2}, {4, 6, 2}, 3), {}, random_images(5, 24, 3, 4));
  const double blocks = l * 24 * n * h * h, head = 2 * b * h * classes,
               projection = 2 * n * pixels * h;
  CHECK(flops(all, forward, "linear") == blocks + head + projection);
  CHECK(flops(all, weights, "linear") == blocks + head + projection);
  CHECK(flops(all, activations, "linear") == blocks + head);
  CHECK(flops(all, forward, "attention") == 4 * b * heads * s * s * h / heads);
  const double parameters =
      pixels * h + h + s * h + l * (12 * h * h + 13 * h) + 2 * h + h * classes + classes;
  CHECK(flops(all, change, "optimizer") == (11 + 2 + 3) * parameters);
}
