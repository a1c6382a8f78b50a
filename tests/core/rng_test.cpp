#include "ohmlab/core/rng.hpp"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <map>
#include <vector>

#include "tests/catch.hpp"
#include "tests/core/isa_bits.hpp"
#include "tests/oracles/statistics.hpp"

using namespace ohmlab::core;

namespace {

const Stream some_stream = stream(0x0123456789abcdef, StreamId::pulse_noise, 7);
constexpr std::uint64_t some_op = 0x1122334455667788;

std::uint32_t bits(std::uint32_t x) { return x; }
std::uint32_t bits(float x) { return std::bit_cast<std::uint32_t>(x); }

/// FNV-1a over 32-bit words.
template <class T>
std::uint64_t checksum(const std::vector<T>& values) {
  std::uint64_t hash = 0xcbf29ce484222325;
  for (const T x : values) hash = (hash ^ bits(x)) * 0x100000001b3;
  return hash;
}

/// The definition of a fill, element by element.
Block<std::uint32_t> words_of_element(const Stream& s, std::uint64_t op, std::uint64_t i) {
  return random_block(s, static_cast<std::uint32_t>((i / 64) * 16 + i % 16), op, 0U);
}

}  // namespace

TEST_CASE("sixteen lanes draw the bits of sixteen scalar draws") {
  int different = 0;
  for (std::uint32_t round = 0; round < 2000; ++round) {
    const Block<std::uint32_t> any = random_block(stream(5, StreamId::data), round, 0, 0U);
    const Stream s{.seed = std::uint64_t{any[0]} << 32 | any[1], .id = any[2], .layer = round};
    const std::uint64_t op = std::uint64_t{any[3]} << 32 | any[0];
    const U16 cell = lane_index<U16>() * any[1] + any[2];
    const U16 block = lane_index<U16>() + round;
    const Block<U16> words = random_block(s, cell, op, block);
    const Block<F16> z = normals(words);
    for (int lane = 0; lane < 16; ++lane) {
      const auto expected =
          random_block(s, std::uint32_t{cell[lane]}, op, std::uint32_t{block[lane]});
      const auto expected_z = normals(expected);
      for (int k = 0; k < 4; ++k) {
        const std::uint32_t word = expected[k];
        different += words[k][lane] != word || bits(z[k][lane]) != bits(expected_z[k]) ||
                     bits(uniform(words[k])[lane]) != bits(uniform(word)) ||
                     bits(uniform_open(words[k])[lane]) != bits(uniform_open(word));
      }
    }
  }
  CHECK(different == 0);
}

TEST_CASE("random numbers have the same bits on every instruction set and compiler") {
  const auto words = random_block(some_stream, 12345U, some_op, 6U);
  const auto z = normals(words);
  const std::array<std::uint32_t, 4> golden_words = {0xf0361598, 0xcf85b6e4, 0x90dd8187,
                                                     0x2eb1f32f};
  const std::array<float, 4> golden_normals = {-0x1.0fb6f2p-3f, -0x1.532ea4p-2f, 0x1.f1d27cp-1f,
                                               -0x1.c2487p-2f};
  for (int k = 0; k < 4; ++k) {
    CHECK(words[k] == golden_words[static_cast<std::size_t>(k)]);
    CHECK(z[k] == golden_normals[static_cast<std::size_t>(k)]);
  }
  CHECK(uniform(words[0]) == 0x1.e06c2ap-1f);
  CHECK(uniform_open(words[0]) == 0x1.e06c2cp-1f);
  CHECK(uniform_double(words[0], words[1]) == 0x1.e06c2b319f0b6p-1);

  std::vector<std::uint32_t> many_words(1'000'000);
  std::vector<float> many(1'000'000);
  fill_words(some_stream, some_op, 0, many_words);
  CHECK(checksum(many_words) == 0x5a8e6dc586bb5351);
  fill_uniform(some_stream, some_op, 0, many);
  CHECK(checksum(many) == 0x213e04d50ae9264d);
  fill_normal(some_stream, some_op, 0, many);
  CHECK(checksum(many) == 0x9db85ea7e8fe2bb6);

  CHECK(permutation(some_stream, some_op, 12) ==
        std::vector<std::uint32_t>{3, 10, 8, 4, 9, 2, 11, 5, 6, 1, 0, 7});
}

#ifdef OHMLAB_ISA_TEST
TEST_CASE("SSE2, AVX2 and AVX-512 code give the same normals and elementary functions") {
  const std::uint64_t expected = ohmlab::tests::bits_on_sse2();
  CHECK(expected == 0x82af49884cfdf41a);
  if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("bmi2")) {
    CHECK(ohmlab::tests::bits_on_avx2() == expected);
  }
  if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512bw") &&
      __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512vl")) {
    CHECK(ohmlab::tests::bits_on_avx512() == expected);
  }
}
#endif

