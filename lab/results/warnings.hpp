#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "result.hpp"

namespace ohmlab::results {

/// Something that a reader of a result must know before its figures.
struct Warning {
  std::string figure;  ///< name of the figure that says so, e.g. "ir_drop_estimate"
  std::string text;    ///< one sentence
};

/// All warnings of a result; a function of its final figures alone, so that an old file warns as a
/// new one.
[[nodiscard]] std::vector<Warning> warnings_of(const Result& result);

/// Names of the figures that warnings are a function of.
[[nodiscard]] std::vector<std::string_view> warned_figures();

}  // namespace ohmlab::results
