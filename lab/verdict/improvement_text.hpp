#pragma once

#include <string>
#include <vector>

#include "verdict.hpp"

/// Words on what would have to improve.
namespace ohmlab::verdict {

/// Lines of the screen: the smallest single change, and the smallest joint one.
[[nodiscard]] std::vector<std::string> improvement_lines(const Verdict& verdict);

/// One line for each lever, with its limit and the source of the limit.
[[nodiscard]] std::vector<std::string> improvement_table(const Verdict& verdict);

}  // namespace ohmlab::verdict