TEST_CASE("an element of a fill is defined by its index alone") {
  // The second start lies beyond 2^32 elements, where cells of 32 bits still count on.
  for (const std::uint64_t start : {std::uint64_t{0}, (std::uint64_t{1} << 33) - 77}) {
    std::vector<std::uint32_t> words(500);
    std::vector<float> uniforms(500), z(500);
    fill_words(some_stream, 3, start, words);
    fill_uniform(some_stream, 3, start, uniforms);
    fill_normal(some_stream, 3, start, z);
    int different = 0;
    for (std::size_t i = 0; i < words.size(); ++i) {
      const std::uint64_t element = start + i;
      const int k = static_cast<int>((element / 16) % 4);
      const auto expected = words_of_element(some_stream, 3, element);
      different += words[i] != expected[k] || bits(uniforms[i]) != bits(uniform(expected[k])) ||
                   bits(z[i]) != bits(normals(expected)[k]);
    }
    CHECK(different == 0);
  }
}

TEST_CASE("a fill in slices of any size equals the fill in one piece") {
  std::vector<float> whole(5000), pieces(5000);
  fill_normal(some_stream, 4, 1000, whole);
  for (std::uint32_t round = 0; round < 200; ++round) {
    std::fill(pieces.begin(), pieces.end(), 0.0f);
    std::size_t done = 0;
    for (std::uint32_t slice = 0; done < pieces.size(); ++slice) {
      const std::size_t size = random_below(stream(6, StreamId::data), slice, round, 200);
      const std::size_t end = std::min(pieces.size(), done + size);
      fill_normal(some_stream, 4, 1000 + done, std::span(pieces).subspan(done, end - done));
      done = end;
    }
    REQUIRE(checksum(pieces) == checksum(whole));
  }
}

TEST_CASE("the open uniform is rounded correctly and never 0 or 1") {
  std::vector<std::uint32_t> words = {0,          1,          2,          0x00ffffff,
                                      0x01000000, 0x01000001, 0x7fffffff, 0x80000000};
  for (std::uint32_t i = 0; i < 1024; ++i) words.push_back(0xffffffff - i);
  for (std::uint32_t i = 0; i < 200'000; ++i) {
    const auto random = random_block(stream(8, StreamId::data), i, 0, 0U);
    words.push_back(random[0]);
    words.push_back(random[1] >> (random[2] % 32));
  }
  int wrong = 0;
  for (const std::uint32_t word : words) {
    const auto rounded = static_cast<float>((static_cast<double>(word) + 0.5) * 0x1p-32);
    wrong += uniform_positive(word) != rounded ||
             uniform_open(word) != std::min(rounded, 0x1.fffffep-1f);
  }
  CHECK(wrong == 0);
  CHECK(uniform_open(0U) == 0x1p-33f);
  CHECK(uniform_open(0xffffffffU) < 1.0f);
  CHECK(uniform(0U) == 0.0f);
  CHECK(uniform(0xffffffffU) == 1.0f - 0x1p-24f);
  CHECK(uniform_double(0, 0) == 0.0);
  CHECK(uniform_double(0xffffffff, 0xffffffff) == 1.0 - 0x1p-53);
}

TEST_CASE("bounded integers are uniform where most words must be rejected or none") {
  for (const std::uint32_t bound : {1U, 3U, 10U, 0x80000000U, 0xc0000000U, 0xffffffffU}) {
    constexpr std::uint32_t parts = 3, draws = 60'000;
    std::vector<double> counts(parts, 0.0), expected(parts, 1.0 / parts);
    for (std::uint32_t cell = 0; cell < draws; ++cell) {
      const std::uint32_t x = random_below(some_stream, cell, 11, bound);
      REQUIRE(x < bound);
      counts[static_cast<std::size_t>(std::uint64_t{x} * parts / bound)] += 1;
    }
    if (bound == 1) continue;
    if (bound == 10) expected = {0.4, 0.3, 0.3};
    CHECK(ohmlab::tests::chi_square_deviate(counts, expected) < ohmlab::tests::one_in_a_million);
  }
}

TEST_CASE("a permutation holds every index once, and every order comes equally often") {
  CHECK(permutation(some_stream, 0, 0).empty());
  CHECK(permutation(some_stream, 0, 1) == std::vector<std::uint32_t>{0});
  std::vector<std::uint32_t> sorted = permutation(some_stream, 0, 10'000);
  std::sort(sorted.begin(), sorted.end());
  for (std::uint32_t i = 0; i < sorted.size(); ++i) REQUIRE(sorted[i] == i);

  std::map<std::vector<std::uint32_t>, double> seen;
  for (std::uint64_t op = 0; op < 24'000; ++op) seen[permutation(some_stream, op, 4)] += 1;
  REQUIRE(seen.size() == 24);
  std::vector<double> counts;
  for (const auto& [order, count] : seen) counts.push_back(count);
  CHECK(ohmlab::tests::chi_square_deviate(counts, std::vector<double>(24, 1.0 / 24)) <
        ohmlab::tests::one_in_a_million);
}
