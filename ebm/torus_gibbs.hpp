#pragma once

#include <array>
#include <cstdint>
#include <span>
#include <vector>

#include "../core/archive.hpp"
#include "../core/matrix.hpp"
#include "../core/streams.hpp"

namespace ohmlab::ebm {

/// Law of spins s of ±1 on a torus whose couplings have one size:
/// p(s) ∝ exp(K Σ ±s_i s_j + field Σ s_i), summed over neighbours.
struct TorusLaw {
  core::Index height = 4, width = 4;  ///< both even and at least 4
  double K = 0;                       ///< inverse temperature times coupling; may be negative
  double field = 0;                   ///< inverse temperature times field
  /// One per site, row by row: true if the coupling with the site to the right, or below, is -K.
  /// Empty: none is.
  std::vector<std::uint8_t> minus_right, minus_below;

  [[nodiscard]] core::Index sites() const noexcept { return height * width; }
  /// P(s = 1) times 2^32, rounded, at most 2^32 - 1, for 0 to 4 neighbours that pull up.
  [[nodiscard]] std::array<std::uint32_t, 5> thresholds(double inv_temp) const;
};

/// Block Gibbs sampling of a torus by checkerboard colour, many spins a word (multi-spin coding:
/// Creutz, Bhanot & Neuberger, Phys. Rev. B 33, 7841 (1986); Preis et al., J. Comput. Phys. 228,
/// 4468 (2009)).
///
/// A spin is 1 with one of five probabilities. Its random number has 32 bits and is compared with
/// the threshold bit by bit, the highest first, until all spins of 16 words are decided. So about
/// 12 random bits are drawn for a spin in place of 32, and the law is that of all 32.
///
/// Random numbers: spin number 32 w + i of its colour (spins of a row fill whole words, chain after
/// chain) has, as bit b from the top, bit i of word b mod 4 of block b / 4 of cell w, of the stream
/// neuron_visible of the colour in the operation of the sweep's number.
class TorusGibbs {
 public:
  /// Spins start at random, up or down with equal odds.
  TorusGibbs(TorusLaw law, core::Index chains, std::uint64_t seed);

  /// Draws the sites of even row + column of all chains, then the others.
  /// \param inv_temp  factor on K and field
  void sweep(double inv_temp = 1);

  /// Spins as bits, 1 for up: chains × sites, row by row.
  void spins(std::span<std::uint8_t> out) const;

  [[nodiscard]] core::Index chains() const noexcept { return chains_; }
  [[nodiscard]] const TorusLaw& law() const noexcept { return law_; }
  void state(core::Archive& archive);

 private:
  using Words = std::vector<std::uint32_t>;
  void draw(std::size_t colour, const std::array<std::uint32_t, 5>& thresholds);
  void find_signs();
  /// True if the sites of a colour in a row have even columns.
  [[nodiscard]] static bool even(core::Index row, std::size_t colour) noexcept {
    return (row + static_cast<core::Index>(colour)) % 2 == 0;
  }

  TorusLaw law_;
  core::Index chains_, words_;  ///< words of a row of one colour
  std::uint32_t last_;          ///< bits that are spins in the last word of a row
  std::uint64_t seed_, sweeps_ = 0;
  std::array<Words, 2> spins_;  ///< by colour: chain × row × word
  /// By colour and neighbour (above, below, same place in the row, other place): row × word of
  /// spins that the neighbour pushes the other way; empty if there are none.
  std::array<std::array<Words, 4>, 2> minus_;
};

}  // namespace ohmlab::ebm
