#include "decoder_cost.hpp"

#include <algorithm>
#include <cmath>

namespace ohmlab::transformer {

double DecoderShape::parameters() const noexcept {
  const auto h = static_cast<double>(width), l = static_cast<double>(layers);
  return l * (12 * h * h + 13 * h) + static_cast<double>(vocabulary + context + 2) * h;
}

double DecoderShape::forward_flops() const noexcept {
  const auto h = static_cast<double>(width), l = static_cast<double>(layers),
             s = static_cast<double>(context);
  return l * (24 * s * h * h + 2 * s * (s + 1) * h) + 2 * s * h * static_cast<double>(vocabulary);
}

DecoderShape nearest_decoder(double parameters, std::int64_t vocabulary, std::int64_t context) {
  DecoderShape best{1, 8, vocabulary, context};
  for (std::int64_t layers = 1; layers <= 12; ++layers) {
    for (std::int64_t width = 8 * layers; width <= 64 * layers; width += 4) {
      const DecoderShape shape{layers, width, vocabulary, context};
      if (std::abs(shape.parameters() - parameters) < std::abs(best.parameters() - parameters))
        best = shape;
    }
  }
  return best;
}

void post_training(const DecoderShape& shape, double sequences, double updates,
                   cost::Tally& tally) {
  const auto products = tally.component("products"), optimizer = tally.component("optimizer");
  const double parameters = shape.parameters();
  const double activations =
      34 * static_cast<double>(shape.context * shape.width * shape.layers) * sequences;
  const auto post = [&](auto component, cost::Action action, double count) {
    tally.post(component, action, {.count = count, .serial = count});
  };
  // Products of a block: queries, keys and values, attention, its output, two of the perceptron.
  // Embedding and output layer are around the blocks.
  const double products_started = 5 * static_cast<double>(shape.layers) + 2;
  {
    const cost::Tally::Stage stage(tally, "train: forward");
    post(products, cost::Action::flop_bf16, shape.forward_flops() * sequences);
    post(products, cost::Action::memory_read, 2 * parameters * updates);
    post(products, cost::Action::memory_write, activations);
    post(products, cost::Action::kernel_launch, products_started * updates);
  }
  {
    const cost::Tally::Stage stage(tally, "train: backward");
    post(products, cost::Action::flop_bf16, 2 * shape.forward_flops() * sequences);
    post(products, cost::Action::memory_read, 2 * parameters * updates + activations);
    post(products, cost::Action::memory_write, 2 * parameters * updates);
    post(products, cost::Action::kernel_launch, 2 * products_started * updates);
  }
  const cost::Tally::Stage stage(tally, "train: update");
  post(optimizer, cost::Action::flop_fp32, 11 * parameters * updates);
  post(optimizer, cost::Action::memory_read, 14 * parameters * updates);
  post(optimizer, cost::Action::memory_write, 14 * parameters * updates);
  post(optimizer, cost::Action::kernel_launch, updates);
  tally.hold(products, cost::Part::accelerator, 1);
  // Weights in bfloat16, their gradients, and float32 weights with two moments.
  constexpr double bytes_each = 2 + 2 + 12;
  tally.hold(optimizer, cost::Part::memory_byte, bytes_each * parameters);
}

}  // namespace ohmlab::transformer
