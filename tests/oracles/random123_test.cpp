// The generator's own authors as the oracle: Random123, and the known answers they publish with it.

#include <array>
#include <cstdint>
#include <random>

#include <Random123/threefry.h>

#include "ohmlab/core/rng.hpp"

#include "tests/catch.hpp"

using namespace ohmlab::core;

namespace {

using Four = std::array<std::uint32_t, 4>;

Four ours(const Four& counter, const Four& key) {
  const auto x = threefry<std::uint32_t>({counter[0], counter[1], counter[2], counter[3]},
                                         {key[0], key[1], key[2], key[3]});
  return {x[0], x[1], x[2], x[3]};
}

Four theirs(const Four& counter, const Four& key) {
  const threefry4x32_ctr_t x = threefry4x32_R(
      20, {{counter[0], counter[1], counter[2], counter[3]}}, {{key[0], key[1], key[2], key[3]}});
  return {x.v[0], x.v[1], x.v[2], x.v[3]};
}

}  // namespace

TEST_CASE("Threefry4x32-20 gives the published known answers") {
  struct Known {
    Four counter, key, answer;
  };
  constexpr std::uint32_t ones = 0xffffffff;
  const std::array<Known, 3> known = {{
      {{0, 0, 0, 0}, {0, 0, 0, 0}, {0x9c6ca96a, 0xe17eae66, 0xfc10ecd4, 0x5256a7d8}},
      {{ones, ones, ones, ones},
       {ones, ones, ones, ones},
       {0x2a881696, 0x57012287, 0xf6c7446e, 0xa16a6732}},
      {{0x243f6a88, 0x85a308d3, 0x13198a2e, 0x03707344},
       {0xa4093822, 0x299f31d0, 0x082efa98, 0xec4e6c89},
       {0x59cd1dbb, 0xb8879579, 0x86b5d00c, 0xac8b6d84}},
  }};
  for (const auto& [counter, key, answer] : known) {
    CHECK(ours(counter, key) == answer);
    CHECK(theirs(counter, key) == answer);
  }
}

TEST_CASE("Threefry4x32-20 equals Random123 on random keys and counters") {
  std::mt19937 any(1);
  const auto word = [&any] { return static_cast<std::uint32_t>(any()); };
  const auto four = [&word] { return Four{word(), word(), word(), word()}; };
  int different = 0;
  for (int i = 0; i < 200'000; ++i) {
    const Four counter = four(), key = four();
    different += ours(counter, key) != theirs(counter, key);
  }
  CHECK(different == 0);
}

TEST_CASE("a draw's key and counter are laid out as documented") {
  const Stream s{.seed = 0x1111111122222222, .id = 0x33333333, .layer = 0x44444444};
  const auto x = random_block(s, 0x55555555U, 0x6666666677777777, 0x88888888U);
  const Four expected = theirs({0x55555555, 0x88888888, 0x77777777, 0x66666666},
                               {0x22222222, 0x11111111, 0x33333333, 0x44444444});
  CHECK(Four{x[0], x[1], x[2], x[3]} == expected);
}
