#include "ohmlab/transformer/scale/typical_shape.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;

TEST_CASE("a typical shape has about the parameters that were asked for, and is valid") {
  for (const double wanted : {1.3e9, 7e9, 13e9, 70e9, 175e9, 405e9, 1e12, 10e12}) {
    CAPTURE(wanted);
    const scale::ModelShape shape = scale::typical_shape(wanted, 50257, 2048);
    CHECK(shape.problem().empty());
    CHECK(shape.parameters() == Approx(wanted).epsilon(0.05));
    CHECK(shape.layers % 2 == 0);
    CHECK(shape.h() / static_cast<double>(shape.layers) == Approx(128).epsilon(0.2));
  }
}

TEST_CASE("at 175 B the typical shape is that of GPT-3") {
  const scale::ModelShape shape = scale::typical_shape(175e9, 50257, 2048);
  CHECK(shape.layers == 96);
  CHECK(shape.width == 12288);
  CHECK(shape.heads == 96);
}
