#pragma once

#include <string>
#include <vector>

#include "verdict.hpp"

namespace ohmlab::verdict {

/// Amount with three digits and a prefix, e.g. "1.23 mJ".
[[nodiscard]] std::string amount(double value, const std::string& unit);

/// The screen: at most 25 lines of at most 100 columns, the least flattering answer first.
[[nodiscard]] std::vector<std::string> report(const Verdict& verdict);

/// All levels with all machines, all causes and all refusals.
[[nodiscard]] std::vector<std::string> full_report(const Verdict& verdict);

}  // namespace ohmlab::verdict
