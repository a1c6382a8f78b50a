#pragma once

#include <cstdint>
#include <span>
#include <string>

#include "../core/fields.hpp"
#include "../core/matrix.hpp"
#include "annealing.hpp"

namespace ohmlab::ebm {

/// Examples to learn from and to score on.
struct Task {
  const core::Matrix& train;  ///< examples × units, in [0, 1]
  const core::Matrix& test;
  std::span<const std::uint8_t> train_labels,
      test_labels;          ///< one per example, below `classes`; or empty
  core::Index classes = 0;  ///< 0 if there are no labels
  bool binary = true;       ///< true if all numbers are 0 or 1

  /// Bits of one number of an example in main memory.
  [[nodiscard]] double input_bits() const noexcept { return binary ? 1 : 8; }
};

/// One-hot matrix with one row per label.
[[nodiscard]] core::Matrix one_hot(std::span<const std::uint8_t> labels, core::Index classes);

/// Interval and size of quality measurements.
struct Evaluation {
  std::int64_t every = 1;
  std::int64_t pseudo_examples = 500;
  Annealing ais;
  static constexpr auto fields = core::Fields{
      core::field("every", &Evaluation::every, "", core::at_least(0),
                  "epochs between evaluations; 0: at the end only"),
      core::field("pseudo_examples", &Evaluation::pseudo_examples, "", core::at_least(0),
                  "test examples the pseudo-likelihood is taken over; 0 leaves it out"),
      core::field("ais", &Evaluation::ais,
                  "annealed importance sampling at the end, for models too large to enumerate"),
  };
};

/// Share of examples in which each unit is on, (n_on + 1/2)/(n + 1): never 0 or 1, so that log-odds
/// exist.
[[nodiscard]] core::VectorD frequencies(const core::Matrix& examples);

/// Mean ln p of `examples` for independent units with these frequencies, which any model must beat.
[[nodiscard]] Estimate independent_units(const core::VectorD& frequency,
                                         const core::Matrix& examples);

}  // namespace ohmlab::ebm
