#include "ohmlab/cost/sum_bits.hpp"

#include <cstdint>

#include "tests/catch.hpp"

using namespace ohmlab;

TEST_CASE("a sum has just as many bits as its largest value needs") {
  for (const int bits : {1, 4, 8, 9}) {
    for (const int tiles : {1, 2, 3, 4, 5, 16, 17}) {
      for (const int slices : {1, 2, 6}) {
        CAPTURE(bits, tiles, slices);
        // full scale of 2^bits values, in each tile and slice
        const auto largest = (std::int64_t{1} << bits) * tiles * ((std::int64_t{1} << slices) - 1);
        int expected = 0;
        while ((std::int64_t{1} << expected) < largest) ++expected;
        CHECK(cost::sum_bits(bits, tiles, slices) == expected);
      }
    }
  }
}

TEST_CASE(
    "effective bits that are no integer are rounded up, and no converter passes on words of 16") {
  CHECK(cost::sum_bits(6.3, 4) == 9);
  CHECK(cost::sum_bits(6.3, 1) == 7);
  CHECK(cost::sum_bits(0, 64) == 16);
}
