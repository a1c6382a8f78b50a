#include "ohmlab/transformer/loss.hpp"

#include <array>
#include <cmath>

#include "tests/catch.hpp"

using namespace ohmlab;
using namespace ohmlab::transformer;

namespace {

template <class T>
MatrixOf<T> row_of(std::initializer_list<double> values) {
  MatrixOf<T> out(1, static_cast<Index>(values.size()));
  Index i = 0;
  for (const double v : values) out(0, i++) = static_cast<T>(v);
  return out;
}

}  // namespace

TEST_CASE("cross entropy is -ln of the softmax") {
  Meter meter;
  MatrixOf<double> logits = row_of<double>({0.3, -1.2, 2.5});
  const double z = std::exp(0.3) + std::exp(-1.2) + std::exp(2.5);
  const std::array<std::int32_t, 1> target{1};
  const Score score = cross_entropy(logits, std::span(target), meter);
  CHECK(score.nats == Approx(-std::log(std::exp(-1.2) / z)).epsilon(1e-14));
  CHECK(score.hits == 0);
  CHECK(score.targets == 1);
  CHECK(logits(0, 2) == Approx(std::exp(2.5) / z).epsilon(1e-14));
  cross_entropy_gradient(logits, std::span(target), 0.5, meter);
  CHECK(logits(0, 0) == Approx(0.5 * std::exp(0.3) / z).epsilon(1e-14));
  CHECK(logits(0, 1) == Approx(0.5 * (std::exp(-1.2) / z - 1)).epsilon(1e-14));
}

TEST_CASE("logits of any size give a finite loss") {
  Meter meter;
  for (const double large : {90.0, 1e4, 1e30}) {
    for (const std::int32_t chosen : {0, 1}) {
      MatrixOf<float> logits = row_of<float>({large, 0, -large});
      const std::array<std::int32_t, 1> target{chosen};
      const Score score = cross_entropy(logits, std::span(target), meter);
      CAPTURE(large, chosen);
      CHECK(score.nats == Approx(chosen == 0 ? 0 : large).epsilon(1e-6).margin(1e-12));
      CHECK(logits(0, 0) == 1.0F);
      CHECK(logits(0, 2) == 0.0F);
    }
  }
}

TEST_CASE("a constant added to all logits changes nothing") {
  Meter meter;
  const std::array<std::int32_t, 1> target{2};
  MatrixOf<double> a = row_of<double>({1, 2, 3}), b = row_of<double>({1001, 1002, 1003});
  CHECK(cross_entropy(a, std::span(target), meter).nats ==
        Approx(cross_entropy(b, std::span(target), meter).nats).epsilon(1e-12));
}
