#include "ohmlab/transformer/closed_form.hpp"

namespace ohmlab::transformer {
namespace {

/// Products of n tokens with weights of w numbers, of which b are biases as well.
struct Products {
  double tokens, in, out;
  bool biased = true, goes_back = true;
};

void add_products(const Products& p, double times, Meter& meter) {
  const double flops = times * 2 * p.tokens * p.in * p.out, in = times * p.tokens * p.in,
               out = times * p.tokens * p.out, weights = times * p.in * p.out,
               biases = p.biased ? times * p.out : 0;
  meter.add(Pass::forward, Part::linear, flops, in + weights + biases, out);
  meter.add(Pass::weight_gradient, Part::linear, flops, in + out, weights + biases);
  if (p.goes_back) meter.add(Pass::activation_gradient, Part::linear, flops, out + weights, in);
  if (!p.biased) return;
  meter.add(Pass::forward, Part::bias, out, 0, 0);
  meter.add(Pass::weight_gradient, Part::bias, out, 0, 0);
}

void add_norm(double tokens, double width, double times, Meter& meter) {
  const double n = tokens * width;
  meter.add(Pass::forward, Part::layer_norm, times * 9 * n, times * (n + 2 * width),
            times * (n + 2 * tokens));
  meter.add(Pass::activation_gradient, Part::layer_norm, times * 14 * n, times * (2 * n + 2 * tokens + width),
            times * n);
  meter.add(Pass::weight_gradient, Part::layer_norm, times * 7 * n, times * (2 * n + 2 * tokens),
            times * 2 * width);
}

/// All blocks and the norm behind them.
void add_blocks(double layers, double width, double heads, double tokens, double pairs, Meter& meter) {
  const double n = tokens * width;
  for (const auto& [in, out] : {std::pair{1.0, 3.0}, {1.0, 1.0}, {1.0, 4.0}, {4.0, 1.0}}) {
    add_products({tokens, in * width, out * width}, layers, meter);
  }
  add_norm(tokens, width, 2 * layers + 1, meter);
  const double products = pairs * width / heads;
  meter.add(Pass::forward, Part::attention, layers * 4 * products, layers * (3 * n + pairs),
            layers * (n + pairs));
  meter.add(Pass::activation_gradient, Part::attention, layers * 8 * products, layers * (5 * n + 3 * pairs),
            layers * (3 * n + pairs));
  meter.add(Pass::forward, Part::softmax, layers * 6 * pairs, layers * pairs, layers * pairs);
  meter.add(Pass::activation_gradient, Part::softmax, layers * 5 * pairs, layers * 2 * pairs, layers * pairs);
  meter.add(Pass::forward, Part::gelu, layers * 9 * 4 * n, layers * 4 * n, layers * 8 * n);
  meter.add(Pass::activation_gradient, Part::gelu, layers * 12 * 4 * n, layers * 12 * n, layers * 4 * n);
  for (const Pass pass : {Pass::forward, Pass::activation_gradient}) {
    meter.add(pass, Part::residual, layers * 2 * n, layers * 4 * n, layers * 2 * n);
  }
}

void add_loss(double rows, double classes, Meter& meter) {
  const double all = rows * classes;
  meter.add(Pass::forward, Part::loss, 5 * all + 2 * rows, all + rows, all + rows);
  meter.add(Pass::activation_gradient, Part::loss, all + rows, all + rows, all);
}

void add_optimizer(double parameters, bool clips, Meter& meter) {
  meter.add(Pass::update, Part::optimizer, (clips ? 16 : 13) * parameters, (clips ? 5 : 4) * parameters,
            3 * parameters);
}

}  // namespace

Meter decoder_update(const DecoderShape& shape, std::int64_t heads, std::int64_t sequences, bool clips) {
  const auto s = static_cast<double>(shape.context), h = static_cast<double>(shape.width),
             v = static_cast<double>(shape.vocabulary), a = static_cast<double>(heads),
             tokens = static_cast<double>(sequences) * s, n = tokens * h;
  Meter meter;
  meter.add(Pass::forward, Part::embedding, n, tokens + 2 * n, n);
  meter.add(Pass::weight_gradient, Part::embedding, 2 * n, tokens + 2 * n, n + s * h);
  add_blocks(static_cast<double>(shape.layers), h, a, tokens, tokens * a * (s + 1) / 2, meter);
  add_products({tokens, h, v, false}, 1, meter);
  add_loss(tokens, v, meter);
  add_optimizer(shape.parameters(), clips, meter);
  return meter;
}

Meter encoder_update(const Size& size, const Patches& patches, std::int64_t classes, std::int64_t images,
                     bool clips) {
  const auto s = static_cast<double>(patches.count()), h = static_cast<double>(size.width),
             a = static_cast<double>(size.heads), c = static_cast<double>(classes),
             layers = static_cast<double>(size.layers), b = static_cast<double>(images), tokens = b * s,
             n = tokens * h, pixels = static_cast<double>(patches.pixels());
  Meter meter;
  add_products({tokens, pixels, h, true, false}, 1, meter);
  meter.add(Pass::forward, Part::embedding, n, 2 * n, n);
  meter.add(Pass::weight_gradient, Part::embedding, n, n, s * h);
  add_blocks(layers, h, a, tokens, tokens * a * s, meter);
  meter.add(Pass::forward, Part::pooling, n + b * h, n, b * h);
  meter.add(Pass::activation_gradient, Part::pooling, b * h, b * h, n);
  add_products({b, h, c}, 1, meter);
  add_loss(b, c, meter);
  const double parameters = pixels * h + h + s * h + layers * (12 * h * h + 13 * h) + 2 * h + h * c + c;
  add_optimizer(parameters, clips, meter);
  return meter;
}

}  // namespace ohmlab::transformer
