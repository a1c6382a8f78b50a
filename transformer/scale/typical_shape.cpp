#include "typical_shape.hpp"

#include <algorithm>
#include <cmath>

namespace ohmlab::scale {

ModelShape typical_shape(double parameters, std::int64_t vocabulary, std::int64_t sequence) {
  constexpr double units_a_layer = 128;
  ModelShape out;
  out.vocabulary = vocabulary;
  out.sequence = sequence;
  const auto v = static_cast<double>(vocabulary);
  double width = std::cbrt(parameters * units_a_layer / 12);
  for (int i = 0; i < 50; ++i)
    width = std::cbrt(std::max(0.1, 1 - width * v / parameters) * parameters * units_a_layer / 12);
  const std::int64_t unit = parameters < 2e9 ? 128 : 1024;
  out.width = unit * std::max<std::int64_t>(1, std::llround(width / static_cast<double>(unit)));
  out.heads = out.width / 128;
  const double body = std::max(0.0, parameters - out.h() * v);
  out.layers = 2 * std::max<std::int64_t>(1, std::llround(body / (24 * out.h() * out.h())));
  return out;
}

}  // namespace ohmlab::scale
