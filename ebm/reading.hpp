#pragma once

#include <cstdint>
#include <string_view>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/crossbar/array.hpp"

namespace ohmlab::ebm {

/// Which units of a bipartite model are computed from the other side.
enum class Side { visible, hidden };

/// One side's units for every example or chain of a batch: probabilities of being on, and states drawn from
/// them.
struct Activity {
  core::Matrix mean;   ///< batch × units, in [0, 1]; equal to `state` where the hardware gives no means
  core::Matrix state;  ///< batch × units, 0 or 1
};

/// Widths that the digital edge is billed at, in bits: of numbers kept, and of the random ones, which are
/// drawn that wide (core::uniform).
constexpr double edge_bits = 16, random_bits = 24;

/// A request to compute one side: reads the array, adds the biases, decides.
struct Reading {
  crossbar::Array& array;
  Side side;                      ///< the side that is computed
  const core::ConstRows& inputs;  ///< states of the other side, batch × units
  const core::ConstVector& bias;  ///< of the computed side
  core::Stream random;            ///< of the digital sampling
  std::uint64_t operation;
};

[[nodiscard]] inline core::Index units(const Reading& reading) noexcept {
  return reading.side == Side::hidden ? reading.array.cols() : reading.array.rows();
}

/// The component of the tally that a side's neurons post under.
[[nodiscard]] inline cost::Tally::Component neurons(const Reading& reading) {
  return reading.array.edge().tally().component(reading.side == Side::hidden ? "hidden neurons"
                                                                             : "visible neurons");
}

}  // namespace ohmlab::ebm
