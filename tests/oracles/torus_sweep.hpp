#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "ohmlab/core/rng.hpp"
#include "ohmlab/ebm/torus_gibbs.hpp"

namespace ohmlab::tests {

/// The specification of `ebm::TorusGibbs`: one spin after the other, each by one random number.
/// spins: chains × sites, 1 for up
inline void torus_sweep(const ebm::TorusLaw& law, core::Index chains, std::uint64_t seed,
                        std::uint64_t sweep, std::vector<std::uint8_t>& spins) {
  const core::Index height = law.height, width = law.width;
  const std::array<std::uint32_t, 5> thresholds = law.thresholds(1);
  const core::Index words = (width / 2 + 31) / 32;  // of a row of one colour
  for (std::uint32_t colour = 0; colour < 2; ++colour) {
    const core::Stream stream = core::stream(seed, core::StreamId::neuron_visible, colour);
    for (core::Index chain = 0; chain < chains; ++chain) {
      for (core::Index row = 0; row < height; ++row) {
        for (core::Index col = 0; col < width; ++col) {
          if ((row + col) % 2 != colour) continue;
          const auto site = [&](core::Index r, core::Index c) {
            return static_cast<std::size_t>((r + height) % height * width + (c + width) % width);
          };
          const auto spin = [&](core::Index r, core::Index c) -> std::uint8_t& {
            return spins[static_cast<std::size_t>(chain * height * width) + site(r, c)];
          };
          const auto minus = [&](const std::vector<std::uint8_t>& of, core::Index r,
                                 core::Index c) { return of.empty() ? 0 : of[site(r, c)]; };
          const int up = (spin(row - 1, col) ^ minus(law.minus_below, row - 1, col)) +
                         (spin(row + 1, col) ^ minus(law.minus_below, row, col)) +
                         (spin(row, col - 1) ^ minus(law.minus_right, row, col - 1)) +
                         (spin(row, col + 1) ^ minus(law.minus_right, row, col));
          const core::Index place = col / 2;
          const auto cell = static_cast<std::uint32_t>((chain * height + row) * words + place / 32);
          std::uint32_t random = 0;
          for (std::uint32_t bit = 0; bit < 32; ++bit) {
            const auto block = core::random_block<std::uint32_t>(stream, cell, sweep, bit / 4);
            random = random << 1 | (block[static_cast<int>(bit % 4)] >> (place % 32) & 1U);
          }
          spin(row, col) = random < thresholds[static_cast<std::size_t>(up)];
        }
      }
    }
  }
}

}  // namespace ohmlab::tests
