#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "../../core/matrix.hpp"

namespace ohmlab::ebm {

/// Coupling of two units.
struct Coupling {
  core::Index a = 0, b = 0;
  double weight = 0;  ///< in logits
};

/// A known Boltzmann law of units of 0 or 1, p(s) ∝ exp(-E(s)) with
/// E(s) = -Σ b_i s_i - Σ_edges W_ab s_a s_b in nats, and the turn in which a sweep draws each unit.
struct PairLaw {
  core::VectorD bias;              ///< b, one per unit, in logits
  std::vector<Coupling> edges;     ///< each pair once
  std::vector<std::int32_t> turn;  ///< of each unit: its place in a sweep

  [[nodiscard]] core::Index units() const noexcept { return bias.size(); }
  /// E of one state, in nats. bits: one per unit
  [[nodiscard]] double energy(std::span<const std::uint8_t> bits) const;
};

/// Successive draws of several chains. Bit (draw · chains + chain) · units + unit is 0 or 1.
struct Draws {
  core::Index chains = 0, units = 0;
  std::vector<std::uint8_t> before;  ///< states before the last sweep of each draw
  std::vector<std::uint8_t> after;   ///< states after it

  [[nodiscard]] core::Index draws() const noexcept {
    return static_cast<core::Index>(after.size()) / (chains * units);
  }
  /// State after a sweep: one bit per unit.
  [[nodiscard]] std::span<const std::uint8_t> state(core::Index draw, core::Index chain) const {
    return std::span(after).subspan(static_cast<std::size_t>((draw * chains + chain) * units),
                                    static_cast<std::size_t>(units));
  }
};

/// Fields of units in logits, and their bits, in the order of `Draws`.
struct Pairs {
  core::Index draws = 0, chains = 0, units = 0;
  std::vector<float> fields;
  std::vector<std::uint8_t> bits;
};

/// Each bit with the field it was drawn from: units of earlier turns after the sweep, units of the
/// same and of later turns before it. In a correct sampler bits are independent given these fields.
[[nodiscard]] Pairs pairs_at_drawing(const PairLaw& law, const Draws& draws);

/// Each bit with the field of all others in the same state. They test the joint law. Units of the
/// last turn obey their conditionals here by construction, before any mixing.
[[nodiscard]] Pairs pairs_at_rest(const PairLaw& law, const Draws& draws);

/// Largest number of units whose states are counted one by one.
constexpr core::Index countable_units = 20;

/// Probability of every state; unit i is bit i of its number. \pre at most `countable_units` units
[[nodiscard]] core::VectorD probabilities(const PairLaw& law);

/// Number of times that each state was drawn. \pre at most `countable_units` units
[[nodiscard]] core::VectorD counts_of(const Draws& draws);

/// Exact ln Z and mean energy, both in nats.
struct ExactMoments {
  double log_z = 0, mean_energy = 0;
};

/// Largest number of units in a table of `summed`: 2^18 pairs of numbers.
constexpr std::size_t frontier_units = 18;

/// Exact moments by summing over units in a given order: the transfer matrix of a strip, built site
/// by site, for any couplings and biases. A table over the units that still have neighbours to come
/// is kept with its derivative by the inverse temperature. None if it needs over `frontier_units`.
///
/// Elimination of variables: Dechter, Artif. Intell. 113, 41 (1999).
/// \param order  all units; along the narrow side of a strip first
[[nodiscard]] std::optional<ExactMoments> summed(const PairLaw& law,
                                                 std::span<const core::Index> order);

/// Least energy of any state in nats, by the same elimination with the least energy in the place of
/// the sum. None if it needs a table over more than `frontier_units`.
[[nodiscard]] std::optional<double> ground_energy(const PairLaw& law,
                                                  std::span<const core::Index> order);

}  // namespace ohmlab::ebm
