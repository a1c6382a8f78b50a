#pragma once

namespace ohmlab::ebm {

/// Bits billed at the digital edge: of stored numbers, and of random numbers as `core::uniform`
/// draws them.
constexpr double edge_bits = 16, random_bits = 24;

}  // namespace ohmlab::ebm
