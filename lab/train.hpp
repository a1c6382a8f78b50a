#pragma once

#include <string_view>

#include "ohmlab/lab/checkpoint.hpp"
#include "ohmlab/lab/learning.hpp"
#include "ohmlab/lab/progress.hpp"
#include "ohmlab/lab/result.hpp"

namespace ohmlab::lab {

/// Learning in place: every weight change goes through the array.
struct Train : Learning {
  static constexpr std::string_view name = "train";
  static constexpr std::string_view summary =
      "Trains a model in place: every weight change goes through the array.";

  /// \throws core::UserError if the model cannot learn these examples
  [[nodiscard]] Result run(const io::Dataset& examples, Progress& progress, Checkpoint checkpoint = {}) const;
};

}  // namespace ohmlab::lab
