#pragma once

#include <cstdint>

/// Checksums of the bits of a million normals and as many logistics, exponentials and logarithms,
/// by the same source compiled for several instruction sets. CAUTION: the CPU must have the set.
namespace ohmlab::tests {

std::uint64_t bits_on_sse2() noexcept;
std::uint64_t bits_on_avx2() noexcept;
std::uint64_t bits_on_avx512() noexcept;

}  // namespace ohmlab::tests
