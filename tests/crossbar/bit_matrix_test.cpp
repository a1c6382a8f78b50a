#include "ohmlab/crossbar/bit_matrix.hpp"

#include <bit>
#include <cstring>

#include "ohmlab/core/rng.hpp"

#include "tests/catch.hpp"

using namespace ohmlab;

namespace {

std::uint64_t word(std::uint32_t number) {
  const auto words =
      core::random_block(core::stream(1, core::StreamId::data), number, 0, std::uint32_t{0});
  return std::uint64_t{words[0]} << 32 | words[1];
}

}  // namespace

TEST_CASE("transposing exchanges the rows and columns of a matrix of bits") {
  std::uint64_t before[64], after[64];
  for (std::uint32_t i = 0; i < 64; ++i) before[i] = word(i);
  crossbar::BitMatrix m;
  std::memcpy(&m, before, sizeof m);
  crossbar::transpose(m);
  std::memcpy(after, &m, sizeof m);
  int wrong = 0;
  for (int i = 0; i < 64; ++i) {
    for (int j = 0; j < 64; ++j) wrong += (before[i] >> j & 1) != (after[j] >> i & 1);
  }
  CHECK(wrong == 0);
}

TEST_CASE("compressing gathers the chosen bits in their order, and bits are counted") {
  for (std::uint32_t n = 0; n < 400; n += 8) {
    crossbar::Words8 x{}, mask{};
    for (std::uint32_t l = 0; l < 8; ++l) {
      x[l] = word(n + l);
      mask[l] = n == 0   ? ~std::uint64_t{0}
                : n == 8 ? 0
                         : word(1000 + n + l) & word(2000 + n / 16 + l);
    }
    const crossbar::Words8 got = crossbar::compress(x, mask), counts = crossbar::bit_count(mask);
    for (int l = 0; l < 8; ++l) {
      std::uint64_t expected = 0;
      int at = 0;
      for (int bit = 0; bit < 64; ++bit) {
        if ((mask[l] >> bit & 1) == 0) continue;
        expected |= (x[l] >> bit & 1) << at;
        ++at;
      }
      CHECK(got[l] == expected);
      CHECK(counts[l] == static_cast<std::uint64_t>(at));
    }
  }
}
