#pragma once

#include <string_view>

#include "../results/checkpoint.hpp"
#include "../results/progress.hpp"
#include "../results/result.hpp"
#include "learning.hpp"

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
