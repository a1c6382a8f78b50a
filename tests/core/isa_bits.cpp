// Compiled once per instruction set, each time with another name for the one function.
// CAUTION: nothing here may come from the standard library: the linker might keep this file's copy
// for all.

#include "tests/core/isa_bits.hpp"

#include "ohmlab/core/rng.hpp"

namespace ohmlab::tests {

namespace {

OHMLAB_INLINE std::uint64_t with(std::uint64_t hash, core::F16 values) noexcept {
  std::uint32_t bits[16];
  core::store(bits, core::bits_as<core::U16>(values));
  for (const std::uint32_t word : bits) hash = (hash ^ word) * 0x100000001b3;
  return hash;
}

}  // namespace

std::uint64_t OHMLAB_ISA_FUNCTION() noexcept {
  const core::Stream stream = core::stream(1, core::StreamId::data);
  std::uint64_t hash = 0xcbf29ce484222325;
  for (std::uint32_t first = 0; first < 250'000; first += 16) {
    const auto words = core::random_block(stream, core::lane_index<core::U16>() + first, 0, 0U);
    const auto z = core::normals(words);
    for (int k = 0; k < 4; ++k) {
      hash = with(hash, z[k]);
      hash = with(hash, core::logistic(core::F16(z[k] * 20.0f)));
      hash = with(hash, core::exp(core::F16(z[k] * 20.0f)));
      hash = with(hash, core::log(core::uniform_open(words[k])));
    }
  }
  return hash;
}

}  // namespace ohmlab::tests
