#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "result.hpp"

namespace ohmlab::results {

/// A fact that a reader of a result must know before its figures.
struct Warning {
  std::string figure;  ///< name of the figure that raises it, e.g. "ir_drop_estimate"
  std::string text;    ///< one sentence
};

/// All warnings of a result, from its final figures alone: an old file warns like a new one.
[[nodiscard]] std::vector<Warning> warnings_of(const Result& result);

/// Names of the figures that warnings depend on.
[[nodiscard]] std::vector<std::string_view> warned_figures();

}  // namespace ohmlab::results
