#pragma once

#include <string_view>

#include "ohmlab/lab/experiments/learning.hpp"
#include "ohmlab/lab/results/checkpoint.hpp"
#include "ohmlab/lab/results/progress.hpp"
#include "ohmlab/lab/results/result.hpp"

namespace ohmlab::experiments {

/// Learning in place: every weight change goes through the array.
struct Train : Learning {
  static constexpr std::string_view name = "train";
  static constexpr std::string_view summary =
      "Trains a model in place: every weight change goes through the array.";

  /// \throws core::UserError if the model cannot learn these examples
  [[nodiscard]] results::Result run(const io::Dataset& examples, results::Progress& progress,
                                    results::Checkpoint checkpoint = {}) const;
};

}  // namespace ohmlab::experiments
