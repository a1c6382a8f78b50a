#include "tests/oracles/closed_form.hpp"

namespace ohmlab::transformer {
namespace {

/// Products of n tokens with weights of w numbers, of which b are biases as well.
struct Products {
  double tokens, in, out;
  bool biased = true, goes_back = true;
};

void add_products(const Products& p, Meter& meter) {
  const double flops = 2 * p.tokens * p.in * p.out, in = p.tokens * p.in, out = p.tokens * p.out,
               weights = p.in * p.out, biases = p.biased ? p.out : 0;
  meter.add(Pass::forward, Part::linear, flops, in + weights + biases, out);
  meter.add(Pass::weight_gradient, Part::linear, flops, in + out, weights + biases);
  if (p.goes_back) meter.add(Pass::activation_gradient, Part::linear, flops, out + weights, in);
  if (!p.biased) return;
  meter.add(Pass::forward, Part::bias, out, 0, 0);
  meter.add(Pass::weight_gradient, Part::bias, out, 0, 0);
}

void add_norms(double tokens, double width, double times, Meter& meter) {
  const double n = tokens * width;
  meter.add(Pass::forward, Part::layer_norm, times * 9 * n, times * (n + 2 * width),
            times * (n + 2 * tokens));
  meter.add(Pass::activation_gradient, Part::layer_norm, times * 14 * n,
            times * (2 * n + 2 * tokens + width), times * n);
  meter.add(Pass::weight_gradient, Part::layer_norm, times * 7 * n, times * (2 * n + 2 * tokens),
            times * 2 * width);
}

void add_block(double width, double heads, double tokens, double pairs, Meter& meter) {
  const double n = tokens * width;
  for (const auto& [in, out] : {std::pair{1.0, 3.0}, {1.0, 1.0}, {1.0, 4.0}, {4.0, 1.0}}) {
    add_products({tokens, in * width, out * width}, meter);
  }
  add_norms(tokens, width, 2, meter);
  const double products = pairs * width / heads;
  meter.add(Pass::forward, Part::attention, 4 * products, 3 * n + pairs, n + pairs);
  meter.add(Pass::activation_gradient, Part::attention, 8 * products, 5 * n + 3 * pairs,
            3 * n + pairs);
  meter.add(Pass::forward, Part::softmax, 6 * pairs, pairs, pairs);
  meter.add(Pass::activation_gradient, Part::softmax, 5 * pairs, 2 * pairs, pairs);
  meter.add(Pass::forward, Part::gelu, 9 * 4 * n, 4 * n, 8 * n);
  meter.add(Pass::activation_gradient, Part::gelu, 12 * 4 * n, 12 * n, 4 * n);
  for (const Pass pass : {Pass::forward, Pass::activation_gradient}) {
    meter.add(pass, Part::residual, 2 * n, 4 * n, 2 * n);
  }
}

/// All blocks, each a layer of its own, and the norm behind them.
void add_blocks(std::int64_t layers, double width, double heads, double tokens, double pairs,
                Meter& meter) {
  for (std::int64_t layer = 1; layer <= layers; ++layer) {
    meter.enter(static_cast<std::size_t>(layer));
    add_block(width, heads, tokens, pairs, meter);
  }
  meter.enter(0);
  add_norms(tokens, width, 1, meter);
}

void add_loss(double rows, double classes, Meter& meter) {
  const double all = rows * classes;
  meter.add(Pass::forward, Part::loss, 5 * all + 2 * rows, all + rows, all + rows);
  meter.add(Pass::activation_gradient, Part::loss, all + rows, all + rows, all);
}

void add_optimizer(double parameters, bool clips, Meter& meter) {
  meter.add(Pass::update, Part::optimizer, 13 * parameters, 4 * parameters, 3 * parameters);
  if (clips) meter.add(Pass::update, Part::optimizer, 3 * parameters, parameters, 0);
}

}  // namespace

Meter decoder_update(const DecoderShape& shape, std::int64_t heads, std::int64_t sequences,
                     bool clips) {
  const auto s = static_cast<double>(shape.context), h = static_cast<double>(shape.width),
             v = static_cast<double>(shape.vocabulary), a = static_cast<double>(heads),
             tokens = static_cast<double>(sequences) * s, n = tokens * h;
  Meter meter;
  meter.add(Pass::forward, Part::embedding, n, tokens + 2 * n, n);
  meter.add(Pass::weight_gradient, Part::embedding, 2 * n, tokens + 2 * n, n + s * h);
  add_blocks(shape.layers, h, a, tokens, tokens * a * (s + 1) / 2, meter);
  add_products({tokens, h, v, false}, meter);
  add_loss(tokens, v, meter);
  add_optimizer(shape.parameters(), clips, meter);
  return meter;
}

Meter encoder_update(const Size& size, const Patches& patches, std::int64_t classes,
                     std::int64_t images, bool clips) {
  const auto s = static_cast<double>(patches.count()), h = static_cast<double>(size.width),
             a = static_cast<double>(size.heads), c = static_cast<double>(classes),
             layers = static_cast<double>(size.layers), b = static_cast<double>(images),
             tokens = b * s, n = tokens * h, pixels = static_cast<double>(patches.pixels());
  Meter meter;
  add_products({tokens, pixels, h, true, false}, meter);
  meter.add(Pass::forward, Part::embedding, n, 2 * n, n);
  meter.add(Pass::weight_gradient, Part::embedding, n, n, s * h);
  add_blocks(size.layers, h, a, tokens, tokens * a * s, meter);
  meter.add(Pass::forward, Part::pooling, n + b * h, n, b * h);
  meter.add(Pass::activation_gradient, Part::pooling, b * h, b * h, n);
  add_products({b, h, c}, meter);
  add_loss(b, c, meter);
  const double parameters =
      pixels * h + h + s * h + layers * (12 * h * h + 13 * h) + 2 * h + h * c + c;
  add_optimizer(parameters, clips, meter);
  return meter;
}

}  // namespace ohmlab::transformer
